/** Bodies in and out: what callers may hand as `Body`, and the stream GetObject answers with. */
import { Readable } from "node:stream";
import { sdkStreamMixin } from "@smithy/core/serde";
import { StoredBody } from "../../stored-body.ts";
import { invalidRequest } from "./errors.ts";

/** Each is written by itself: a way through the thread pool. */
const READ_BYTES = 512 * 1024;

/** A body in the SDK's shape, so that callers inside the home read it as any SDK caller does. */
export function answerBody(path: string, start: number, end: number) {
  return sdkStreamMixin(new StoredBody(path, start, end));
}

export interface BodyReads {
  chunks: AsyncIterable<Uint8Array>;
  /** Each chunk holds only until the next one is asked for. */
  reused: boolean;
  /** About how many bytes there are; undefined: nobody knows. */
  expectedBytes: number | undefined;
  /** What followed the body; complete once the chunks have ended. */
  trailers: () => Record<string, string>;
}

/** Reads a request's body. @throws AwsError InvalidRequest for a kind of body the home cannot read */
export function readsOf(body: unknown, expectedBytes: number | undefined): BodyReads {
  if (body instanceof StoredBody) return readsOfBody(body);
  const reads = (source: Parameters<typeof asBytes>[0], known = expectedBytes) => ({
    chunks: asBytes(source),
    reused: false,
    expectedBytes: known,
    trailers: () => trailersOf(body),
  });
  if (body instanceof Readable) return reads(body, decodedBytes(body) ?? expectedBytes);
  if (body instanceof Uint8Array) return reads([body], body.length);
  if (typeof body === "string") return reads([Buffer.from(body)], body.length);
  if (body === undefined || body === null) return reads([], 0);
  throw invalidRequest("Body must be a Readable, Uint8Array or string");
}

/** Reads whole files one after the other. */
export function readsOfFiles(files: readonly Readonly<{ path: string; size: number }>[]): BodyReads {
  async function* chunks() {
    for (const { path, size } of files) yield* readsOfBody(new StoredBody(path, 0, size)).chunks;
  }
  const expectedBytes = files.reduce((sum, { size }) => sum + size, 0);
  return { chunks: chunks(), reused: true, expectedBytes, trailers: () => ({}) };
}

function readsOfBody(body: StoredBody): BodyReads {
  const chunks = body.pieces(READ_BYTES);
  return { chunks, reused: true, expectedBytes: body.end - body.start, trailers: () => ({}) };
}

async function* asBytes(source: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    yield chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk));
  }
}

/** Of a body in the aws-chunked coding, whose Content-Length, if there is any, counts the coding too. */
function decodedBytes(body: Readable): number | undefined {
  return "decodedBytes" in body && typeof body.decodedBytes === "number" ? body.decodedBytes : undefined;
}

function trailersOf(body: unknown): Record<string, string> {
  if (!(body instanceof Readable) || !("trailers" in body)) return {};
  return Object.fromEntries(Object.entries(Object(body.trailers)).map(([name, value]) => [name, String(value)]));
}
