/**
 * Writes pieces of any size to a file in large ones, while the next are on their way; a large file is sent to the disk
 * meanwhile too, so that little is left for the end.
 */
import type { FileHandle } from "node:fs/promises";

/** Each write is a way through the thread pool; a body arrives in pieces of 64 KB. */
const WRITE_BYTES = 2 ** 20;
const SYNC_BYTES = 4 * 2 ** 20;

export class FileWriter {
  readonly #handle: Pick<FileHandle, "writev" | "datasync" | "sync">;
  readonly #onWritten: (bytes: number) => void;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  #writtenBytes = 0;
  #syncedBytes = 0;
  #syncing: Promise<void> = Promise.resolve();
  #isSyncing = false;

  /** @param onWritten told how much the file holds, each time it has grown */
  constructor(handle: Pick<FileHandle, "writev" | "datasync" | "sync">, onWritten: (bytes: number) => void) {
    this.#handle = handle;
    this.#onWritten = onWritten;
  }

  /** Takes a piece, which must not change before it is written. @throws what an earlier write failed with */
  async write(bytes: Uint8Array): Promise<void> {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes >= WRITE_BYTES) await this.#flush();
  }

  /** Resolves once all that was taken is written. @throws what a write failed with */
  async written(): Promise<void> {
    await this.#flush();
    await this.#writing;
  }

  /** Resolves once all that was written is on the disk. @throws what a sync failed with */
  async synced(): Promise<void> {
    // The system tells of a failure once: what an earlier sync met, a later one may not see.
    await this.#syncing;
    await this.#handle.sync();
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
      this.#writtenBytes += bytesWritten;
      left = without(left, bytesWritten);
    }
    this.#onWritten(this.#writtenBytes);
    if (this.#writtenBytes - this.#syncedBytes >= SYNC_BYTES && !this.#isSyncing) this.#syncMeanwhile();
  }

  #syncMeanwhile(): void {
    this.#syncedBytes = this.#writtenBytes;
    this.#isSyncing = true;
    this.#syncing = this.#handle.datasync().then(() => {
      this.#isSyncing = false;
    });
    // Seen at the end.
    this.#syncing.catch(() => undefined);
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
