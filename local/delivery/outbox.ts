/**
 * Deliveries that survive the process: written with the change that causes them, made after it is durable.
 *
 *   O1. `enqueue` joins the open batch; the delivery is attempted after the batch is durable.
 *   O2. At least once: a row goes only after its delivery succeeded or was given up, so a crash in between repeats it.
 *   O3. Order is not promised; at most `CONCURRENCY` deliveries run at a time, and what waits stays in the store.
 *   O4. A failure that may pass is tried again, with growing delays and jitter, until attempts or age run out.
 */
import type { Clock } from "../clock.ts";
import type { Row, Statement, Store } from "../store/index.ts";

export interface RetryPolicy {
  /** Attempts after the first; 0 means only one attempt. */
  maximumRetryAttempts: number;
  maximumEventAgeSeconds: number;
}

export interface Delivery<Payload> {
  readonly id: number;
  readonly payload: Payload;
  readonly policy: RetryPolicy;
  /** Failed attempts so far. */
  attempts: number;
  readonly firstMs: number;
}

export type Attempt = { outcome: "delivered" } | { outcome: "failed"; error: unknown; retriable: boolean };

export type GivenUp = "MaximumRetryAttempts" | "MaximumEventAgeInSeconds" | "NotRetriable";

export interface OutboxOptions<Payload> {
  /** Prefix of its table. */
  owner: string;
  store: Store;
  clock: Clock;
  /** 0 ≤ x < 1, for jitter. */
  random: () => number;
  attempt: (delivery: Delivery<Payload>) => Promise<Attempt>;
  /** Its writes are in the batch that removes the delivery. */
  giveUp: (delivery: Delivery<Payload>, error: unknown, why: GivenUp) => void;
  delivered?: (delivery: Delivery<Payload>) => void;
}

export interface Outbox<Payload> {
  enqueue(payload: Payload, policy: RetryPolicy, notBeforeMs?: number): void;
  /** Takes up what an earlier process left. */
  start(): void;
  stop(): void;
  /** Rows still to be delivered. */
  pending(): number;
  /** Resolves when nothing is due or under way: for tests and an orderly end. */
  idle(): Promise<void>;
}

const CONCURRENCY = 64;
const READ_AHEAD = 1024;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 480_000;

/** EventBridge's and Scheduler's default: 185 retries within 24 hours. */
export const DEFAULT_RETRY: RetryPolicy = { maximumRetryAttempts: 185, maximumEventAgeSeconds: 86_400 };

export function createOutbox<Payload>(options: OutboxOptions<Payload>): Outbox<Payload> {
  return new StoredOutbox(options);
}

class StoredOutbox<Payload> implements Outbox<Payload> {
  readonly #options: OutboxOptions<Payload>;
  readonly #insert: Statement;
  readonly #remove: Statement;
  readonly #postpone: Statement;
  readonly #due: Statement;
  readonly #nextDue: Statement;
  readonly #count: Statement;
  /** Read into memory, waiting or under way. Ids are never used again, so one held cannot be mistaken for a later row. */
  readonly #held = new Set<number>();
  readonly #ready: Delivery<Payload>[] = [];
  #active = 0;
  #moreInStore = false;
  #running = false;
  #cancelTimer: (() => void) | undefined;
  #timerMs = Number.POSITIVE_INFINITY;
  #idleWaiters: (() => void)[] = [];

