/** What an execution's history says of its failure. */
import type { HistoryEvent } from "@aws-sdk/client-sfn";

export type FailureTrace = Readonly<{
  /** Its own state put the event on the bus, or an execution it started failed and told of it. */
  reported: boolean;
  /** The last state it entered. */
  state?: string;
}>;

const REPORT = '"Model Lifecycle Failed"';
/** The cause of a nested execution's failure is its description. One that was stopped or ran out of time told nobody. */
const NESTED_FAILED = /"Status":\s*"FAILED"/;

/**
 * Reads the history since the execution was last redriven.
 *
 * @param events the newest first
 */
export async function traceFailure(events: AsyncIterable<HistoryEvent>): Promise<FailureTrace> {
  // Of each call of the bus that succeeded, the event before: TaskSucceeded, TaskStarted, TaskScheduled.
  const beforeSuccess = new Set<number | undefined>();
  let state: string | undefined;
  let reported = false;
  for await (const event of events) {
    if (event.type === "ExecutionRedriven") break;
    state ??= event.stateEnteredEventDetails?.name;
    if (event.taskSucceededEventDetails?.resourceType === "events") beforeSuccess.add(event.previousEventId);
    if (event.type === "TaskStarted" && beforeSuccess.has(event.id)) beforeSuccess.add(event.previousEventId);
    reported ||= isReport(event, beforeSuccess) || isNestedFailure(event);
    if (reported && state !== undefined) break;
  }
  return { reported, ...(state !== undefined && { state }) };
}

function isReport(event: HistoryEvent, beforeSuccess: ReadonlySet<number | undefined>): boolean {
  const parameters = event.taskScheduledEventDetails?.parameters ?? "";
  return beforeSuccess.has(event.id) && parameters.includes(REPORT);
}

function isNestedFailure({ taskFailedEventDetails: failed }: HistoryEvent): boolean {
  return failed?.resourceType === "states" && NESTED_FAILED.test(failed.cause ?? "");
}
