import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { openSagemakerHome } from "./sagemaker-home.ts";
import { jobEnd } from "./script-job.ts";

let directory: string;
let go: string;

beforeEach(() => {
  directory = temporaryFolder("recovery");
  go = join(directory, "go");
});

function runDyingHome(): Promise<void> {
  const program = fileURLToPath(new URL("dying-home.ts", import.meta.url));
  const child = spawn(process.execPath, [program, join(directory, "home"), go], { stdio: "inherit" });
  return new Promise((resolve, reject) =>
    child.once("exit", (code) => (code === null ? resolve() : reject(new Error(`it ended by itself with ${code}`)))),
  );
}

describe("after kill -9 of the home", () => {
  it.each(["while the job still runs", "after the job has ended"])(
    "J1: the job is attached to, not run again, %s",
    async (moment) => {
      await runDyingHome();
      const control = join(directory, "home/sagemaker/processing-job/survivor/control");
      if (moment.startsWith("after")) {
        writeFileSync(go, "");
        while (!isEnded(control)) await new Promise((resolve) => setTimeout(resolve, 10));
      }
      const home = await openSagemakerHome({ directory: join(directory, "home") });
      try {
        writeFileSync(go, "");
        expect(await jobEnd(home, "survivor")).toMatchObject({ ProcessingJobStatus: "Completed" });
        const output = await home.s3.send(new GetObjectCommand({ Bucket: "artifacts", Key: "survived/done.txt" }));
        expect(await output.Body?.transformToString()).toBe("done");
        expect(readFileSync(`${go}.runs`, "utf8")).toBe("run\n");
      } finally {
        await home.close();
      }
    },
  );

  it("J1: a job whose process is lost too is run again under the same name", async () => {
    await runDyingHome();
    const control = join(directory, "home/sagemaker/processing-job/survivor/control");
    process.kill(-Number(readFileSync(join(control, "pid"), "utf8").split(" ")[0]), "SIGKILL");
    const home = await openSagemakerHome({ directory: join(directory, "home") });
    try {
      writeFileSync(go, "");
      expect(await jobEnd(home, "survivor")).toMatchObject({ ProcessingJobStatus: "Completed" });
      expect(readFileSync(`${go}.runs`, "utf8")).toBe("run\nrun\n");
    } finally {
      await home.close();
    }
  });
});

function isEnded(control: string): boolean {
  try {
    return readFileSync(join(control, "exit"), "utf8") !== "";
  } catch {
    return false;
  }
}
