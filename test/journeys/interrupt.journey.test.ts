/** Ctrl-C while a command follows a lifecycle in a home of its own: the home is closed in order, and nothing is lost. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, it } from "vitest";
import { findRunningHome } from "../../local/running.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { ROOT, tidemill, up } from "./command.ts";
import { SAMPLE } from "./credit-data.ts";
import { until } from "./open-app.ts";

describe("a home that is standing up", { timeout: 120_000 }, () => {
  it.each([
    { signal: "SIGINT", code: 130, words: ["up"], at: undefined },
    { signal: "SIGTERM", code: 143, words: ["up"], at: /^synthesized/ },
    { signal: "SIGINT", code: 130, words: ["start", "--once"], at: /^synthesized/ },
    { signal: "SIGTERM", code: 143, words: ["models", "list"], at: /^synthesized/ },
    { signal: "SIGHUP", code: 129, words: ["up"], at: /^synthesized/ },
  ] as const)("ends at $signal with $code, and opens again: $words", async ({ signal, code, words, at }) => {
    const home = temporaryFolder("standing-up");
    const child = run(home, words);
    const ended = once(child, "close");
    const out = text(child.stdout);
    // Before anything is said: the home is being opened, and the app synthesized.
    if (at === undefined) {
      await until(async () => findRunningHome(home));
      child.kill(signal);
    }
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stderr })) {
      if (at?.test(line) && lines.length === 0) child.kill(signal);
      lines.push(line);
    }
    expect(await ended).toEqual([code, null]);
    expect(JSON.parse(await out)).toEqual({ error: expect.stringContaining("interrupted; the home is closed") });
    expect(findRunningHome(home)).toBeUndefined();
    expect(await tidemill(home, "models", "list")).toMatchObject({ code: 0, json: [] });
  });
});

function run(home: string, words: readonly string[]) {
  const bin = join(ROOT, "cli", "bin", "tidemill.js");
  return spawn(process.execPath, [bin, "--home", home, "--json", ...words], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

describe("a command with a home of its own", { timeout: 120_000 }, () => {
  let home: string;
  beforeAll(() => {
    home = temporaryFolder("interrupt");
  });

  /** Runs until a line of its progress is as told, then sends the signal. */
  async function interrupt(signal: "SIGINT" | "SIGTERM", at: RegExp, ...words: string[]) {
    const child = run(home, words);
    const ended = once(child, "close");
    const out: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stderr })) {
      if (at.test(line) && !lines.some((before) => at.test(before))) child.kill(signal);
      lines.push(line);
    }
    const [code] = await ended;
    return { code, json: JSON.parse(Buffer.concat(out).toString("utf8")), lines };
  }

  it("ends as a shell counts it, says what becomes of the run, and leaves no home behind", async () => {
    const published = await interrupt("SIGINT", /✓ Claim/, "publish", "credit-card", SAMPLE);
    expect(published.code).toBe(130);
    expect(published.json).toEqual({ error: expect.stringContaining("goes on when it is next started") });
    expect(published.lines).toContainEqual(
      expect.stringMatching(
        /^tidemill: interrupted; data version [0-9a-f]{16} is published, and its lifecycle goes on; the home is closed/,
      ),
    );
    expect(findRunningHome(home)).toBeUndefined();
  });

  it("finds the run where it stood, and `run` ends as well", async () => {
    const before = (await tidemill(home, "executions", "list")).json;
    expect(before).toEqual([expect.objectContaining({ stateMachine: "data-product-update", status: "RUNNING" })]);
    const run = await interrupt("SIGTERM", /✓ /, "run", "credit-risk");
    expect(run.code).toBe(143);
    expect(findRunningHome(home)).toBeUndefined();
  });

  it("ends alone where the home is another's, with its one JSON value", async () => {
    const running = await up(home);
    const run = await interrupt("SIGINT", /✓ /, "run", "credit-risk", "--force");
    expect(run).toMatchObject({ code: 130, json: { error: "interrupted; the home goes on" } });
    expect(findRunningHome(home)).toMatchObject({ endpoint: running.endpoint });
    const left = (await tidemill(home, "executions", "list", "--state-machine", "data-product-update")).json;
    expect(left).toContainEqual(expect.objectContaining({ status: "RUNNING" }));
    await running.stop();
  });
});
