/** serve.py ends by itself where nobody would end it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { identify } from "../../../../local/runtime/jobs/process-identity.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const SERVE = fileURLToPath(new URL("../../../../local/runtime/jobs/serve.py", import.meta.url));
const TOKEN = "token";

let folder: string;
let serving: ChildProcess;
let ended: Promise<unknown>;

beforeEach(async () => {
  folder = temporaryFolder("serve");
  mkdirSync(join(folder, "model"));
  writeFileSync(join(folder, "model", "inference.py"), "def model_fn(folder):\n    return folder\n");
  const own = identify(process.pid);
  isHomeOf(`${own?.pid} ${own?.start}`);
  const model = join(folder, "model");
  const files = ["--code-dir", model, "--model-dir", model, "--port-file", join(folder, "port")];
  serving = spawn("python3", [SERVE, "--program", "inference.py", ...files, "--watch-seconds", "0.01"], {
    env: { PATH: process.env.PATH, TIDEMILL_SERVING_TOKEN: TOKEN },
    stdio: ["ignore", "ignore", "inherit"],
  });
  ended = once(serving, "exit");
  while (!existsSync(join(folder, "port"))) await new Promise((resolve) => setImmediate(resolve));
});
afterEach(() => serving.kill("SIGKILL"));

/** As a home writes it down. */
function isHomeOf(identity: string): void {
  writeFileSync(join(folder, "home.part"), identity);
  renameSync(join(folder, "home.part"), join(folder, "home"));
}

const ping = () =>
  fetch(`http://127.0.0.1:${readFileSync(join(folder, "port"), "utf8")}/ping`, {
    headers: { "X-Tidemill-Serving-Token": TOKEN },
  });

it("goes on as long as its home runs", async () => {
  for (let asked = 0; asked < 100; asked++) expect((await ping()).status).toBe(200);
});

it("ends when its home is gone for a while, also where its pid is another process's", async () => {
  isHomeOf(`${process.pid} some-earlier-start`);
  expect(await ended).toEqual([0, null]);
});
