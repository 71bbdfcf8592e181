/**
 * A history event as Step Functions writes it to CloudWatch Logs, and which events a level has.
 * Sources: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html and its table of levels, cloudwatch-log-level.html
 */
import { type HistoryEvent, type JsonValue, toApiEvent } from "../../../../engine/states/index.ts";
import type { ExecutionRecord } from "../execution-record.ts";
import type { LogLevel, LogTarget } from "./logging-configuration.ts";

const FATAL: ReadonlySet<string> = new Set(["ExecutionAborted", "ExecutionFailed", "ExecutionTimedOut"]);
const ERROR = /(Aborted|Failed|TimedOut)$|^FailStateEntered$/;

// Escaped input or output beyond this is cut.
const MAX_DATA_BYTES = 248 * 1024;

/** Whether events of this type are logged at this level. */
export function isLogged(type: string, level: LogLevel): boolean {
  return level === "ALL" || FATAL.has(type) || (level === "ERROR" && ERROR.test(type));
}

/** The log event's message. */
export function logRecord(record: ExecutionRecord, event: HistoryEvent, target: LogTarget): string {
  const shown =
    event.detailsKey === undefined ? undefined : toApiEvent(event, target.includeExecutionData)[event.detailsKey];
  return JSON.stringify({
    details: typeof shown === "object" && shown !== null ? cut(shown) : {},
    redrive_count: String(record.redriveCount),
    id: String(event.id),
    type: event.type,
    previous_event_id: String(event.previousEventId),
    event_timestamp: String(event.timestamp),
    execution_arn: record.arn,
  });
}

function cut(details: object): Record<string, JsonValue> {
  const shown: Record<string, JsonValue> = { ...details };
  for (const member of ["input", "output"]) {
    const text = shown[member];
    if (typeof text !== "string" || Buffer.byteLength(text) * 2 <= MAX_DATA_BYTES) continue;
    if (Buffer.byteLength(JSON.stringify(text)) <= MAX_DATA_BYTES) continue;
    let kept = text.slice(0, MAX_DATA_BYTES);
    while (Buffer.byteLength(JSON.stringify(kept)) > MAX_DATA_BYTES)
      kept = kept.slice(0, Math.floor(kept.length * 0.9));
    shown[member] = kept;
    shown[`${member}Details`] = { truncated: true };
  }
  return shown;
}
