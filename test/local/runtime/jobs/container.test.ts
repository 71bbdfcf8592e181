import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeEach, describe, expect, it } from "vitest";
import { contained, hostPath, isolation } from "../../../../local/runtime/jobs/container.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const run = promisify(execFile);
let folder: string;

beforeEach(() => {
  folder = temporaryFolder("container");
});

describe("contained", () => {
  it("shows the job's folder as /opt/ml to a script with absolute paths, and the rest of /opt as it is", async () => {
    const how = await isolation(folder);
    const root = join(folder, "root");
    mkdirSync(join(root, "code"), { recursive: true });
    writeFileSync(join(root, "in"), "given");
    const script = how === "namespace" ? "cat /opt/ml/in > /opt/ml/out; ls -A /opt > seen; pwd >> seen" : "cat $1 > $2";
    const { command, environment, workingDirectory } = contained(
      {
        command: ["/bin/sh", "-c", script, "job", "/opt/ml/in", "/opt/ml/out"],
        environment: { PATH: process.env.PATH ?? "" },
        workingDirectory: "/opt/ml/code",
      },
      root,
      how,
    );
    const [program = "", ...rest] = command;
    await run(program, rest, { env: { ...environment }, cwd: workingDirectory });
    expect(readFileSync(join(root, "out"), "utf8")).toBe("given");
    if (how === "rewrite") return;
    const seen = readFileSync(join(root, "code/seen"), "utf8").trim().split("\n");
    expect(seen.pop()).toBe("/opt/ml/code");
    expect(seen.sort()).toEqual([...new Set([...readdirSync("/opt"), "ml"])].sort());
  });

  it("rewrites arguments and environment where there is no namespace, and leaves other paths alone", () => {
    const { command, environment } = contained(
      {
        command: ["python3", "/opt/ml/code/train.py", "/opt/mlx/keep"],
        environment: { SM_MODEL_DIR: "/opt/ml/model", SM_CHANNELS: '["/opt/ml/input/data/train"]' },
        workingDirectory: "/opt/ml/code",
      },
      "/home/x/root",
      "rewrite",
    );
    expect(command).toEqual(["python3", "/home/x/root/code/train.py", "/opt/mlx/keep"]);
    expect(environment).toEqual({
      SM_MODEL_DIR: "/home/x/root/model",
      SM_CHANNELS: '["/home/x/root/input/data/train"]',
    });
  });
});

describe("hostPath", () => {
  it("refuses a path outside of /opt/ml", () => {
    expect(hostPath("/r", "/opt/ml/processing/input")).toBe("/r/processing/input");
    expect(() => hostPath("/r", "/etc/passwd")).toThrow(RangeError);
    expect(() => hostPath("/r", "/opt/ml/../../etc")).toThrow(RangeError);
  });
});
