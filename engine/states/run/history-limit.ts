/**
 * The 25,000 events that the history of a Standard execution may have: with 24,999 of them it goes on until the next. If that
 * is its end, it ends so; any other becomes the ExecutionFailed of having reached the limit.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html ("Avoid reaching the history quota");
 * the cause as executions on AWS were seen to end with it.
 */
import { eventKind } from "../event-kinds.ts";

export const MAX_EVENTS = 25_000;
export const HISTORY_FULL_CAUSE = `The execution reached the maximum number of history events (${MAX_EVENTS}).`;

/** Thrown where an event would be written for which there is no place: whatever was under way ends with the execution. */
export class HistoryFullError extends Error {
  override readonly name = "HistoryFullError";
  readonly code = "HistoryFull";

  constructor() {
    super(HISTORY_FULL_CAUSE);
  }
}

const ENDS: ReadonlySet<number> = new Set(
  ["ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"].map(
    (type) => eventKind(type).number,
  ),
);

/** Whether an event of that kind may be the last there is place for. */
export function endsExecution(kind: number): boolean {
  return ENDS.has(kind);
}
