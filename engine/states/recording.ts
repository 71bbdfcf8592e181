/**
 * History as a run writes it down: an event a small record that points at texts, so that a transition costs neither the
 * details object of AWS's shape nor a second copy of a payload. The shape is made when somebody looks (`events`), or never.
 */
import { EVENT_KINDS, type EventKind } from "./event-kinds.ts";
import type { HistoryDetails, HistoryEvent } from "./history.ts";

/** A text that several events share: a payload as JSON, or a state's name. Encoded once a chunk. */
export class SharedText {
  readonly text: string;
  /** Where it stands in the chunk being encoded; see history-codec.ts. */
  chunk = 0;
  index = 0;

  constructor(text: string) {
    this.text = text;
  }
}

/** One event. Which members are set follows from the kind's form. */
export class RecordedEvent {
  readonly kind: number;
  readonly previousEventId: number;
  readonly name: SharedText | undefined;
  readonly payload: SharedText | undefined;
  /** Details that stand for themselves; of an iteration's event its index. */
  readonly details: HistoryDetails | number | undefined;

  constructor(
    kind: number,
    previousEventId: number,
    name: SharedText | undefined,
    payload: SharedText | undefined,
    details: HistoryDetails | number | undefined,
  ) {
    this.kind = kind;
    this.previousEventId = previousEventId;
    this.name = name;
    this.payload = payload;
    this.details = details;
  }
}

/** The events of one batch: ids run on from `firstId`, and all happened at one time. */
export type RecordedHistory = Readonly<{
  firstId: number;
  timestampMs: number;
  events: readonly RecordedEvent[];
}>;

const NOT_TRUNCATED = { truncated: false };

/** The events in AWS's shape. */
export function historyEvents({ firstId, timestampMs, events }: RecordedHistory): HistoryEvent[] {
  return events.map((event, index) => {
    const kind = EVENT_KINDS[event.kind];
    if (kind === undefined) throw new RangeError(`No history event has the number ${event.kind}`);
    return historyEvent(kind, firstId + index, timestampMs, event);
  });
}

function historyEvent(kind: EventKind, id: number, timestamp: number, recorded: RecordedEvent): HistoryEvent {
  const { previousEventId } = recorded;
  const event = { id, previousEventId, type: kind.type, timestamp };
  const details = detailsOf(kind, recorded);
  return details === undefined ? event : { ...event, detailsKey: kind.detailsKey, details };
}

function detailsOf(kind: EventKind, { name, payload, details }: RecordedEvent): HistoryDetails | undefined {
  if (typeof details === "number") return { name: name?.text, index: details };
  if (kind.form === "entered") return { name: name?.text, input: payload?.text, inputDetails: NOT_TRUNCATED };
  if (kind.form === "plain") return details;
  const exited = { name: name?.text, output: payload?.text, outputDetails: NOT_TRUNCATED };
  if (details === undefined) return exited;
  return { ...exited, assignedVariables: details, assignedVariablesDetails: NOT_TRUNCATED };
}
