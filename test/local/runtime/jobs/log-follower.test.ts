import { appendFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { finalMetrics } from "../../../../local/runtime/jobs/final-metrics.ts";
import { followLog } from "../../../../local/runtime/jobs/log-follower.ts";
import { lastLine, splitLines } from "../../../../local/runtime/jobs/log-lines.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

let folder: string;
let logFile: string;

beforeEach(() => {
  folder = temporaryFolder("log");
  logFile = join(folder, "log");
});

describe("followLog", () => {
  it("hands over every line once, the last one without a newline included, and goes on after a restart", async () => {
    writeFileSync(logFile, "one\ntw");
    const seen: string[] = [];
    const first = followLog(logFile, (lines) => void seen.push(...lines));
    await first.finish();
    appendFileSync(logFile, "\nthree");
    await followLog(logFile, (lines) => void seen.push(...lines)).finish();
    expect(seen).toEqual(["one", "tw", "", "three"]);
  });

  it("asks a sink again that failed", async () => {
    writeFileSync(logFile, "one\n");
    let calls = 0;
    const seen: string[] = [];
    const follower = followLog(logFile, (lines) => {
      calls += 1;
      if (calls === 1) throw new Error("busy");
      seen.push(...lines);
    });
    await follower.finish();
    expect(seen).toEqual(["one"]);
  });
});

describe("a log of 5 GB", () => {
  beforeEach(() => {
    writeFileSync(logFile, "");
    truncateSync(logFile, 5e9);
    appendFileSync(logFile, "\nvalidation-auc:0.5\nlast words\n");
  });

  it("is handed over a stretch at a time, up to a bound, and says where the rest is", async () => {
    const sizes: number[] = [];
    let last: string | undefined;
    const follower = followLog(logFile, (lines) => {
      sizes.push(lines.reduce((sum, line) => sum + line.length, 0));
      last = lines.at(-1);
    });
    await follower.finish();
    expect(Math.max(...sizes)).toBeLessThan(2 ** 20 + 1000);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(66 * 2 ** 20);
    expect(last).toBe(`The log is longer than what is kept here: the rest is in ${logFile}`);
  });

  it("has its last line and its last metrics told", async () => {
    expect(lastLine(logFile)).toBe("last words");
    const metrics = await finalMetrics(logFile, [{ Name: "auc", Regex: "validation-auc:([0-9.]+)" }]);
    expect(metrics).toMatchObject([{ MetricName: "auc", Value: 0.5 }]);
  });
});

describe("splitLines", () => {
  it("keeps an unfinished line for later, and cuts one that never ends", () => {
    expect(splitLines(Buffer.from("a\r\nb"), false)).toEqual({ lines: ["a"], bytes: 3 });
    const long = splitLines(Buffer.alloc(300_000, "x"), false);
    expect(long.lines.map((line) => line.length)).toEqual([131_072, 131_072]);
  });
});

describe("finalMetrics", () => {
  it("takes the last number a regular expression finds", async () => {
    writeFileSync(logFile, "[0] validation-auc:0.61\n[1] validation-auc:0.79\nno metric here\n");
    const metrics = await finalMetrics(logFile, [
      { Name: "validation:auc", Regex: "validation-auc:([0-9.]+)" },
      { Name: "absent", Regex: "absent:([0-9.]+)" },
    ]);
    expect(metrics).toMatchObject([{ MetricName: "validation:auc", Value: 0.79 }]);
  });

  it("ends, whatever the expression", async () => {
    writeFileSync(logFile, `${"a".repeat(100_000)}!\n`);
    expect(await finalMetrics(logFile, [{ Name: "slow", Regex: "(a+)+(\\d)$" }])).toEqual([]);
  });
});
