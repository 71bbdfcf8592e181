/**
 * The compact form of a history, for a host to keep: numbers in bytes, and the texts they point at joined into one.
 *
 * A chunk is complete in itself: names and payloads stand in it, once each, so it reads the same whatever the definition
 * or the engine has become since. Its bytes (every number a LEB128 varint):
 *
 *   form (2) · first id · timestamp, ms · number of events · number of texts · the texts' lengths in UTF-16 units · events
 *
 * The events are in the form that recording.ts describes. Chunks of form 1, in which every event has all its numbers and
 * stands before the lengths, are still read.
 */
import { ByteWriter } from "./byte-writer.ts";
import type { HistoryEvent } from "./history.ts";
import { ByteReader, EventReader, HistoryChunkError, readFirstForm } from "./history-reader.ts";
import type { RecordedChunk, RecordedHistory } from "./recording.ts";

/** Events `firstId` to `lastId`: their bytes, and the texts these point at. */
export type HistoryChunk = Readonly<{ firstId: number; lastId: number; codes: Uint8Array; texts: string }>;

const FIRST_FORM = 1;
const FORM = 2;
const HEADER_BYTES = 32;
const MOST_BYTES_A_LENGTH = 5;

/** A batch's events as chunks, in order. */
export function encodeHistory({ chunks, timestampMs }: RecordedHistory): HistoryChunk[] {
  return chunks.map((chunk) => encodeChunk(chunk, timestampMs));
}

function encodeChunk({ firstId, count, codes, texts: parts }: RecordedChunk, timestampMs: number): HistoryChunk {
  const texts = parts.map((part) => (typeof part === "string" ? part : JSON.stringify(part)));
  const bytes = new ByteWriter();
  bytes.reserve(HEADER_BYTES + codes.length + texts.length * MOST_BYTES_A_LENGTH);
  bytes.put(FORM);
  bytes.put(firstId);
  bytes.put(timestampMs);
  bytes.put(count);
  bytes.put(texts.length);
  for (const text of texts) bytes.put(text.length);
  bytes.append(codes);
  return { firstId, lastId: firstId + count - 1, codes: bytes.finish(), texts: texts.join("") };
}

/**
 * The events of a chunk.
 * @throws {HistoryChunkError} for bytes that `encodeHistory` did not write
 */
export function decodeHistory({ codes, texts }: Pick<HistoryChunk, "codes" | "texts">): HistoryEvent[] {
  const bytes = new ByteReader(codes);
  const form = bytes.next();
  if (form !== FORM && form !== FIRST_FORM)
    throw new HistoryChunkError(`Expected a history chunk of form ${FIRST_FORM} or ${FORM} but found ${form}`);
  const firstId = bytes.next();
  const timestampMs = bytes.next();
  const count = bytes.next();
  if (form === FIRST_FORM) {
    const events = readFirstForm(bytes, firstId, count);
    const parts = readTexts(bytes, texts);
    return events.map((event) => event(parts, timestampMs));
  }
  const parts = readTexts(bytes, texts);
  const events: HistoryEvent[] = [];
  new EventReader(bytes, parts, timestampMs).read(firstId, count, events);
  return events;
}

function readTexts(bytes: ByteReader, texts: string): string[] {
  const parts: string[] = [];
  let at = 0;
  for (let count = bytes.next(); count > 0; count -= 1) {
    const length = bytes.next();
    parts.push(texts.slice(at, at + length));
    at += length;
  }
  if (at !== texts.length)
    throw new HistoryChunkError(`The chunk's texts have ${texts.length} characters, but its lengths add up to ${at}`);
  return parts;
}
