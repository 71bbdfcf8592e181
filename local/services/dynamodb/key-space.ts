/**
 * What dynalite asks of LevelDB, answered by the home's SQLite store: ordered keys with JSON values, by callback.
 * Every callback is called at once, so that an operation runs whole within one turn and one batch, and needs no locks.
 */
import { Readable } from "node:stream";
import type { SqlValue, Store } from "../../store/index.ts";

type Callback = (error: Error | null, value?: unknown) => void;
type Release = (callback: Callback) => Callback;

interface Range {
  gte?: string;
  gt?: string;
  lte?: string;
  lt?: string;
  reverse?: boolean;
  limit?: number;
}

export interface KeySpace {
  get(key: string, callback: Callback): void;
  put(key: string, value: unknown, callback: Callback): void;
  del(key: string, callback: Callback): void;
  batch(operations: readonly { type: "put" | "del"; key: string; value?: unknown }[], callback: Callback): void;
  createKeyStream(range?: Range): Readable;
  createValueStream(range?: Range): Readable;
  /** Dynalite takes a lock per key; within one turn nobody else can hold it. */
  lock(key: string, work: (release: Release) => void): void;
}

export const TABLES: readonly string[] = [
  "CREATE TABLE dynamodb_entries (space TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (space, key)) STRICT, WITHOUT ROWID;",
];

/** The space of what tables are, by name. */
export const TABLE_SPACE = "table";

const COMPARISONS = [
  ["gte", ">="],
  ["gt", ">"],
  ["lte", "<="],
  ["lt", "<"],
] as const;

/** The key space of one table, index or tag set. */
export function createKeySpace(store: Store, space: string): KeySpace {
  const select = store.prepare("SELECT value FROM dynamodb_entries WHERE space = ? AND key = ?");
  const upsert = store.prepare(
    "INSERT INTO dynamodb_entries VALUES (?, ?, ?) ON CONFLICT (space, key) DO UPDATE SET value = excluded.value",
  );
  const remove = store.prepare("DELETE FROM dynamodb_entries WHERE space = ? AND key = ?");
  const scan = (column: "key" | "value", range: Range = {}) => {
    const where = ["space = ?"];
    const values: SqlValue[] = [space];
    for (const [bound, operator] of COMPARISONS) {
      const value = range[bound];
      if (value !== undefined) where.push(`key ${operator} ?`) && values.push(value);
    }
    const sql = `SELECT ${column} AS found FROM dynamodb_entries WHERE ${where.join(" AND ")} ORDER BY key ${range.reverse ? "DESC" : "ASC"} LIMIT ?`;
    return store
      .prepare(sql)
      .all(...values, range.limit ?? -1)
      .map((row) => String(row.found));
  };
  return {
    get(key, callback) {
      const row = select.get(space, key);
      if (row === undefined) callback(Object.assign(new Error("NotFoundError"), { name: "NotFoundError" }));
      else callback(null, JSON.parse(String(row.value)));
    },
    put(key, value, callback) {
      upsert.run(space, key, JSON.stringify(value));
      callback(null);
    },
    del(key, callback) {
      remove.run(space, key);
      callback(null);
    },
    batch(operations, callback) {
      for (const { type, key, value } of operations) {
        if (type === "del") remove.run(space, key);
        else upsert.run(space, key, JSON.stringify(value));
      }
      callback(null);
    },
    createKeyStream: (range) => Readable.from(scan("key", range)),
    createValueStream: (range) => Readable.from(scan("value", range).map((text) => JSON.parse(text))),
    lock: (_key, work) => work((callback) => callback),
  };
}

/** Drops every entry of a space. */
export function dropKeySpace(store: Store, space: string): void {
  store.prepare("DELETE FROM dynamodb_entries WHERE space = ?").run(space);
}
