/** Ctrl-C while a command follows a lifecycle in a home of its own: the home is closed in order, and nothing is lost. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findRunningHome } from "../../local/running.ts";
import { ROOT, tidemill } from "./command.ts";
import { SAMPLE } from "./credit-data.ts";

describe("a command with a home of its own", { timeout: 120_000 }, () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), "tidemill-interrupt-"));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  /** Runs until a line of its progress is as told, then sends the signal. */
  async function interrupt(signal: "SIGINT" | "SIGTERM", at: RegExp, ...words: string[]) {
    const bin = join(ROOT, "cli", "bin", "tidemill.js");
    const child = spawn(process.execPath, [bin, "--home", home, "--json", ...words], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
    });
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
    expect(published.lines).toContainEqual(expect.stringContaining("tidemill: interrupted; the home is closed"));
    expect(findRunningHome(home)).toBeUndefined();
  });

  it("finds the run where it stood, and `run` ends as well", async () => {
    const before = (await tidemill(home, "executions", "list")).json;
    expect(before).toEqual([expect.objectContaining({ stateMachine: "data-product-update", status: "RUNNING" })]);
    const run = await interrupt("SIGTERM", /✓ /, "run", "credit-risk");
    expect(run.code).toBe(143);
    expect(findRunningHome(home)).toBeUndefined();
  });
});
