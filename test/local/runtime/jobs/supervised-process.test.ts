import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { identify, isAlive } from "../../../../local/runtime/jobs/process-identity.ts";
import { attachSupervised, startSupervised } from "../../../../local/runtime/jobs/supervised-process.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

let folder: string;

beforeEach(() => {
  folder = temporaryFolder("supervised");
});

const start = (script: string) =>
  startSupervised({
    control: join(folder, "control"),
    logFile: join(folder, "log"),
    command: ["/bin/sh", "-c", script],
    environment: { PATH: process.env.PATH ?? "" },
    workingDirectory: folder,
  });

/** Starts a process in a second Node that is killed at once, as `kill -9` of the home would. */
function startFromDyingHome(script: string): Promise<void> {
  const module = new URL("../../../../local/runtime/jobs/supervised-process.ts", import.meta.url).href;
  const program = `
    import { startSupervised } from ${JSON.stringify(module)};
    await startSupervised({ control: "control", logFile: "log", command: ["/bin/sh", "-c", ${JSON.stringify(script)}],
      environment: { PATH: process.env.PATH }, workingDirectory: "." });
    const { existsSync } = await import("node:fs");
    while (!existsSync("control/pid")) await new Promise((resolve) => setTimeout(resolve, 5));
    process.kill(process.pid, "SIGKILL");`;
  const home = spawn(process.execPath, ["--input-type=module", "-e", program], { cwd: folder, stdio: "inherit" });
  return new Promise((resolve) => home.once("exit", () => resolve()));
}

describe("startSupervised", () => {
  it("tells the exit code and keeps what the command said", async () => {
    const started = await start("echo out; echo err >&2; exit 7");
    expect(await started.exited).toMatchObject({ kind: "exited", code: 7 });
    expect(readFileSync(join(folder, "log"), "utf8").split("\n").sort()).toEqual(["", "err", "out"]);
  });

  it("P1: runs the command once when started twice, and both learn its end", async () => {
    const [one, other] = await Promise.all([
      start("echo run >> runs; while [ ! -e go ]; do sleep 0.01; done; exit 3"),
      start("echo run >> runs; while [ ! -e go ]; do sleep 0.01; done; exit 3"),
    ]);
    writeFileSync(join(folder, "go"), "");
    expect(await one.exited).toMatchObject({ kind: "exited", code: 3 });
    expect(await other.exited).toMatchObject({ kind: "exited", code: 3 });
    expect(readFileSync(join(folder, "runs"), "utf8")).toBe("run\n");
  });

  it("P2: SIGTERM reaches the command, which may take its time to end", async () => {
    const started = await start("trap 'echo bye; exit 4' TERM; : > ready; while :; do sleep 0.01; done");
    await untilExists(join(folder, "ready"));
    started.kill("SIGTERM");
    expect(await started.exited).toMatchObject({ kind: "exited", code: 4 });
    expect(readFileSync(join(folder, "log"), "utf8")).toContain("bye");
  });

  it("P2: SIGKILL ends the command and its children, and is known as what ended it", async () => {
    const started = await start("trap '' TERM; sleep 1000 & echo $! > child; wait");
    await untilExists(join(folder, "child"));
    started.kill("SIGKILL");
    expect(await started.exited).toMatchObject({ kind: "exited", code: 137 });
    await untilGone(Number(readFileSync(join(folder, "child"), "utf8")));
  });

  it("P2: a command that kills its group ends itself, not its supervisor", async () => {
    const started = await start("sleep 1000 & echo $! > child; kill -KILL 0");
    expect(await started.exited).toMatchObject({ kind: "exited", code: 137 });
    await untilGone(Number(readFileSync(join(folder, "child"), "utf8")));
  });

  it("P2: signals all of the group of a supervisor that an earlier version of the home left", async () => {
    const earlier = spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
    const ended = new Promise((resolve) => earlier.once("exit", (_code, signal) => resolve(signal)));
    const { pid, start } = identify(earlier.pid ?? 0) ?? { pid: 0, start: "" };
    mkdirSync(join(folder, "control"));
    writeFileSync(join(folder, "control/pid"), `${pid} ${start}\n`);
    attachSupervised(join(folder, "control"))?.kill("SIGKILL");
    expect(await ended).toBe("SIGKILL");
  });

  it.runIf(process.platform === "linux")("tells the exit code of a command that left no room on the disk", () => {
    const disk = join(folder, "disk");
    mkdirSync(disk);
    const module = new URL("../../../../local/runtime/jobs/supervised-process.ts", import.meta.url).href;
    const program = `
      import { startSupervised } from ${JSON.stringify(module)};
      // A process that is started keeps nobody alive.
      const alive = setInterval(() => undefined, 60_000);
      const { exited } = await startSupervised({ control: "disk/control", logFile: "disk/log",
        command: ["/bin/sh", "-c", "cat /dev/zero > disk/fill; echo full; exit 9"],
        environment: { PATH: process.env.PATH }, workingDirectory: "." });
      process.stdout.write(JSON.stringify(await exited));
      clearInterval(alive);`;
    const inside = 'mount -t tmpfs -o size=1m tmpfs disk && exec "$@"';
    const told = execFileSync(
      "unshare",
      [
        ...["--user", "--map-root-user", "--mount", "sh", "-c", inside, "sh"],
        ...[process.execPath, "--input-type=module", "-e", program],
      ],
      { cwd: folder, encoding: "utf8" },
    );
    expect(JSON.parse(told)).toMatchObject({ kind: "exited", code: 9 });
  });

  it("ends what the command left behind, as a container does", async () => {
    const started = await start("sleep 1000 & echo $! > child");
    await started.exited;
    await untilGone(Number(readFileSync(join(folder, "child"), "utf8")));
  });
});

describe("attachSupervised", () => {
  it("finds nothing where nothing was started", () => {
    expect(attachSupervised(join(folder, "control"))).toBeUndefined();
  });

  it("P3: goes on with a process whose home was killed", async () => {
    await startFromDyingHome("while [ ! -e go ]; do sleep 0.01; done; exit 5");
    const attached = attachSupervised(join(folder, "control"));
    writeFileSync(join(folder, "go"), "");
    expect(await attached?.exited).toMatchObject({ kind: "exited", code: 5 });
  });

  it("P3: knows the end of a process that ended while there was no home", async () => {
    await startFromDyingHome("exit 6");
    await untilExists(join(folder, "control/exit"));
    expect(await attachSupervised(join(folder, "control"))?.exited).toMatchObject({ kind: "exited", code: 6 });
  });

  it("P3: tells a process that left no exit code from a later one of the same pid", async () => {
    const started = await start("exit 0");
    await started.exited;
    const control = join(folder, "other");
    await import("node:fs/promises").then(({ mkdir }) => mkdir(control));
    writeFileSync(join(control, "pid"), `${process.pid} some-earlier-start`);
    expect(await attachSupervised(control)?.exited).toEqual({ kind: "lost" });
  });
});

describe("identify", () => {
  it("names this process the same twice, and no process of a free pid", () => {
    const own = identify(process.pid);
    expect(own && isAlive(own)).toBe(true);
    expect(identify(2 ** 22 + 1)).toBeUndefined();
  });
});

async function untilExists(path: string): Promise<void> {
  while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function untilGone(pid: number): Promise<void> {
  while (identify(pid) !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
}
