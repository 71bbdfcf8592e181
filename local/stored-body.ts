/** The body of a stored object, which callers inside the home take from the file it lies in. */
import { createWriteStream } from "node:fs";
import { copyFile, link, open, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const READ_BYTES = 256 * 1024;

/**
 * A stretch of a stored file. The file is opened at the first read, so a body nobody reads (HEAD) costs nothing.
 * {@link saveBody} and {@link shareBody} pass by it.
 */
export class StoredBody extends Readable {
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

/**
 * Writes the body of a GetObject answer to a new file of the caller's own.
 * @throws Error of the file system; TypeError for what is no body
 */
export async function saveBody(body: unknown, file: string): Promise<void> {
  const stored = await wholeFile(body);
  if (stored !== undefined) await copyFile(stored, file);
  else await pipeline(readable(body), createWriteStream(file));
}

/** The same for a file that nobody writes to: no byte is copied where the system allows. */
export async function shareBody(body: unknown, file: string): Promise<void> {
  const stored = await wholeFile(body);
  if (stored === undefined) return await saveBody(body, file);
  await link(stored, file).catch(() => copyFile(stored, file));
}

async function wholeFile(body: unknown): Promise<string | undefined> {
  if (!(body instanceof StoredBody) || body.start > 0) return undefined;
  const { size } = await stat(body.path);
  return size === body.end ? body.path : undefined;
}

function readable(body: unknown): Readable {
  if (body instanceof Readable) return body;
  if (body instanceof Uint8Array || typeof body === "string") return Readable.from([Buffer.from(body)]);
  throw new TypeError("expected the body of a GetObject answer, found nothing readable");
}
