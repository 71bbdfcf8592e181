/**
 * Whether an execution can be redriven, and if not why, in AWS's words.
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
 */
import type { ExecutionRecord } from "./execution-record.ts";

export interface RedriveStatus {
  redriveStatus: "REDRIVABLE" | "NOT_REDRIVABLE" | "REDRIVABLE_BY_MAP_RUN";
  redriveStatusReason?: string;
}

/** What else it depends on. */
export interface RedriveContext {
  nowMs: number;
  /** The state machine is being deleted. */
  deleting?: boolean;
  /** How long its history is. */
  lastEventId?: number;
}

const DAY_MS = 24 * 3_600_000;
const PERIOD_MS = 14 * DAY_MS;
const MAX_EXECUTION_MS = 365 * DAY_MS;
const MAX_EVENTS = 24_999;
const MAX_REDRIVES = 1_000;

type Redriven = Pick<ExecutionRecord, "status" | "mapRunArn" | "startMs" | "stopMs" | "redriveCount">;

/** An execution must have ended unsuccessfully and lately; a distributed map's child is redriven through its parent. */
export function redriveStatus(record: Redriven, context: RedriveContext): RedriveStatus {
  const reason = reasonAgainst(record, context);
  if (reason !== undefined) return { redriveStatus: "NOT_REDRIVABLE", redriveStatusReason: reason };
  return { redriveStatus: record.mapRunArn === undefined ? "REDRIVABLE" : "REDRIVABLE_BY_MAP_RUN" };
}

function reasonAgainst(record: Redriven, { nowMs, deleting, lastEventId = 0 }: RedriveContext): string | undefined {
  const { status, startMs, stopMs = nowMs, redriveCount } = record;
  if (deleting) return "State machine is in DELETING status";
  if (status === "RUNNING" || status === "SUCCEEDED") return `Execution is ${status} and cannot be redriven`;
  if (lastEventId >= MAX_EVENTS) return "Execution history event limit exceeded";
  if (redriveCount >= MAX_REDRIVES) return `Execution has exceeded the maximum number of redrives: ${MAX_REDRIVES}`;
  if (nowMs - startMs > MAX_EXECUTION_MS) return "Execution has exceeded the max execution time";
  if (nowMs - stopMs > PERIOD_MS) return "Execution redrivable period exceeded";
  return undefined;
}
