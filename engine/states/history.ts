/**
 * History events in the shape and order of GetExecutionHistory: a host can answer them as they are (timestamps in ms).
 * Details stand under AWS's own key for the type (`stateEnteredEventDetails`, …); payloads are JSON text, as there.
 */

export type HistoryDetails = { readonly [key: string]: unknown };

export type HistoryEvent = {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** The one details member, named as in the API, e.g. `taskScheduledEventDetails`. */
  readonly detailsKey?: string;
  readonly details?: HistoryDetails;
};

/** The event as the API has it: `{timestamp, type, id, previousEventId, <detailsKey>: details}`. */
export function toApiEvent(event: HistoryEvent, includeExecutionData = true): Record<string, unknown> {
  const answer: Record<string, unknown> = {
    timestamp: new Date(event.timestamp),
    type: event.type,
    id: event.id,
    previousEventId: event.previousEventId,
  };
  if (event.detailsKey !== undefined && event.details !== undefined) {
    answer[event.detailsKey] = includeExecutionData ? event.details : withoutData(event.details);
  }
  return answer;
}

const DATA_MEMBERS: ReadonlySet<string> = new Set([
  "input",
  "inputDetails",
  "output",
  "outputDetails",
  "parameters",
  "assignedVariables",
  "assignedVariablesDetails",
]);

function withoutData(details: HistoryDetails): HistoryDetails {
  return Object.fromEntries(Object.entries(details).filter(([key]) => !DATA_MEMBERS.has(key)));
}
