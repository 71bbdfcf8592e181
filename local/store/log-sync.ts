/**
 * Syncs SQLite's write-ahead log to the disk without holding up the event loop: one sync at a time, each for everything
 * that was asked for before it began.
 */
import { close, fdatasync, fdatasyncSync, fsyncSync, openSync } from "node:fs";
import { dirname } from "node:path";

type Done = (failure: Error | undefined) => void;

export interface LogSync {
  /** Calls `done` once what is in the log now is on the disk. */
  sync(done: Done): void;
  /** Syncs at once, tells those who wait, and lets the file go. */
  close(): void;
}

/** The log of the database at `path`; one in memory has none and is never waited for. */
export function createLogSync(path: string): LogSync {
  if (path === ":memory:") return { sync: (done) => done(undefined), close: () => undefined };
  return new FileLogSync(path);
}

class FileLogSync implements LogSync {
  readonly #path: string;
  #file: number | undefined;
  #waiting: Done[] = [];
  #underWay: Done[] = [];
  #syncing = false;
  #closed = false;

  constructor(path: string) {
    this.#path = path;
  }

  sync(done: Done): void {
    this.#waiting.push(done);
    if (!this.#syncing) this.#begin();
  }

  close(): void {
    this.#closed = true;
    const told = [...this.#underWay, ...this.#waiting];
    this.#underWay = [];
    this.#waiting = [];
    let failure: Error | undefined;
    try {
      if (told.length > 0) fdatasyncSync(this.#open());
    } catch (thrown) {
      failure = asError(thrown);
    }
    for (const done of told) done(failure);
    if (!this.#syncing) this.#release();
  }

  #begin(): void {
    this.#underWay = this.#waiting;
    this.#waiting = [];
    try {
      this.#syncing = true;
      fdatasync(this.#open(), (failure) => this.#ended(failure ?? undefined));
    } catch (thrown) {
      this.#ended(asError(thrown));
    }
  }

  #ended(failure: Error | undefined): void {
    this.#syncing = false;
    const told = this.#underWay;
    this.#underWay = [];
    if (this.#closed) this.#release();
    // The next sync goes to the disk while those of this one are told.
    else if (this.#waiting.length > 0) this.#begin();
    for (const done of told) done(failure);
  }

  /** SQLite makes the log with the first write; its name in the folder is synced once. */
  #open(): number {
    if (this.#file !== undefined) return this.#file;
    this.#file = openSync(`${this.#path}-wal`, "r+");
    if (process.platform !== "win32") syncFolder(dirname(this.#path));
    return this.#file;
  }

  #release(): void {
    if (this.#file !== undefined) close(this.#file);
    this.#file = undefined;
  }
}

/** Not on Windows, which opens no folder and keeps its entries by itself. */
function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  fsyncSync(folder);
  close(folder);
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
