/**
 * The compact form of a history, for a host to keep: numbers in bytes, and the texts they point at joined into one.
 *
 * A chunk is complete in itself: names and payloads stand in it, once each, so it reads the same whatever the definition
 * or the engine has become since. Its bytes (every number a LEB128 varint):
 *
 *   form (1) · first id · timestamp, ms · number of events · events · number of texts · the texts' lengths in UTF-16 units
 *   event: kind · id − previousEventId · by the kind's form
 *     entered: name, payload · exited: name, payload, details + 1 · iteration: name, index · plain: details + 1
 *
 * where names, payloads and details (JSON) are numbers of texts, and a details of 0 is none.
 */
import { EVENT_KINDS } from "./event-kinds.ts";
import type { HistoryEvent } from "./history.ts";
import { historyEvents, RecordedEvent, type RecordedHistory, SharedText } from "./recording.ts";

export type HistoryChunk = Readonly<{ firstId: number; lastId: number; codes: Uint8Array; texts: string }>;

/** Chunk bytes that are none of ours, or cut short. */
export class HistoryChunkError extends Error {
  override readonly name = "HistoryChunkError";
  readonly code = "HistoryChunk";
}

const FORM = 1;
/** A page of history reads few chunks, and none of them is large. */
const EVENTS_A_CHUNK = 500;
/** Six numbers of up to 5 bytes an event, and as many for each of its up to 3 texts' lengths. */
const MOST_BYTES_AN_EVENT = 45;
const HEADER_BYTES = 32;

const scratch = new Uint8Array(HEADER_BYTES + EVENTS_A_CHUNK * MOST_BYTES_AN_EVENT);
let written = 0;
let lastChunk = 0;

/** A batch's events as chunks, in order. */
export function encodeHistory(history: RecordedHistory): HistoryChunk[] {
  const chunks: HistoryChunk[] = [];
  for (let from = 0; from < history.events.length; from += EVENTS_A_CHUNK) {
    chunks.push(encodeChunk(history, from, Math.min(from + EVENTS_A_CHUNK, history.events.length)));
  }
  return chunks;
}

function encodeChunk({ firstId, timestampMs, events }: RecordedHistory, from: number, to: number): HistoryChunk {
  const texts: string[] = [];
  lastChunk += 1;
  written = 0;
  put(FORM);
  put(firstId + from);
  put(timestampMs);
  put(to - from);
  for (let index = from; index < to; index += 1) {
    const event = events[index];
    if (event !== undefined) putEvent(event, firstId + index, texts);
  }
  put(texts.length);
  for (const text of texts) put(text.length);
  return {
    firstId: firstId + from,
    lastId: firstId + to - 1,
    codes: scratch.slice(0, written),
    texts: texts.join(""),
  };
}

function putEvent(event: RecordedEvent, id: number, texts: string[]): void {
  put(event.kind);
  put(id - event.previousEventId);
  const { name, payload, details } = event;
  if (name !== undefined) put(placeOf(name, texts));
  if (payload !== undefined) put(placeOf(payload, texts));
  if (typeof details === "number") put(details);
  else if (EVENT_KINDS[event.kind]?.form !== "entered")
    put(details === undefined ? 0 : texts.push(JSON.stringify(details)));
}

function placeOf(shared: SharedText, texts: string[]): number {
  if (shared.chunk !== lastChunk) {
    shared.chunk = lastChunk;
    shared.index = texts.push(shared.text) - 1;
  }
  return shared.index;
}

function put(value: number): void {
  let rest = value;
  // Bit operations hold 32 bits; only a timestamp is larger.
  while (rest >= 0x80000000) {
    scratch[written++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  while (rest > 127) {
    scratch[written++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  scratch[written++] = rest;
}

/**
 * The events of a chunk.
 * @throws {HistoryChunkError} for bytes that `encodeHistory` did not write
 */
export function decodeHistory({ codes, texts }: Pick<HistoryChunk, "codes" | "texts">): HistoryEvent[] {
  const reader = new Reader(codes);
  const form = reader.next();
  if (form !== FORM) throw new HistoryChunkError(`Expected a history chunk of form ${FORM} but found ${form}`);
  const firstId = reader.next();
  const timestampMs = reader.next();
  const count = reader.next();
  const read: Placed[] = [];
  for (let index = 0; index < count; index += 1) read.push(readEvent(reader, firstId + index));
  const shared = readTexts(reader, texts);
  const events = read.map((event) => restored(event, shared));
  return historyEvents({ firstId, timestampMs, events });
}

/** An event whose texts are still numbers. */
type Placed = Readonly<{
  kind: number;
  previousEventId: number;
  name?: number;
  payload?: number;
  details?: number;
  iteration?: number;
}>;

function readEvent(reader: Reader, id: number): Placed {
  const kind = reader.next();
  const event = { kind, previousEventId: id - reader.next() };
  switch (EVENT_KINDS[kind]?.form) {
    case "entered":
      return { ...event, name: reader.next(), payload: reader.next() };
    case "exited":
      return { ...event, name: reader.next(), payload: reader.next(), details: reader.next() - 1 };
    case "iteration":
      return { ...event, name: reader.next(), iteration: reader.next() };
    case "plain":
      return { ...event, details: reader.next() - 1 };
    default:
      throw new HistoryChunkError(`Event ${id} has the kind ${kind}, of ${EVENT_KINDS.length} kinds known`);
  }
}

function readTexts(reader: Reader, texts: string): SharedText[] {
  const shared: SharedText[] = [];
  let at = 0;
  for (let count = reader.next(); count > 0; count -= 1) {
    const length = reader.next();
    shared.push(new SharedText(texts.slice(at, at + length)));
    at += length;
  }
  if (at !== texts.length)
    throw new HistoryChunkError(`The chunk's texts have ${texts.length} characters, but its lengths add up to ${at}`);
  return shared;
}

function restored({ kind, previousEventId, name, payload, details, iteration }: Placed, texts: SharedText[]) {
  const text = (place: number | undefined) => (place === undefined || place < 0 ? undefined : texts[place]);
  const json = text(details)?.text;
  const parsed = json === undefined ? iteration : JSON.parse(json);
  return new RecordedEvent(kind, previousEventId, text(name), text(payload), parsed);
}

class Reader {
  readonly #codes: Uint8Array;
  #at = 0;

  constructor(codes: Uint8Array) {
    this.#codes = codes;
  }

  next(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.#codes[this.#at++];
      if (byte === undefined) throw new HistoryChunkError(`The chunk ends at byte ${this.#codes.length}, mid-number`);
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  }
}
