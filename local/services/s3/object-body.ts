/** Bodies in and out: what callers may hand as `Body`, and the stream GetObject answers with. */
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { sdkStreamMixin } from "@smithy/core/serde";
import { invalidRequest } from "./errors.ts";

const READ_BYTES = 256 * 1024;

/**
 * A stretch of a stored file. The file is opened at the first read, so a body nobody reads (HEAD) costs nothing.
 * `path`, `start` and `end` let a caller inside the home read the file in place instead.
 */
export class ObjectBody extends Readable {
  readonly path: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;

  constructor(path: string, start: number, end: number) {
    super({ highWaterMark: READ_BYTES });
    this.path = path;
    this.start = start;
    this.end = end;
    this.#at = start;
  }

  #at: number;
  #handle: Awaited<ReturnType<typeof open>> | undefined;

  override _read(): void {
    this.#next().then(
      (bytes) => this.push(bytes),
      (error) => this.destroy(error),
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle === undefined) done(error);
    else handle.close().then(() => done(error), done);
  }

  async #next(): Promise<Buffer | null> {
    const wanted = Math.min(READ_BYTES, this.end - this.#at);
    if (wanted <= 0) return null;
    this.#handle ??= await open(this.path, "r");
    const { bytesRead, buffer } = await this.#handle.read(Buffer.allocUnsafe(wanted), 0, wanted, this.#at);
    if (bytesRead === 0)
      throw new RangeError(`${this.path} is shorter than its object: expected ${this.end} bytes, found ${this.#at}`);
    this.#at += bytesRead;
    return buffer.subarray(0, bytesRead);
  }
}

/** A body in the SDK's shape, so that callers inside the home read it as any SDK caller does. */
export function answerBody(path: string, start: number, end: number) {
  return sdkStreamMixin(new ObjectBody(path, start, end));
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
