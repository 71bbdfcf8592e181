/** Bodies in and out: what callers may hand as `Body`, and the stream GetObject answers with. */
import { Readable } from "node:stream";
import { sdkStreamMixin } from "@smithy/core/serde";
import { StoredBody } from "../../stored-body.ts";
import { invalidRequest } from "./errors.ts";

/** A body in the SDK's shape, so that callers inside the home read it as any SDK caller does. */
export function answerBody(path: string, start: number, end: number) {
  return sdkStreamMixin(new StoredBody(path, start, end));
}

/** Reads a request's body. @throws AwsError InvalidRequest for a kind of body the home cannot read */
export function readsOf(body: unknown): { chunks: AsyncIterable<Uint8Array>; trailers: () => Record<string, string> } {
  const trailers = () => trailersOf(body);
  if (body instanceof Readable) return { chunks: asBytes(body), trailers };
  if (body instanceof Uint8Array) return { chunks: asBytes([body]), trailers };
  if (typeof body === "string") return { chunks: asBytes([Buffer.from(body)]), trailers };
  if (body === undefined || body === null) return { chunks: asBytes([]), trailers };
  throw invalidRequest("Body must be a Readable, Uint8Array or string");
}

async function* asBytes(source: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    yield chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk));
  }
}

function trailersOf(body: unknown): Record<string, string> {
  if (!(body instanceof Readable) || !("trailers" in body)) return {};
  return Object.fromEntries(Object.entries(Object(body.trailers)).map(([name, value]) => [name, String(value)]));
}
