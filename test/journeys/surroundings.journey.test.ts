/** Where a home may lie, and what a user's shell may have for others: neither leads a command astray, and what cannot be is said. */
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { ROOT, tidemill, up } from "./command.ts";
import { SAMPLE } from "./credit-data.ts";

const NOBODY_LISTENS = "http://127.0.0.1:9";
const OF_OTHERS = {
  AWS_PROFILE: "no-such-profile",
  AWS_REGION: "eu-west-3",
  AWS_ENDPOINT_URL: NOBODY_LISTENS,
  AWS_ENDPOINT_URL_S3: NOBODY_LISTENS,
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
  AWS_USE_FIPS_ENDPOINT: "true",
  AWS_USE_DUALSTACK_ENDPOINT: "true",
  AWS_ACCESS_KEY_ID: "AKIAOTHER",
  AWS_SECRET_ACCESS_KEY: "other",
  AWS_SESSION_TOKEN: "other",
  AWS_RETRY_MODE: "no-such-mode",
  LC_ALL: "C",
  VIRTUAL_ENV: "/no/such/environment",
  CONDA_PREFIX: "/no/such/environment",
  PYTHONHOME: "/no/such/python",
  TMPDIR: "/no/such/folder",
};
/** Not while packages may have to be installed. */
const PROXIES = {
  http_proxy: NOBODY_LISTENS,
  HTTP_PROXY: NOBODY_LISTENS,
  https_proxy: NOBODY_LISTENS,
  ALL_PROXY: NOBODY_LISTENS,
  NODE_USE_ENV_PROXY: "1",
};

let folder: string;
beforeEach(() => {
  folder = temporaryFolder("surroundings");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a home", { timeout: 300_000 }, () => {
  it("is used whatever the shell has for others, and lies in a folder of any name", async () => {
    const home = join(folder, "a b", "ünï 'q\"uo te $x 中文");
    const modules = join(folder, "modules");
    mkdirSync(modules);
    writeFileSync(join(modules, "numpy.py"), "raise RuntimeError('of another Python')");
    const aws = join(folder, "aws");
    writeFileSync(aws, "[default]\nuse_fips_endpoint = true\nregion = eu-west-3\n");
    const shell = { ...OF_OTHERS, PYTHONPATH: modules, AWS_CONFIG_FILE: aws, AWS_SHARED_CREDENTIALS_FILE: aws };
    for (const [name, value] of Object.entries(shell)) vi.stubEnv(name, value);
    vi.stubEnv("HOME", undefined);
    const published = await tidemill(home, "publish", "credit-card", SAMPLE);
    expect(published.stderr).toContain("retrained");
    expect(published).toMatchObject({ code: 0, json: { outcome: "retrained" } });
    for (const [name, value] of Object.entries(PROXIES)) vi.stubEnv(name, value);
    const again = await tidemill(home, "run", "credit-risk", "--force");
    expect(again).toMatchObject({ code: 0, json: { outcome: "retrained" } });
  });

  it("has other clients forget what the shell has for others", async () => {
    const running = await up(join(folder, "home"));
    for (const [name, value] of Object.entries(OF_OTHERS)) vi.stubEnv(name, value);
    const bin = join(ROOT, "cli/bin/tidemill.js");
    const exports = execFileSync(process.execPath, [bin, "--home", join(folder, "home"), "env"], { encoding: "utf8" });
    const script = `${exports}\nenv | grep ^AWS_ | sort`;
    const left = execFileSync("sh", ["-c", script], { encoding: "utf8" });
    await running.stop();
    expect(left).not.toMatch(/127\.0\.0\.1:9\n|FIPS|DUALSTACK|PROFILE|SESSION_TOKEN|IGNORE|eu-west-3|other/i);
    expect(left).toContain(`AWS_ENDPOINT_URL=${running.endpoint}\n`);
  });

  it("says that its path is longer than a database's may be", async () => {
    const home = join(folder, "x".repeat(250), "y".repeat(250));
    const ended = await tidemill(home, "executions", "list");
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(
      /cannot be a home's folder: its path is \d+ bytes long, of 496 .*choose another --home/,
    );
  });

  it.runIf(process.platform === "linux")("says that its folder, or its database, is not to be written", async () => {
    const readOnly = join(folder, "read-only");
    mkdirSync(readOnly);
    const inside = (mounting: string) =>
      promisify(execFile)("unshare", [
        ...["--user", "--map-root-user", "--mount", "sh", "-c", `${mounting}; exec "$@"`, "sh"],
        ...[process.execPath, join(ROOT, "cli/bin/tidemill.js"), "--home", readOnly, "executions", "list"],
      ]).catch((failed: { stderr: string }) => failed);
    const folderTold = await inside(`mount -t tmpfs -o ro tmpfs '${readOnly}'`);
    expect(folderTold.stderr).toContain(`${readOnly} cannot be a home's folder: EROFS: read-only file system`);
    await inside("true");
    const file = join(readOnly, "home.db");
    const fileTold = await inside(`mount --bind '${file}' '${file}'; mount -o remount,ro,bind '${file}'`);
    expect(fileTold.stderr).toContain(`${file} cannot be opened for writing`);
  });
});
