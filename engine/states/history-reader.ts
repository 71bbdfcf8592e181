/** Recorded events back into AWS's shape: of a batch just written down, or of a chunk that was kept. */
import { EVENT_KINDS, type EventKind } from "./event-kinds.ts";
import type { HistoryDetails, HistoryEvent } from "./history.ts";
import { AS_EXPECTED, FOLLOWS_LAST, KIND_BITS, type RecordedHistory } from "./recording.ts";

/** Chunk bytes that are none of ours, or cut short. */
export class HistoryChunkError extends Error {
  override readonly name = "HistoryChunkError";
  readonly code = "HistoryChunk";
}

/** What events point at; details are JSON text once they were encoded. */
export type Texts = readonly (string | HistoryDetails)[];

const NOT_TRUNCATED = { truncated: false };

/** The events of a batch, in AWS's shape. */
export function historyEvents({ chunks, timestampMs }: RecordedHistory): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  for (const { firstId, count, codes, texts } of chunks)
    new EventReader(new ByteReader(codes), texts, timestampMs).read(firstId, count, events);
  return events;
}

/** Reads what a Recording wrote; recording.ts has the form. */
export class EventReader {
  readonly #bytes: ByteReader;
  readonly #texts: Texts;
  readonly #timestampMs: number;
  /** Texts that came already. */
  #known = 0;
  #name = -1;
  #payload = -1;

  constructor(bytes: ByteReader, texts: Texts, timestampMs: number) {
    this.#bytes = bytes;
    this.#texts = texts;
    this.#timestampMs = timestampMs;
  }

  /** Adds the events to `events`. */
  read(firstId: number, count: number, events: HistoryEvent[]): void {
    for (let id = firstId; id < firstId + count; id += 1) events.push(this.#event(id));
  }

  #event(id: number): HistoryEvent {
    const bytes = this.#bytes;
    const head = bytes.byte();
    const number = head & KIND_BITS;
    const kind = kindOf(number === KIND_BITS ? bytes.next() : number, id);
    const previousEventId = (head & FOLLOWS_LAST) === 0 ? id - bytes.next() : id - 1;
    const details = this.#details(kind, (head & AS_EXPECTED) !== 0);
    return shapedEvent(id, previousEventId, kind, this.#timestampMs, details);
  }

  #details({ form }: EventKind, expected: boolean): HistoryDetails | undefined {
    const bytes = this.#bytes;
    if (form === "plain") return expected ? undefined : detailsAt(this.#texts, this.#place(bytes.next()));
    if (expected && form === "entered") this.#name = this.#place(this.#known);
    else if (!expected) this.#name = this.#place(bytes.next());
    if (form === "iteration") return iterationDetails(this.#texts, this.#name, bytes.next());
    if (!expected) this.#payload = this.#place(bytes.next());
    if (form === "entered") return enteredDetails(this.#texts, this.#name, this.#payload);
    return exitedDetails(this.#texts, this.#name, this.#payload, expected ? -1 : this.#place(bytes.next() - 1));
  }

  #place(number: number): number {
    if (number >= this.#known) this.#known = number + 1;
    return number;
  }
}

/** The events of a chunk of the first form, in which every event has all its numbers and the texts follow. */
export function readFirstForm(bytes: ByteReader, firstId: number, count: number) {
  return Array.from({ length: count }, (_, index) => {
    const id = firstId + index;
    const kind = kindOf(bytes.next(), id);
    const previousEventId = id - bytes.next();
    const details = firstFormDetails(kind, bytes);
    return (texts: Texts, timestampMs: number) => shapedEvent(id, previousEventId, kind, timestampMs, details(texts));
  });
}

function firstFormDetails({ form }: EventKind, bytes: ByteReader): (texts: Texts) => HistoryDetails | undefined {
  if (form === "plain") {
    const details = bytes.next() - 1;
    return (texts) => detailsAt(texts, details);
  }
  const [name, second] = [bytes.next(), bytes.next()];
  if (form === "iteration") return (texts) => iterationDetails(texts, name, second);
  if (form === "entered") return (texts) => enteredDetails(texts, name, second);
  const variables = bytes.next() - 1;
  return (texts) => exitedDetails(texts, name, second, variables);
}

function shapedEvent(
  id: number,
  previousEventId: number,
  { type, detailsKey }: EventKind,
  timestamp: number,
  details: HistoryDetails | undefined,
): HistoryEvent {
  if (details === undefined) return { id, previousEventId, type, timestamp };
  return { id, previousEventId, type, timestamp, detailsKey, details };
}

function enteredDetails(texts: Texts, name: number, payload: number): HistoryDetails {
  return { name: texts[name], input: texts[payload], inputDetails: NOT_TRUNCATED };
}

function exitedDetails(texts: Texts, name: number, payload: number, variables: number): HistoryDetails {
  const assignedVariables = detailsAt(texts, variables);
  const exited = { name: texts[name], output: texts[payload], outputDetails: NOT_TRUNCATED };
  if (assignedVariables === undefined) return exited;
  return { ...exited, assignedVariables, assignedVariablesDetails: NOT_TRUNCATED };
}

function iterationDetails(texts: Texts, name: number, index: number): HistoryDetails {
  return { name: texts[name], index };
}

function detailsAt(texts: Texts, place: number): HistoryDetails | undefined {
  if (place < 0) return undefined;
  const details = texts[place];
  return typeof details === "string" ? JSON.parse(details) : details;
}

function kindOf(number: number, id: number): EventKind {
  const kind = EVENT_KINDS[number];
  if (kind === undefined)
    throw new HistoryChunkError(`Event ${id} has the kind ${number}, of ${EVENT_KINDS.length} kinds known`);
  return kind;
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined)
      throw new HistoryChunkError(`The chunk ends at byte ${this.#bytes.length}, in the midst of an event`);
    return byte;
  }

  /** A varint. */
  next(): number {
    const first = this.byte();
    if (first < 128) return first;
    let value = first & 127;
    for (let unit = 128; ; unit *= 128) {
      const byte = this.byte();
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  }
}
