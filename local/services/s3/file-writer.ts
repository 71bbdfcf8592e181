/** Writes pieces of any size to a file in large ones, while the next are on their way. */
import type { FileHandle } from "node:fs/promises";

/** Each write is a way through the thread pool; a body arrives in pieces of 64 KB. */
const WRITE_BYTES = 2 ** 20;

export class FileWriter {
  readonly #handle: Pick<FileHandle, "writev">;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(handle: Pick<FileHandle, "writev">) {
    this.#handle = handle;
  }

  /** Takes a piece, which must not change afterwards. @throws what an earlier write failed with */
  async write(bytes: Uint8Array): Promise<void> {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes >= WRITE_BYTES) await this.#flush();
  }

  /** Resolves once all is written. @throws what a write failed with */
  async end(): Promise<void> {
    await this.#flush();
    await this.#writing;
  }

  /** At most two large pieces are held: one on its way to the file, one that fills. */
  async #flush(): Promise<void> {
    await this.#writing;
    const pieces = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#writing = this.#writeWhole(pieces);
    // Seen by whoever writes next.
    this.#writing.catch(() => undefined);
  }

  /** A write may take less than it was given, as on a disk that is nearly full. */
  async #writeWhole(pieces: readonly Uint8Array[]): Promise<void> {
    let left = pieces;
    while (left.length > 0) {
      const { bytesWritten } = await this.#handle.writev([...left]);
      left = without(left, bytesWritten);
    }
  }
}

function without(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes;
  const left: Uint8Array[] = [];
  for (const piece of pieces) {
    if (skip < piece.length) left.push(piece.subarray(skip));
    skip = Math.max(0, skip - piece.length);
  }
  return left;
}
