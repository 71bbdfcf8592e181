/**
 * History events in the shape and order of GetExecutionHistory: a host can answer them as they are (timestamps in ms).
 * Details stand under AWS's own key for the type (`stateEnteredEventDetails`, …); payloads are JSON text, as there.
 */

export type HistoryDetails = { readonly [key: string]: unknown };

/** An event as the engine has it. */
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

/** An event as GetExecutionHistory answers it, with its details under AWS's key: `taskScheduledEventDetails`, … */
export type ApiHistoryEvent = {
  timestamp: Date;
  type: string;
  id: number;
  previousEventId: number;
  [detailsKey: string]: unknown;
};

/** The event as the API has it. */
export function toApiEvent(event: HistoryEvent, includeExecutionData = true): ApiHistoryEvent {
  const answer: ApiHistoryEvent = {
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
