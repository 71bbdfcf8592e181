import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { finalMetrics } from "../../../../local/runtime/jobs/final-metrics.ts";
import { followLog, splitLines } from "../../../../local/runtime/jobs/log-follower.ts";
import { temporaryFolder } from "./job-fixture.ts";

let folder: ReturnType<typeof temporaryFolder>;
let logFile: string;

beforeEach(() => {
  folder = temporaryFolder("log");
  logFile = join(folder.path, "log");
});
afterEach(() => folder.remove());

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
});
