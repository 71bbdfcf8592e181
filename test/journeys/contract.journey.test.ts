/** The contract with programs: one JSON value on stdout however a command ends, its exit code, words on stderr. */
import { type StdioOptions, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findRunningHome } from "../../local/running.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { ROOT, tidemill, type Up, up } from "./command.ts";
import { until } from "./open-app.ts";

const BIN = join(ROOT, "cli", "bin", "tidemill.js");
const NO_EXECUTION = "arn:aws:states:us-east-1:000000000000:execution:train-model:none";
const NO_PACKAGE = "arn:aws:sagemaker:us-east-1:000000000000:model-package/credit-risk/99";
const error = expect.stringMatching(/./);

describe("every command with --json", { timeout: 120_000 }, () => {
  let folder: string;
  let home: string;
  let running: Up;
  beforeAll(async () => {
    folder = temporaryFolder("contract");
    home = join(folder, "home");
    const starting = up(home);
    await until(async () => findRunningHome(home));
    // Asked while the home is not ready yet: the command waits for it, and starts no second one.
    const early = await tidemill(home, "models", "list");
    expect(early).toMatchObject({ code: 0, json: [] });
    running = await starting;
  });
  afterAll(() => running?.stop());

  it.each([
    { words: "executions list", code: 0, json: [] },
    { words: "executions list --status RUNNING --limit 1", code: 0, json: [] },
    { words: "executions list --status ASLEEP", code: 2, json: { error } },
    { words: "executions list --limit none", code: 2, json: { error } },
    { words: "executions list --state-machine none", code: 2, json: { error: expect.stringContaining("train-model") } },
    { words: "events list --limit 1001", code: 2, json: { error } },
    { words: "models list --home=", code: 2, json: { error } },
    { words: `executions show ${NO_EXECUTION}`, code: 2, json: { error } },
    { words: `executions stop ${NO_EXECUTION}`, code: 2, json: { error } },
    { words: `executions redrive ${NO_EXECUTION}`, code: 2, json: { error } },
    { words: "models list", code: 0, json: [] },
    { words: "models compare credit-risk", code: 2, json: { error } },
    { words: `models show ${NO_PACKAGE}`, code: 2, json: { error } },
    { words: `models approve ${NO_PACKAGE}`, code: 2, json: { error } },
    { words: `models reject ${NO_PACKAGE}`, code: 2, json: { error } },
    { words: "models list --group no-such-group", code: 2, json: { error } },
    { words: "publish no-such-product package.json", code: 2, json: { error } },
    { words: "publish credit-card no-such-file", code: 2, json: { error } },
    { words: "publish credit-card package.json", code: 3, json: { outcome: "refused", reason: error } },
    { words: "run no-such-model", code: 2, json: { error: expect.stringContaining("credit-risk") } },
    { words: "run credit-risk", code: 1, json: { error } },
    { words: "logs", code: 0, json: expect.arrayContaining(["/aws/lambda/tidemill-gate"]) },
    { words: "logs tidemill-gate", code: 0, json: [] },
    { words: "logs no-such-group", code: 2, json: { error } },
    { words: "events tail --bus no-such-bus", code: 2, json: { error } },
    { words: "events tail --pattern nonsense", code: 2, json: { error } },
    { words: "env", code: 0, json: { AWS_ENDPOINT_URL: expect.stringMatching(/^http:/), AWS_REGION: "us-east-1" } },
    { words: "up", code: 1, json: { error } },
    { words: "doctor", code: 0, json: { ok: true } },
    { words: "executions", code: 2, json: { error } },
    { words: "publish credit-card", code: 2, json: { error } },
    { words: "models list --bogus", code: 2, json: { error } },
    { words: "no-such-command", code: 2, json: { error } },
    { words: "pubish", code: 2, json: { error: expect.stringContaining("Did you mean publish?") } },
    { words: "models lst", code: 2, json: { error: expect.stringContaining("Did you mean list?") } },
    { words: "models list --grup x", code: 2, json: { error: expect.stringContaining("Did you mean --group?") } },
    { words: "--version", code: 0, json: { version: expect.stringMatching(/^\d+\.\d+\.\d+/) } },
    { words: "schedules next no-such-schedule", code: 2, json: { error } },
    { words: "events explain 00000000-0000-0000-0000-000000000000", code: 2, json: { error } },
    { words: "events put no-such-file", code: 2, json: { error } },
    { words: "validate no-such-file", code: 2, json: { error } },
    { words: "simulate no-such-file", code: 2, json: { error } },
    { words: "test no-such-file", code: 2, json: { error } },
  ])("$words", async ({ words, code, json }) => {
    const ended = await tidemill(home, ...words.split(" "));
    expect(ended).toMatchObject({ code, json });
    if (code !== 0) expect(ended.stderr).toMatch(/^(tidemill|error): ./m);
  });

  it.each(["", "up", "publish", "executions list", "models approve", "events tail", "deploy"])(
    "is explained by --help, with an example, in 80 columns: %s",
    (words) => {
      const args = [BIN, ...words.split(" ").filter((word) => word !== ""), "--help"];
      const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
      expect(status).toBe(0);
      expect(stdout).toMatch(/Examples?:\n {2}tidemill /);
      expect(stdout).toContain("--json");
      expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it.each([
    { words: "logs" },
    { words: "executions list --help" },
    // It would go on for ever: the curation of a file, refused above, has said something.
    { words: "logs curate-product --follow" },
  ])("ends quietly where nobody reads what it prints: $words", async ({ words }) => {
    const child = spawn(process.execPath, [BIN, "--home", home, ...words.split(" ")], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.destroy();
    const said = text(child.stderr);
    expect(await once(child, "close")).toEqual([0, null]);
    expect(await said).toBe("");
  });

  it.runIf(existsSync("/dev/full"))("fails in a line where its result cannot be written", async () => {
    const full = openSync("/dev/full", "w");
    const stdio: StdioOptions = ["ignore", full, "pipe"];
    const { status, stderr } = spawnSync(process.execPath, [BIN, "--home", home, "logs"], { stdio, encoding: "utf8" });
    closeSync(full);
    expect(status).toBe(1);
    expect(stderr).toBe("tidemill: the result cannot be written to stdout: ENOSPC: no space left on device, write\n");
  });

  it.each(["logs curate-product --follow", "events tail"])(
    "ends well at Ctrl-C, having no other end: %s",
    async (words) => {
      const child = spawn(process.execPath, [BIN, "--home", home, "--json", ...words.split(" ")]);
      const ended = once(child, "close");
      const said = text(child.stderr);
      // The tail says that it listens; the log's first lines are those of the file refused above.
      await once(words.startsWith("logs") ? child.stdout : child.stderr, "data");
      child.kill("SIGINT");
      expect(await ended).toEqual([0, null]);
      expect(await said).not.toContain("interrupted");
    },
  );

  it("gives other clients the home by shell exports", () => {
    const { stdout } = spawnSync(process.execPath, [BIN, "--home", home, "env"], { encoding: "utf8" });
    expect(stdout.trim().split("\n")).toEqual(
      expect.arrayContaining([`export AWS_ENDPOINT_URL=${running.endpoint}`, "export AWS_REGION=us-east-1"]),
    );
  });
});
