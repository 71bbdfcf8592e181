import { execFile } from "node:child_process";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeEach, describe, expect, it } from "vitest";
import { isolation } from "../../../../local/runtime/jobs/index.ts";
import { watchPath } from "../../../../local/runtime/jobs/watch-path.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const run = promisify(execFile);
let folder: string;

beforeEach(() => {
  folder = temporaryFolder("watch");
});

/** A user who may watch nothing, as one whose editors have taken all watches there are. */
const WITHOUT_WATCHES = ["-Ur", "sh", "-c", 'echo 0 > /proc/sys/user/max_inotify_watches && exec "$@"', "sh"];

describe("watchPath", () => {
  it("looks when the file changes, and no more once it is told so", async () => {
    const file = join(folder, "log");
    writeFileSync(file, "");
    const { promise, resolve } = Promise.withResolvers<void>();
    const unwatch = watchPath(file, resolve);
    appendFileSync(file, "line\n");
    await promise;
    unwatch();
  });

  it("looks at a path that is not there yet", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const unwatch = watchPath(join(folder, "later"), resolve);
    await promise;
    unwatch();
  });
});

describe.skipIf((await isolation(temporaryFolder("probe"))) !== "namespace")(
  "where the system has no watch left",
  () => {
    it("a job's end and its log are seen nevertheless", async () => {
      const module = new URL("../../../../local/runtime/jobs/index.ts", import.meta.url).href;
      const [control, logFile] = [join(folder, "control"), join(folder, "log")];
      const command = ["sh", "-c", "echo first; until [ -e go ]; do sleep 0.01; done; echo last; exit 3"];
      const spec = { control, logFile, command, environment: { PATH: process.env.PATH }, workingDirectory: folder };
      const program = `
      import { watch, writeFileSync } from "node:fs";
      import { attachSupervised, followLog, startSupervised } from ${JSON.stringify(module)};
      let left = true;
      try { watch("/", () => undefined); } catch { left = false; }
      await startSupervised(${JSON.stringify(spec)});
      const lines = [];
      const follower = followLog(${JSON.stringify(logFile)}, (taken) => void lines.push(...taken));
      const keepsAlive = setInterval(() => undefined, 1000);
      let job;
      while (job === undefined) {
        await new Promise(setImmediate);
        job = attachSupervised(${JSON.stringify(control)});
      }
      writeFileSync("go", "");
      const { code } = await job.exited;
      await follower.finish();
      clearInterval(keepsAlive);
      console.log(JSON.stringify({ left, code, lines }));`;
      const node = [process.execPath, "--input-type=module", "-e", program];
      const { stdout } = await run("unshare", [...WITHOUT_WATCHES, ...node], { cwd: folder });
      expect(JSON.parse(stdout)).toEqual({ left: false, code: 3, lines: ["first", "last"] });
    });
  },
);
