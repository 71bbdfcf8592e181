/**
 * The home's durable state: one SQLite file in WAL mode, one writer, group commit.
 *
 *   D1. A write joins the open batch; the batch is committed once per turn of the event loop, then synced to the disk beside
 *       the loop, together with those committed while the disk was busy.
 *   D2. Nothing is acknowledged before its batch is durable: callers await `committed()` before they answer.
 *   D3. An effect that leaves the process (a job started, a request sent) runs in `afterCommit`, never before.
 *   D4. `transaction` is all or nothing inside the batch; it must not await.
 *   D5. An effect that throws keeps no other from running.
 * A commit that fails (disk full) rejects every waiter of that batch and closes the store: what SQLite holds stays as
 * it was, and nothing of the batch was acknowledged. So does a damaged page, whenever a statement comes upon it.
 */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { createLogSync, type LogSync } from "./log-sync.ts";
import { StoreFailedError } from "./store-failed-error.ts";
import { Transactions } from "./transactions.ts";

export type SqlValue = SQLInputValue;
export type Row = Record<string, unknown>;

export interface Statement {
  get(...parameters: SqlValue[]): Row | undefined;
  all(...parameters: SqlValue[]): Row[];
  /** A write: joins the open batch. Returns the number of rows changed. */
  run(...parameters: SqlValue[]): number;
  /**
   * The same for a write that must not fail and whose outcome nobody looks at: cheaper, for it may wait until something is
   * read or the batch is committed. One that fails all the same closes the store.
   */
  queue(...parameters: SqlValue[]): void;
}

export interface Store {
  /** Brings `owner`'s tables to the last of `versions`: each entry is DDL run once, in order, never edited later. */
  migrate(owner: string, versions: readonly string[]): void;
  prepare(sql: string): Statement;
  transaction<T>(work: () => T): T;
  /** Resolves when everything written so far is durable; at once when nothing is pending. */
  committed(): Promise<void>;
  /** Runs `write` as the last of the open batch, just before its commit: for figures many changes of a batch add to. */
  beforeCommit(write: () => void): void;
  /** Runs `effect` once everything written so far is durable; now, when nothing is pending. */
  afterCommit(effect: () => void): void;
  /** Commits what is open and closes the file. */
  close(): void;
}

/** Pages the log grows by before SQLite moves them into the database file: 16 MB, so that a busy home stops for it seldom. */
const CHECKPOINT_PAGES = 4000;

interface Batch {
  lastWrites: (() => void)[];
  effects: (() => void)[];
  durable: Promise<void>;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

export interface StoreListeners {
  /** Told once when the store can write no more. */
  onFailure(failure: StoreFailedError): void;
  /** Told what an effect threw. */
  onEffectThrew(thrown: unknown): void;
}

const NOBODY: StoreListeners = {
  onFailure: () => undefined,
  onEffectThrew: (thrown) => {
    throw thrown;
  },
};

/**
 * Opens (or makes) the database file at `path`; ":memory:" keeps nothing.
 * @throws StoreFailedError when the file is damaged, or not this user's to write
 */
export function openStore(path: string, listeners: StoreListeners = NOBODY): Store {
  if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true });
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    // NORMAL: a commit writes the log but does not wait for the disk; the store syncs the log itself before it acknowledges.
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000`,
    );
    database.exec("CREATE TABLE IF NOT EXISTS migrations (owner TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT");
  } catch (thrown) {
    database?.close();
    throw damaged(path, thrown) ?? forbidden(path, thrown) ?? thrown;
  }
  return new SqliteStore(database, path, listeners);
}

/** SQLite's codes for a file that is not what it wrote: SQLITE_CORRUPT, SQLITE_NOTADB. */
const DAMAGE: readonly number[] = [11, 26];
/** For a disk that does not do as it is told: SQLITE_IOERR, SQLITE_FULL. A large batch writes before its commit. */
const DISK: readonly number[] = [10, 13];

/** Whether SQLite gave one of the codes; what it adds in the upper bits only says more of the same. */
function isOf(codes: readonly number[], thrown: unknown): thrown is Error {
  return thrown instanceof Error && "errcode" in thrown && codes.includes(Number(thrown.errcode) & 0xff);
}

function unwritable(path: string, thrown: unknown): StoreFailedError {
  return new StoreFailedError(
    `could not write ${path}: ${thrown instanceof Error ? thrown.message : String(thrown)}; free space or mend the disk, then start again: nothing unacknowledged was kept`,
    { cause: thrown },
  );
}

/** SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN: a file of somebody else's. */
const RIGHTS: readonly number[] = [3, 8, 14];

function forbidden(path: string, thrown: unknown): StoreFailedError | undefined {
  if (!isOf(RIGHTS, thrown)) return undefined;
  return new StoreFailedError(
    `${path} cannot be opened for writing: ${thrown.message}; make it and its folder yours to write, or choose another --home`,
    { cause: thrown },
  );
}

function damaged(path: string, thrown: unknown): StoreFailedError | undefined {
  if (!isOf(DAMAGE, thrown)) return undefined;
  return new StoreFailedError(
    `${path} is damaged: ${thrown.message}; put back a copy of the home's folder, or save what can be read with \`sqlite3 ${path} .recover\``,
    { cause: thrown },
  );
}

