/**
 * Deliveries that survive the process: written with the change that causes them, made after it is durable.
 *
 *   O1. `enqueue` joins the open batch; a delivery is attempted after the batch is durable.
 *   O2. At least once: a row goes only after its deliveries succeeded or were given up, so a crash in between repeats them.
 *   O3. Order is not promised; about `CONCURRENCY` deliveries run at a time, and what waits beyond a bounded number of rows
 *       and bytes waits in the store, not in memory.
 *   O4. A failure that may pass is tried again, with growing delays and jitter, until attempts or age run out.
 *   O5. Deliveries enqueued together share a row, which writes what they have in common once; one that fails goes on in a
 *       row of its own, so its retries do not repeat the others.
 */
import type { Clock } from "../clock.ts";
import type { Store } from "../store/index.ts";
import { OutboxRows, type StoredRow } from "./outbox-rows.ts";
import { type GivenUp, nextAttempt, type RetryPolicy } from "./retry.ts";

export interface Outgoing<Payload> {
  readonly payload: Payload;
  readonly policy: RetryPolicy;
}

export interface Delivery<Payload> extends Outgoing<Payload> {
  /** Failed attempts so far. */
  readonly attempts: number;
  readonly firstMs: number;
}

export type Attempt =
  | { outcome: "delivered" }
  | { outcome: "failed"; error: unknown; retriable: boolean }
  /** The target may not be called before `untilMs`; counts as no attempt. */
  | { outcome: "postponed"; untilMs: number };

export interface OutboxOptions<Payload> {
  /** Prefix of its table. */
  owner: string;
  store: Store;
  clock: Clock;
  /** 0 ≤ x < 1, for jitter. */
  random: () => number;
  /** Fields that are the same in all deliveries enqueued together. */
  shared?: readonly (keyof Payload & string)[];
  attempt: (delivery: Delivery<Payload>) => Promise<Attempt>;
  /** Its writes are in the batch that removes the delivery. */
  giveUp: (delivery: Delivery<Payload>, error: unknown, why: GivenUp) => void;
}

export interface Outbox<Payload> {
  /** Writes deliveries caused by one change; they are made at `notBeforeMs` at the earliest. */
  enqueue(outgoing: readonly Outgoing<Payload>[], notBeforeMs?: number): void;
  /** Takes up what an earlier process left. */
  start(): void;
  stop(): void;
}

const CONCURRENCY = 256;

export function createOutbox<Payload>(options: OutboxOptions<Payload>): Outbox<Payload> {
  return new StoredOutbox(options);
}

class StoredOutbox<Payload> implements Outbox<Payload> {
  readonly #options: OutboxOptions<Payload>;
  readonly #rows: OutboxRows<Payload>;
  #active = 0;
  #running = false;
  #cancelTimer: (() => void) | undefined;
  #timerMs = Number.POSITIVE_INFINITY;

  constructor(options: OutboxOptions<Payload>) {
    this.#options = options;
    this.#rows = new OutboxRows(options.store, options.owner, options.shared ?? []);
  }

  enqueue(outgoing: readonly Outgoing<Payload>[], notBeforeMs = 0): void {
    if (outgoing.length === 0) return;
    const { store, clock } = this.#options;
    const now = clock.now();
    const row = this.#rows.insert(outgoing, 0, now, Math.max(notBeforeMs, now));
    store.afterCommit(() => this.#committed(row));
  }

  start(): void {
    this.#running = true;
    this.#rows.readLater();
    this.#pump();
  }

  stop(): void {
    this.#running = false;
    this.#cancelTimer?.();
  }

  #committed(row: StoredRow<Payload>): void {
    if (!this.#running) {
      this.#rows.release(row);
      return;
    }
    const now = this.#options.clock.now();
    this.#rows.offer(row, now);
    if (row.dueMs > now) this.#wakeAt(row.dueMs);
    else this.#pump();
  }

  #pump(): void {
    while (this.#running && this.#active < CONCURRENCY) {
      const { row, nextDueMs } = this.#rows.take(this.#options.clock.now());
      if (nextDueMs !== undefined) this.#wakeAt(nextDueMs);
      if (row === undefined) return;
      this.#active += row.deliveries.length;
      // Only a failed store ends here; it has told its waiters, and the row is still there.
      void this.#deliver(row)
        .catch(() => undefined)
        .finally(() => {
          this.#active -= row.deliveries.length;
          this.#pump();
        });
    }
  }

  async #deliver(row: StoredRow<Payload>): Promise<void> {
    const attempts = await Promise.all(row.deliveries.map((delivery) => this.#attempt(delivery)));
    // The home closed while a call was under way: the row stays, and the next process delivers it.
    if (!this.#running) return;
    if (attempts.every(({ outcome }) => outcome === "delivered")) this.#rows.remove(row);
    else {
      this.#options.store.transaction(() => {
        this.#rows.remove(row);
        row.deliveries.forEach((delivery, index) => {
          const attempt = attempts[index];
          if (attempt !== undefined) this.#settle(delivery, attempt);
        });
      });
    }
    this.#options.store.afterCommit(() => this.#rows.release(row));
  }

  async #attempt(delivery: Delivery<Payload>): Promise<Attempt> {
    try {
      return await this.#options.attempt(delivery);
    } catch (error) {
      return { outcome: "failed", error, retriable: true };
    }
  }

  /** What becomes of a delivery that is not in its row any more. */
  #settle(delivery: Delivery<Payload>, attempt: Attempt): void {
    const { clock, random, giveUp } = this.#options;
    const { attempts, firstMs, policy } = delivery;
    if (attempt.outcome === "postponed") this.#again(delivery, attempts, attempt.untilMs);
    if (attempt.outcome !== "failed") return;
    const next = attempt.retriable
      ? nextAttempt(policy, { attempts, firstMs, nowMs: clock.now() }, random)
      : ({ kind: "give-up", why: "NotRetriable" } as const);
    if (next.kind === "give-up") giveUp(delivery, attempt.error, next.why);
    else this.#again(delivery, attempts + 1, next.dueMs);
  }

  #again(delivery: Delivery<Payload>, attempts: number, dueMs: number): void {
    const row = this.#rows.insert([delivery], attempts, delivery.firstMs, dueMs);
    this.#options.store.afterCommit(() => this.#committed(row));
  }

  #wakeAt(dueMs: number): void {
    if (!this.#running || dueMs >= this.#timerMs) return;
    this.#cancelTimer?.();
    this.#timerMs = dueMs;
    this.#cancelTimer = this.#options.clock.at(dueMs, () => {
      this.#timerMs = Number.POSITIVE_INFINITY;
      this.#rows.readLater();
      this.#pump();
    });
  }
}
