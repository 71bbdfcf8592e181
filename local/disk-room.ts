/** Room on the disk for what the home itself writes: files of clients, which may be of any size, stop before they take it. */
import { statfsSync } from "node:fs";

/** The store's own file of writes grows to 16 MB; half of that is written before another large file has come and gone. */
const KEPT_BYTES = 8 * 1024 * 1024;
/** Smaller ones are not worth a look. */
const LARGE_BYTES = 1024 * 1024;

/** Bytes that a file below `folder` may still have. */
export function roomIn(folder: string): number {
  const { bavail, bsize, blocks } = statfsSync(folder);
  // A file system that does not tell has room until it says otherwise.
  return blocks === 0 ? Number.POSITIVE_INFINITY : Math.max(0, bavail * bsize - KEPT_BYTES);
}

/** Counts what is written below `folder`. @throws Error ENOSPC, as the disk itself does, before the home's own room is taken */
export class RoomCheck {
  readonly #folder: string;
  #unchecked = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  take(bytes: number): void {
    this.#unchecked += bytes;
    if (this.#unchecked < LARGE_BYTES) return;
    const room = roomIn(this.#folder);
    if (room < this.#unchecked)
      throw Object.assign(new Error(`ENOSPC: ${room} bytes are left for ${this.#unchecked}`), { code: "ENOSPC" });
    this.#unchecked = 0;
  }
}