class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #listeners: StoreListeners;
  readonly #log: LogSync;
  readonly #begin: StatementSync;
  readonly #end: StatementSync;
  readonly #transactions: Transactions;
  #batch: Batch | undefined;
  /** Committed, the oldest first; durable once the log is synced. */
  #unsynced: Batch[] = [];
  #failed: StoreFailedError | undefined;

  constructor(database: DatabaseSync, path: string, listeners: StoreListeners) {
    this.#database = database;
    this.#path = path;
    this.#listeners = listeners;
    this.#log = createLogSync(path);
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#end = database.prepare("COMMIT");
    this.#transactions = new Transactions(database);
  }

  migrate(owner: string, versions: readonly string[]): void {
    const known = this.prepare("SELECT version FROM migrations WHERE owner = ?").get(owner);
    const current = Number(known?.version ?? 0);
    if (current > versions.length) {
      throw new StoreFailedError(
        `${this.#path} was written by a newer tidemill (${owner} is at version ${current}, this one knows ${versions.length}); upgrade, or use another --home`,
      );
    }
    const note = this.prepare(
      "INSERT INTO migrations VALUES (?, ?) ON CONFLICT (owner) DO UPDATE SET version = excluded.version",
    );
    for (let version = current; version < versions.length; version++) {
      this.transaction(() => {
        this.#settle(true);
        this.#database.exec(versions[version] ?? "");
        note.run(owner, version + 1);
      });
    }
  }

  prepare(sql: string): Statement {
    const statement: StatementSync = this.#database.prepare(sql);
    return {
      get: (...parameters) => {
        this.#settle(false);
        try {
          return statement.get(...parameters);
        } catch (thrown) {
          throw this.#found(thrown);
        }
      },
      all: (...parameters) => {
        this.#settle(false);
        try {
          return statement.all(...parameters);
        } catch (thrown) {
          throw this.#found(thrown);
        }
      },
      run: (...parameters) => {
        this.#open();
        this.#settle(true);
        try {
          return Number(statement.run(...parameters).changes);
        } catch (thrown) {
          throw this.#found(thrown);
        }
      },
      queue: (...parameters) => {
        this.#open();
        this.#transactions.queue(statement, parameters);
      },
    };
  }

  transaction<T>(work: () => T): T {
    const { effects } = this.#open();
    const effectsBefore = effects.length;
    this.#transactions.begin();
    let result: T;
    try {
      result = work();
    } catch (thrown) {
      this.#transactions.undo();
      // What is undone has no effects.
      effects.length = effectsBefore;
      throw thrown;
    }
    this.#transactions.end();
    return result;
  }

  committed(): Promise<void> {
    if (this.#failed) return Promise.reject(this.#failed);
    return this.#last()?.durable ?? Promise.resolve();
  }

  beforeCommit(write: () => void): void {
    this.#open().lastWrites.push(write);
  }

  afterCommit(effect: () => void): void {
    if (this.#failed) return;
    const last = this.#last();
    if (last) last.effects.push(effect);
    else effect();
  }

  close(): void {
    this.#commit();
    this.#log.close();
    if (this.#database.isOpen) this.#database.close();
  }

  /** What was written last and is not durable yet. */
  #last(): Batch | undefined {
    return this.#batch ?? this.#unsynced.at(-1);
  }

  #open(): Batch {
    if (this.#failed) throw this.#failed;
    if (this.#batch) return this.#batch;
    try {
      this.#begin.run();
    } catch (thrown) {
      throw this.#found(thrown);
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // A batch nobody waits for must not become an unhandled rejection; those who wait see it.
    promise.catch(() => undefined);
    this.#batch = { lastWrites: [], effects: [], durable: promise, resolve, reject };
    setImmediate(() => this.#commit());
    return this.#batch;
  }

  #settle(writing: boolean): void {
    try {
      this.#transactions.settle(writing);
    } catch (thrown) {
      throw this.#cannotWrite(thrown);
    }
  }

  /** What a statement threw; damage, a full disk or a right that is missing closes the store as a failed commit does. */
  #found(thrown: unknown): unknown {
    const failure =
      damaged(this.#path, thrown) ??
      forbidden(this.#path, thrown) ??
      (isOf(DISK, thrown) ? unwritable(this.#path, thrown) : undefined);
    return failure ? this.#failFor(failure) : thrown;
  }

  /** Final: the first failure is the one that is told of. */
  #failFor(failure: StoreFailedError): StoreFailedError {
    if (this.#failed) return this.#failed;
    this.#failed = failure;
    this.#listeners.onFailure(failure);
    return failure;
  }

  #commit(): void {
    const batch = this.#batch;
    if (!batch || !this.#database.isOpen) return;
    if (this.#failed) {
      this.#abandon(batch, this.#failed);
      return;
    }
    try {
      // The batch stays open for them: what they write belongs to it.
      for (const write of batch.lastWrites) write();
      this.#settle(false);
      this.#batch = undefined;
      this.#end.run();
    } catch (thrown) {
      this.#abandon(batch, this.#cannotWrite(thrown));
      return;
    }
    this.#unsynced.push(batch);
    this.#log.sync((failure) => {
      this.#unsynced.shift();
      if (failure) return batch.reject(this.#cannotWrite(failure));
      batch.resolve();
      for (const effect of batch.effects) this.#take(effect);
    });
  }

  #take(effect: () => void): void {
    try {
      effect();
    } catch (thrown) {
      this.#listeners.onEffectThrew(thrown);
    }
  }

  /** Undoes what a store that failed meanwhile has open: it was not acknowledged. */
  #abandon(batch: Batch, reason: StoreFailedError): void {
    this.#batch = undefined;
    this.#transactions.forget();
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
    batch.reject(reason);
  }

  /** The store takes no more work, because of what was thrown. */
  #cannotWrite(thrown: unknown): StoreFailedError {
    return this.#failFor(damaged(this.#path, thrown) ?? unwritable(this.#path, thrown));
  }
}
