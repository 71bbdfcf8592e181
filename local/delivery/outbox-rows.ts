/**
 * The outbox's rows: in the store until settled, and the next of them in memory.
 *
 * A row is held from its writing, or its reading, to its release: what is held is not read again, nor before it is durable.
 * Ids are never used again within a process, so a held one cannot be mistaken for a later row.
 */
import { ownJson, type Row, type Statement, type Store } from "../store/index.ts";
import type { Delivery, Outgoing } from "./outbox.ts";

export interface StoredRow<Payload> {
  readonly id: number;
  readonly deliveries: readonly Delivery<Payload>[];
  readonly dueMs: number;
  readonly bytes: number;
}

interface Rest<Payload> {
  /** Without the members its row has once for all. */
  readonly payload: Payload;
  readonly policy: Outgoing<unknown>["policy"];
}

const READ_AHEAD_ROWS = 1024;
const READ_AHEAD_BYTES = 16 * 2 ** 20;

export class OutboxRows<Payload> {
  readonly #shared: readonly (keyof Payload & string)[];
  readonly #insert: Statement;
  readonly #remove: Statement;
  readonly #due: Statement;
  readonly #nextDue: Statement;
  readonly #held = new Set<number>();
  #ready: StoredRow<Payload>[] = [];
  #readyBytes = 0;
  #nextId: number;
  #moreInStore = false;

  constructor(store: Store, owner: string, shared: readonly (keyof Payload & string)[]) {
    this.#shared = shared;
    store.migrate(`${owner}-outbox`, tables(owner));
    const table = `${owner}_deliveries`;
    this.#insert = store.prepare(`INSERT INTO ${table} VALUES (?, ?, ?, ?, ?, ?)`);
    this.#remove = store.prepare(`DELETE FROM ${table} WHERE id = ?`);
    this.#due = store.prepare(`SELECT * FROM ${table} WHERE due_ms <= ? ORDER BY due_ms, id LIMIT ?`);
    this.#nextDue = store.prepare(`SELECT min(due_ms) AS due FROM ${table} WHERE due_ms > ?`);
    this.#nextId = Number(store.prepare(`SELECT coalesce(max(id), 0) AS last FROM ${table}`).get()?.last ?? 0) + 1;
  }

  /** Writes a row into the open batch and holds it; the caller offers it once the batch is durable. */
  insert(outgoing: readonly Outgoing<Payload>[], attempts: number, firstMs: number, dueMs: number): StoredRow<Payload> {
    const id = this.#nextId++;
    const shared = JSON.stringify(this.#sharedOf(outgoing[0]?.payload));
    const rests = JSON.stringify(outgoing.map(({ payload, policy }) => ({ payload: this.#restOf(payload), policy })));
    this.#insert.run(id, shared, rests, attempts, firstMs, dueMs);
    this.#held.add(id);
    const deliveries = outgoing.map(({ payload, policy }) => ({ payload, policy, attempts, firstMs }));
    return { id, deliveries, dueMs, bytes: shared.length + rests.length };
  }

  remove({ id }: StoredRow<Payload>): void {
    this.#remove.run(id);
  }

  /** Takes a durable row into memory, if it is due and there is room; else it will be read when its turn comes. */
  offer(row: StoredRow<Payload>, nowMs: number): void {
    if (row.dueMs > nowMs) {
      this.#held.delete(row.id);
    } else if (this.#moreInStore || this.#isFull()) {
      this.#held.delete(row.id);
      this.#moreInStore = true;
    } else {
      this.#push(row);
    }
  }

  /** The next row due. When the store had to be asked, also when the first of those not yet due will be. */
  take(nowMs: number): { row: StoredRow<Payload> | undefined; nextDueMs?: number } {
    const nextDueMs = this.#ready.length === 0 && this.#moreInStore ? this.#read(nowMs) : undefined;
    const row = this.#ready.shift();
    this.#readyBytes -= row?.bytes ?? 0;
    return nextDueMs === undefined ? { row } : { row, nextDueMs };
  }

  /** The row is settled, durably. */
  release({ id }: StoredRow<Payload>): void {
    this.#held.delete(id);
  }

  /** There may be rows in the store that are not in memory. */
  readLater(): void {
    this.#moreInStore = true;
  }

  #read(nowMs: number): number | undefined {
    const limit = READ_AHEAD_ROWS + this.#held.size;
    const rows = this.#due.all(nowMs, limit);
    this.#moreInStore = rows.length === limit;
    for (const row of rows) {
      if (this.#held.has(Number(row.id))) continue;
      if (this.#isFull()) {
        this.#moreInStore = true;
        break;
      }
      this.#held.add(Number(row.id));
      this.#push(fromRow(row));
    }
    const next = this.#nextDue.get(nowMs)?.due;
    return typeof next === "number" ? next : undefined;
  }

  #push(row: StoredRow<Payload>): void {
    this.#ready.push(row);
    this.#readyBytes += row.bytes;
  }

  #isFull(): boolean {
    return this.#ready.length >= READ_AHEAD_ROWS || this.#readyBytes >= READ_AHEAD_BYTES;
  }

  #sharedOf(payload: Payload | undefined): object {
    return Object.fromEntries(this.#shared.map((key) => [key, payload?.[key]]));
  }

  #restOf(payload: Payload): object {
    const rest = { ...payload };
    for (const key of this.#shared) delete rest[key];
    return Object(rest);
  }
}

function fromRow<Payload>(row: Row): StoredRow<Payload> {
  const shared = String(row.shared);
  const rests = String(row.rests);
  const common = ownJson<object>(shared);
  const deliveries = ownJson<Rest<Payload>[]>(rests).map(({ payload, policy }) => ({
    payload: { ...common, ...payload },
    policy,
    attempts: Number(row.attempts),
    firstMs: Number(row.first_ms),
  }));
  return { id: Number(row.id), deliveries, dueMs: Number(row.due_ms), bytes: shared.length + rests.length };
}

/** Version 1 had a row a delivery. */
function tables(owner: string): readonly string[] {
  return [
    `CREATE TABLE ${owner}_outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, payload TEXT NOT NULL, retries INTEGER NOT NULL, age_seconds INTEGER NOT NULL,
       attempts INTEGER NOT NULL, first_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL) STRICT;
     CREATE INDEX ${owner}_outbox_due ON ${owner}_outbox (due_ms)`,
    `CREATE TABLE ${owner}_deliveries (id INTEGER PRIMARY KEY, shared TEXT NOT NULL, rests TEXT NOT NULL, attempts INTEGER NOT NULL,
       first_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL) STRICT;
     INSERT INTO ${owner}_deliveries SELECT id, '{}', json_array(json_object('payload', json(payload), 'policy',
       json_object('maximumRetryAttempts', retries, 'maximumEventAgeSeconds', age_seconds))), attempts, first_ms, due_ms FROM ${owner}_outbox;
     DROP TABLE ${owner}_outbox;
     CREATE INDEX ${owner}_deliveries_due ON ${owner}_deliveries (due_ms, id)`,
  ];
}
