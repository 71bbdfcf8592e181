/** The body of a stored object, which callers inside the home take from the file it lies in. */
import { constants, createWriteStream } from "node:fs";
import { copyFile, type FileHandle, link, open, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const READ_BYTES = 256 * 1024;
/** A copy makes two ways through the thread pool for each piece. */
const COPIED_BYTES = 512 * 1024;

/**
 * A stretch of a stored file. The file is opened at the first read, so a body nobody reads (HEAD) costs nothing.
 * {@link saveBody} and {@link shareBody} pass by it; who looks at each piece once reads {@link StoredBody.pieces}.
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
  #handle: FileHandle | undefined;

  /**
   * The same bytes beside the stream, over and over in the same memory: a piece holds until the next one is asked for, which is
   * read meanwhile. A stream hands its pieces away, so each takes new memory, and to get and to free that costs more than to read.
   */
  async *pieces(pieceBytes = READ_BYTES): AsyncGenerator<Buffer, void, undefined> {
    const handle = await open(this.path, "r");
    let reading: Promise<Buffer> | undefined;
    try {
      const size = Math.min(pieceBytes, this.end - this.start);
      let [free, used] = [Buffer.allocUnsafe(size), Buffer.alloc(0)];
      for (let at = this.start; at < this.end; ) {
        const piece: Buffer = await (reading ?? this.#read(handle, free, at));
        at += piece.length;
        [free, used] = [used.length === 0 && at < this.end ? Buffer.allocUnsafe(size) : used, free];
        reading = at < this.end ? this.#read(handle, free, at) : undefined;
        // Seen when it is awaited, unless nobody asks for more.
        reading?.catch(() => undefined);
        yield piece;
      }
    } finally {
      await reading?.catch(() => undefined);
      await handle.close();
    }
  }

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
    const bytes = await this.#read(this.#handle, Buffer.allocUnsafe(wanted), this.#at);
    this.#at += bytes.length;
    return bytes;
  }

  /** Reads into `memory`, at least a byte. */
  async #read(handle: FileHandle, memory: Buffer, at: number): Promise<Buffer> {
    const { bytesRead } = await handle.read(memory, 0, Math.min(memory.length, this.end - at), at);
    if (bytesRead === 0)
      throw new RangeError(`${this.path} is shorter than its object: expected ${this.end} bytes, found ${at}`);
    return memory.subarray(0, bytesRead);
  }
}

/**
 * Writes the body of a GetObject answer to a new file of the caller's own.
 * @throws Error of the file system; TypeError for what is no body
 */
export async function saveBody(body: unknown, file: string): Promise<void> {
  if (!(body instanceof StoredBody)) return await pipeline(readable(body), createWriteStream(file));
  const stored = await wholeFile(body);
  if (stored !== undefined && (await cloned(stored, file))) return;
  await copyPieces(body, file);
}

/** The same for a file that nobody writes to: no byte is copied where the system allows. */
export async function shareBody(body: unknown, file: string): Promise<void> {
  const stored = await wholeFile(body);
  if (stored === undefined) return await saveBody(body, file);
  await link(stored, file).catch(() => saveBody(body, file));
}

async function wholeFile(body: unknown): Promise<string | undefined> {
  if (!(body instanceof StoredBody) || body.start > 0) return undefined;
  const { size } = await stat(body.path);
  return size === body.end ? body.path : undefined;
}

/** Whether the file system gave the file a second owner, to be copied when one of them changes it. */
async function cloned(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    // What is really amiss (no space, no such file) is told when it is copied.
    return false;
  }
}

/** Not by copyFile: its file is sent to the disk before it returns, and most copies do not live for long. */
async function copyPieces(body: StoredBody, file: string): Promise<void> {
  const handle = await open(file, "w");
  try {
    for await (const piece of body.pieces(COPIED_BYTES)) await handle.writeFile(piece);
  } finally {
    await handle.close();
  }
}

function readable(body: unknown): Readable {
  if (body instanceof Readable) return body;
  if (body instanceof Uint8Array || typeof body === "string") return Readable.from([Buffer.from(body)]);
  throw new TypeError("expected the body of a GetObject answer, found nothing readable");
}