  constructor(options: OutboxOptions<Payload>) {
    this.#options = options;
    const { store, owner } = options;
    const table = `${owner}_outbox`;
    store.migrate(`${owner}-outbox`, [
      `CREATE TABLE ${table} (id INTEGER PRIMARY KEY AUTOINCREMENT, payload TEXT NOT NULL, retries INTEGER NOT NULL, age_seconds INTEGER NOT NULL,
         attempts INTEGER NOT NULL, first_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL) STRICT;
       CREATE INDEX ${table}_due ON ${table} (due_ms)`,
    ]);
    this.#insert = store.prepare(
      `INSERT INTO ${table} (payload, retries, age_seconds, attempts, first_ms, due_ms) VALUES (?, ?, ?, 0, ?, ?) RETURNING id`,
    );
    this.#remove = store.prepare(`DELETE FROM ${table} WHERE id = ?`);
    this.#postpone = store.prepare(`UPDATE ${table} SET attempts = ?, due_ms = ? WHERE id = ?`);
    this.#due = store.prepare(`SELECT * FROM ${table} WHERE due_ms <= ? ORDER BY due_ms, id LIMIT ?`);
    this.#nextDue = store.prepare(`SELECT min(due_ms) AS due FROM ${table} WHERE due_ms > ?`);
    this.#count = store.prepare(`SELECT count(*) AS n FROM ${table}`);
  }

  enqueue(payload: Payload, policy: RetryPolicy, notBeforeMs?: number): void {
    const { store, clock } = this.#options;
    const now = clock.now();
    const dueMs = Math.max(notBeforeMs ?? now, now);
    // An INSERT that returns its id is a write: the transaction opens the batch it joins.
    const row = store.transaction(() =>
      this.#insert.get(JSON.stringify(payload), policy.maximumRetryAttempts, policy.maximumEventAgeSeconds, now, dueMs),
    );
    const delivery: Delivery<Payload> = { id: Number(row?.id), payload, policy, attempts: 0, firstMs: now };
    store.afterCommit(() => this.#committed(delivery, dueMs));
  }

  start(): void {
    this.#running = true;
    this.#moreInStore = true;
    this.#pump();
  }

  stop(): void {
    this.#running = false;
    this.#cancelTimer?.();
  }

  pending(): number {
    return Number(this.#count.get()?.n ?? 0);
  }

  idle(): Promise<void> {
    return this.#active === 0 && this.#ready.length === 0
      ? Promise.resolve()
      : new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  #committed(delivery: Delivery<Payload>, dueMs: number): void {
    if (!this.#running) return;
    if (dueMs > this.#options.clock.now()) {
      this.#wakeAt(dueMs);
    } else if (this.#ready.length >= READ_AHEAD) {
      this.#moreInStore = true;
    } else if (!this.#held.has(delivery.id)) {
      this.#hold(delivery);
      this.#pump();
    }
  }

  #hold(delivery: Delivery<Payload>): void {
    this.#held.add(delivery.id);
    this.#ready.push(delivery);
  }

  #pump(): void {
    while (this.#running && this.#active < CONCURRENCY) {
      if (this.#ready.length === 0 && this.#moreInStore) this.#read();
      const delivery = this.#ready.shift();
      if (delivery === undefined) break;
      this.#active++;
      // Only a failed store ends here; it has told its waiters, and the row is still there.
      void this.#deliver(delivery)
        .catch(() => undefined)
        .finally(() => {
          this.#active--;
          this.#pump();
        });
    }
    if (this.#active > 0 || this.#ready.length > 0) return;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }

  #read(): void {
    const now = this.#options.clock.now();
    const rows = this.#due.all(now, READ_AHEAD + this.#held.size);
    for (const row of rows) if (!this.#held.has(Number(row.id))) this.#hold(fromRow(row));
    this.#moreInStore = rows.length >= READ_AHEAD + this.#held.size;
    const next = this.#nextDue.get(now)?.due;
    if (typeof next === "number") this.#wakeAt(next);
  }

  async #deliver(delivery: Delivery<Payload>): Promise<void> {
    let attempt: Attempt;
    try {
      attempt = await this.#options.attempt(delivery);
    } catch (error) {
      attempt = { outcome: "failed", error, retriable: true };
    }
    // The home closed while the call was under way: the row stays, and the next process delivers it.
    if (!this.#running) return;
    if (attempt.outcome === "delivered") this.#finish(delivery, () => this.#options.delivered?.(delivery));
    else this.#failed(delivery, attempt.error, attempt.retriable);
    await this.#options.store.committed();
    this.#held.delete(delivery.id);
  }

  #failed(delivery: Delivery<Payload>, error: unknown, retriable: boolean): void {
    const { clock, random, giveUp } = this.#options;
    const { policy, attempts, firstMs } = delivery;
    const now = clock.now();
    const grown = Math.min(FIRST_DELAY_MS * 2 ** attempts, LONGEST_DELAY_MS);
    const dueMs = now + Math.ceil(grown * (0.5 + random() / 2));
    const why = !retriable
      ? "NotRetriable"
      : attempts >= policy.maximumRetryAttempts
        ? "MaximumRetryAttempts"
        : dueMs - firstMs > policy.maximumEventAgeSeconds * 1000
          ? "MaximumEventAgeInSeconds"
          : undefined;
    if (why !== undefined) {
      this.#finish(delivery, () => giveUp(delivery, error, why));
      return;
    }
    this.#postpone.run(attempts + 1, dueMs, delivery.id);
    this.#options.store.afterCommit(() => this.#wakeAt(dueMs));
  }

  #finish(delivery: Delivery<Payload>, note: () => void): void {
    this.#options.store.transaction(() => {
      this.#remove.run(delivery.id);
      note();
    });
  }

  #wakeAt(dueMs: number): void {
    if (!this.#running || dueMs >= this.#timerMs) return;
    this.#cancelTimer?.();
    this.#timerMs = dueMs;
    this.#cancelTimer = this.#options.clock.at(dueMs, () => {
      this.#timerMs = Number.POSITIVE_INFINITY;
      this.#moreInStore = true;
      this.#pump();
    });
  }
}

function fromRow<Payload>(row: Row): Delivery<Payload> {
  return {
    id: Number(row.id),
    payload: JSON.parse(String(row.payload)) as Payload,
    policy: { maximumRetryAttempts: Number(row.retries), maximumEventAgeSeconds: Number(row.age_seconds) },
    attempts: Number(row.attempts),
    firstMs: Number(row.first_ms),
  };
}
