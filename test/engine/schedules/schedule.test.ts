import { describe, expect, it } from "vitest";
import { InvalidScheduleError, nextRun, parseSchedule, type ScheduleDialect } from "../../../engine/schedules/index.ts";

function runs(
  expression: string,
  from: string,
  count: number,
  timezone = "UTC",
  dialect: ScheduleDialect = "scheduler",
): string[] {
  const schedule = parseSchedule(expression, dialect);
  const found: string[] = [];
  let afterMs = Date.parse(from);
  for (let index = 0; index < count; index++) {
    const next = nextRun(schedule, { afterMs, anchorMs: Date.parse(from), timezone });
    if (next === undefined) break;
    found.push(new Date(next).toISOString());
    afterMs = next;
  }
  return found;
}

describe("parseSchedule", () => {
  it.each([
    { expression: "rate(1 minutes)", dialect: "rule" as const, hint: "expected rate(1 minute)" },
    { expression: "at(2026-01-31T12:00:00)", dialect: "rule" as const, hint: "is no schedule" },
    { expression: "at(2026-02-30T12:00:00)", dialect: "scheduler" as const, hint: "names no date" },
    { expression: "cron(0 12 * * * *)", dialect: "rule" as const, hint: "exactly one of day-of-month and day-of-week" },
    { expression: "cron(0 12 * * ?)", dialect: "rule" as const, hint: "found 5" },
    {
      expression: "cron(0 24 * * ? *)",
      dialect: "rule" as const,
      hint: '"24" is not a value of hours; expected 0 to 23',
    },
    { expression: "cron(0 8 ? * 3#1,6#3 *)", dialect: "scheduler" as const, hint: 'with "#" takes no list' },
    { expression: "cron(0 8 LW * ? *)", dialect: "rule" as const, hint: "expected 1 to 31, L or 15W" },
    { expression: "cron(0 8 ? * MUN *)", dialect: "rule" as const, hint: "1 to 7 or SUN to SAT, L, 6L or 3#2" },
    { expression: "cron(0 12 * * ? 2030-2020)", dialect: "rule" as const, hint: "is not a value of year" },
  ])("refuses $expression for a $dialect with AWS's words, and says why", ({ expression, dialect, hint }) => {
    const refuse = () => parseSchedule(expression, dialect);
    expect(refuse).toThrow("Parameter ScheduleExpression is not valid.");
    expect(refuse).toThrow(InvalidScheduleError);
    expect(refuse).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }));
  });

  it("S2: takes either form of a unit for Scheduler", () => {
    expect(parseSchedule("rate(1 hours)", "scheduler")).toEqual({ kind: "rate", everyMs: 3_600_000 });
  });
});

describe("nextRun", () => {
  it.each([
    ["cron(58-59 * * * ? *)", ["00:58", "00:59", "01:58"]],
    ["cron(0-1 * * * ? *)", ["00:01", "01:00", "01:01"]],
    ["cron(0 0-22/11 * * ? *)", ["11:00", "22:00", "00:00"]],
  ])("%s: a range that shares one end with its field is no more than itself", (expression, times) => {
    expect(runs(expression, "2026-03-01T00:00:00Z", 3).map((run) => run.slice(11, 16))).toEqual(times);
  });

  it("S4: counts a rate from its anchor, also across a change of clocks", () => {
    const schedule = parseSchedule("rate(6 hours)", "scheduler");
    const anchorMs = Date.parse("2026-03-08T00:00:00Z");
    const next = (after: string) =>
      nextRun(schedule, { afterMs: Date.parse(after), anchorMs, timezone: "America/New_York" });
    expect(next("2026-03-07T00:00:00Z")).toBe(anchorMs);
    expect(next("2026-03-08T06:00:00Z")).toBe(Date.parse("2026-03-08T12:00:00Z"));
  });

  it("S3: runs at the next wall time of a zone whose clocks are behind", () => {
    expect(runs("cron(0 12 * * ? *)", "2026-01-15T15:00:00Z", 2, "America/New_York")).toEqual([
      "2026-01-15T17:00:00.000Z",
      "2026-01-16T17:00:00.000Z",
    ]);
  });

  it("S3: skips what clocks skip, in Berlin on 29 March 2026 at half past two", () => {
    expect(runs("cron(30 2 * * ? *)", "2026-03-28T12:00:00Z", 2, "Europe/Berlin")).toEqual([
      "2026-03-30T00:30:00.000Z",
      "2026-03-31T00:30:00.000Z",
    ]);
  });

  it("S3: runs once, the first time, where clocks show a time twice", () => {
    expect(runs("cron(30 2 * * ? *)", "2026-10-24T12:00:00Z", 2, "Europe/Berlin")).toEqual([
      "2026-10-25T00:30:00.000Z",
      "2026-10-26T01:30:00.000Z",
    ]);
  });

  it("runs a one-time schedule in the gap of spring when the gap is over", () => {
    expect(runs("at(2026-03-29T02:30:00)", "2026-01-01T00:00:00Z", 2, "Europe/Berlin")).toEqual([
      "2026-03-29T01:30:00.000Z",
    ]);
  });

  it("refuses a rate that no clock counts to the end of", () => {
    expect(() => parseSchedule("rate(100000001 days)", "scheduler")).toThrow("ScheduleExpression is not valid");
    expect(parseSchedule("rate(100000000 days)", "scheduler")).toMatchObject({ everyMs: 8.64e15 });
  });

  it("never runs on 31 February", () => {
    expect(runs("cron(0 0 31 2 ? *)", "2026-01-01T00:00:00Z", 1)).toEqual([]);
  });

  it("wraps a range of days and keeps a step from its start", () => {
    expect(runs("cron(10/20 9 ? * FRI-MON *)", "2026-01-02T09:40:00Z", 4)).toEqual([
      "2026-01-02T09:50:00.000Z",
      "2026-01-03T09:10:00.000Z",
      "2026-01-03T09:30:00.000Z",
      "2026-01-03T09:50:00.000Z",
    ]);
  });
});
