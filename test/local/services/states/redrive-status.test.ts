import { describe, expect, it } from "vitest";
import { redriveStatus } from "../../../../local/services/states/redrive-status.ts";

const DAY = 24 * 3_600_000;
const failed = { status: "FAILED", mapRunArn: undefined, startMs: 0, stopMs: 1_000, redriveCount: 0 } as const;

describe("redriveStatus", () => {
  it.each([
    { what: "failed lately", change: {}, context: {}, expected: { redriveStatus: "REDRIVABLE" } },
    {
      what: "is a map run's child",
      change: { mapRunArn: "arn" },
      context: {},
      expected: { redriveStatus: "REDRIVABLE_BY_MAP_RUN" },
    },
    {
      what: "has 24,998 events",
      change: {},
      context: { lastEventId: 24_998 },
      expected: { redriveStatus: "REDRIVABLE" },
    },
    {
      what: "was redriven 999 times",
      change: { redriveCount: 999 },
      context: {},
      expected: { redriveStatus: "REDRIVABLE" },
    },
    {
      what: "has 24,999 events",
      change: {},
      context: { lastEventId: 24_999 },
      expected: {
        redriveStatus: "NOT_REDRIVABLE",
        redriveStatusReason: "Execution history event limit exceeded",
      },
    },
    {
      what: "was redriven 1,000 times",
      change: { redriveCount: 1_000 },
      context: {},
      expected: {
        redriveStatus: "NOT_REDRIVABLE",
        redriveStatusReason: "Execution has exceeded the maximum number of redrives: 1000",
      },
    },
    {
      what: "began more than a year ago",
      change: { stopMs: 366 * DAY },
      context: { nowMs: 366 * DAY },
      expected: {
        redriveStatus: "NOT_REDRIVABLE",
        redriveStatusReason: "Execution has exceeded the max execution time",
      },
    },
  ])("is $expected.redriveStatus of an execution that $what", ({ change, context, expected }) => {
    expect(redriveStatus({ ...failed, ...change }, { nowMs: 2_000, ...context })).toEqual(expected);
  });
});
