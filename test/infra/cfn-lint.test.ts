import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { assemblyOf, FOUR_ACCOUNTS, PROJECT, STACKS, THREE_ACCOUNTS, testAssembly } from "./assembly.ts";

const REQUIREMENTS = join(PROJECT, "test", "requirements.txt");
const INSTALL_TIMEOUT_MS = 300_000;
const LINT_TIMEOUT_MS = 180_000;
let cfnLint: string;

beforeAll(() => {
  cfnLint = installed();
}, INSTALL_TIMEOUT_MS);

describe("cfn-lint", () => {
  it.each([
    ["one account", testAssembly],
    ["three accounts", () => assemblyOf(THREE_ACCOUNTS)],
    ["four accounts", () => assemblyOf(FOUR_ACCOUNTS)],
  ])(
    "has nothing to say about any template for %s",
    async (_, assembly) => {
      const directory = await assembly();
      const templates = STACKS.map((stack) => join(directory, `${stack}.template.json`));
      const { stdout, stderr, status } = spawnSync(cfnLint, templates, { encoding: "utf8" });
      expect({ stdout, stderr, status }).toEqual({ stdout: "", stderr: "", status: 0 });
    },
    LINT_TIMEOUT_MS,
  );
});

/** The linter in a virtual environment of its own, named by what is pinned, so that it is installed once. */
function installed(): string {
  const pinned = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 12);
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const environment = join(cache, "tidemill", `test-tools-${pinned}`);
  const complete = join(environment, ".complete");
  if (!existsSync(complete)) {
    mkdirSync(environment, { recursive: true });
    execFileSync("python3", ["-m", "venv", "--clear", environment], { stdio: "pipe" });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS];
    execFileSync(join(environment, "bin", "python"), pip, { stdio: "pipe" });
    writeFileSync(complete, "");
  }
  return join(environment, "bin", "cfn-lint");
}
