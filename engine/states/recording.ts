/**
 * History as a run writes it down: an event a byte or a few, pointing at texts, so that a transition costs neither the
 * details object of AWS's shape nor a second copy of a payload. The shape is made when somebody looks (`events`), or never.
 *
 *   event: head · id − previousEventId, unless it is 1 · by the kind's form
 *     entered: name, payload · exited: name, payload, details + 1 or 0 · iteration: name, index · plain: details
 *   head: the kind's number in six bits, or 63 and the number follows; then two bits: the difference is 1, and the event is as
 *     expected and leaves out
 *       entered: both, for a name that is new and the payload of the event before that had one
 *       exited: all, for the name and the payload of the event before, without details
 *       iteration: the name, the same as before · plain: the details, for there are none
 *
 * where names, payloads and details are numbers of texts, counted as they first come.
 */
import { ByteWriter } from "./byte-writer.ts";
import type { HistoryDetails } from "./history.ts";

/** A text that several events share: a payload as JSON, or a state's name. Once in a chunk. */
export class SharedText {
  readonly text: string;
  /** Where it stands in the chunk that was last to have it. */
  chunk = 0;
  index = 0;

  constructor(text: string) {
    this.text = text;
  }
}

/** Events whose ids run on from `firstId`; details are among the texts they point at. */
export type RecordedChunk = Readonly<{
  firstId: number;
  count: number;
  codes: Uint8Array;
  texts: readonly (string | HistoryDetails)[];
}>;

/** The events of one batch: ids run on, and all happened at one time. */
export type RecordedHistory = Readonly<{ timestampMs: number; chunks: readonly RecordedChunk[] }>;

export const KIND_BITS = 63;
export const FOLLOWS_LAST = 64;
export const AS_EXPECTED = 128;

/** A page of history reads few chunks, and none of them is large. */
const EVENTS_A_CHUNK = 500;
/** Six numbers of up to 5 bytes. */
const MOST_BYTES_AN_EVENT = 30;
const NONE = -1;

let lastChunk = 0;

/** Writes down the events of a batch. */
export class Recording {
  #chunks: RecordedChunk[] = [];
  #bytes: ByteWriter | undefined;
  #texts: (string | HistoryDetails)[] = [];
  #chunk = 0;
  #firstId = 0;
  #count = 0;
  /** Of the last event that had one. */
  #name = NONE;
  #payload = NONE;

  entered(id: number, back: number, kind: number, name: SharedText, payload: SharedText): void {
    const bytes = this.#next(id);
    const newName = this.#texts.length;
    const nameAt = this.#place(name);
    const payloadAt = this.#place(payload);
    const expected = nameAt === newName && payloadAt === this.#payload;
    putHead(bytes, kind, back, expected);
    if (!expected) {
      bytes.put(nameAt);
      bytes.put(payloadAt);
    }
    this.#name = nameAt;
    this.#payload = payloadAt;
  }

  exited(
    id: number,
    back: number,
    kind: number,
    name: SharedText,
    payload: SharedText,
    details: HistoryDetails | undefined,
  ): void {
    const bytes = this.#next(id);
    const nameAt = this.#place(name);
    const payloadAt = this.#place(payload);
    const expected = details === undefined && nameAt === this.#name && payloadAt === this.#payload;
    putHead(bytes, kind, back, expected);
    if (!expected) {
      bytes.put(nameAt);
      bytes.put(payloadAt);
      bytes.put(details === undefined ? 0 : this.#texts.push(details));
    }
    this.#name = nameAt;
    this.#payload = payloadAt;
  }

  iteration(id: number, back: number, kind: number, name: SharedText, index: number): void {
    const bytes = this.#next(id);
    const nameAt = this.#place(name);
    const expected = nameAt === this.#name;
    putHead(bytes, kind, back, expected);
    if (!expected) bytes.put(nameAt);
    bytes.put(index);
    this.#name = nameAt;
  }

  plain(id: number, back: number, kind: number, details: HistoryDetails | undefined): void {
    const bytes = this.#next(id);
    putHead(bytes, kind, back, details === undefined);
    if (details !== undefined) bytes.put(this.#texts.push(details) - 1);
  }

  /** What was written down since the last time. */
  take(): readonly RecordedChunk[] {
    this.#closeChunk();
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  /** Where the next event is written. */
  #next(id: number): ByteWriter {
    if (this.#count === EVENTS_A_CHUNK) this.#closeChunk();
    if (this.#bytes === undefined) {
      this.#bytes = new ByteWriter();
      this.#chunk = ++lastChunk;
      this.#firstId = id;
    }
    this.#count += 1;
    this.#bytes.reserve(MOST_BYTES_AN_EVENT);
    return this.#bytes;
  }

  #closeChunk(): void {
    if (this.#bytes === undefined) return;
    const codes = this.#bytes.finish();
    this.#chunks.push({ firstId: this.#firstId, count: this.#count, codes, texts: this.#texts });
    this.#bytes = undefined;
    this.#texts = [];
    this.#count = 0;
    this.#name = NONE;
    this.#payload = NONE;
  }

  #place(shared: SharedText): number {
    if (shared.chunk !== this.#chunk) {
      shared.chunk = this.#chunk;
      shared.index = this.#texts.push(shared.text) - 1;
    }
    return shared.index;
  }
}

function putHead(bytes: ByteWriter, kind: number, back: number, expected: boolean): void {
  const flags = (back === 1 ? FOLLOWS_LAST : 0) | (expected ? AS_EXPECTED : 0);
  if (kind < KIND_BITS) bytes.putByte(flags | kind);
  else {
    bytes.putByte(flags | KIND_BITS);
    bytes.put(kind);
  }
  if (back !== 1) bytes.put(back);
}
