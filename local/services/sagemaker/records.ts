/**
 * What SageMaker keeps: one document a resource, as Describe shows it, and beside it what only this home needs to go on.
 *
 * Documents are JSON in SQLite; dates survive as `{"$date": milliseconds}`.
 */
import type { Store } from "../../store/index.ts";

export type RecordKind =
  | "processing-job"
  | "training-job"
  | "transform-job"
  | "model-package-group"
  | "model-package"
  | "model"
  | "endpoint-config"
  | "endpoint";

export interface RecordOf<Document, Progress = undefined> {
  name: string;
  document: Document;
  progress: Progress;
}

export interface Records {
  find<D, P = undefined>(kind: RecordKind, name: string): RecordOf<D, P> | undefined;
  /** All of a kind, oldest first. */
  list<D, P = undefined>(kind: RecordKind): RecordOf<D, P>[];
  insert(kind: RecordKind, name: string, document: object, progress?: object): void;
  update(kind: RecordKind, name: string, document: object, progress?: object): void;
  remove(kind: RecordKind, name: string): void;
  /** A number that was never given before under this key: 1, 2, … also after removals. */
  nextNumber(key: string): number;
}

const SCHEMA = `
CREATE TABLE sagemaker_records (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, progress TEXT,
  UNIQUE (kind, name)
) STRICT;
CREATE TABLE sagemaker_numbers (key TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
CREATE TABLE sagemaker_tags (arn TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (arn, key)) STRICT;
`;

export function openRecords(store: Store): Records {
  store.migrate("sagemaker", [SCHEMA]);
  const columns = "SELECT name, document, progress FROM sagemaker_records WHERE kind = ?";
  const find = store.prepare(`${columns} AND name = ?`);
  const list = store.prepare(`${columns} ORDER BY id`);
  const insert = store.prepare("INSERT INTO sagemaker_records (kind, name, document, progress) VALUES (?, ?, ?, ?)");
  const update = store.prepare("UPDATE sagemaker_records SET document = ?, progress = ? WHERE kind = ? AND name = ?");
  const remove = store.prepare("DELETE FROM sagemaker_records WHERE kind = ? AND name = ?");
  const last = store.prepare("SELECT last FROM sagemaker_numbers WHERE key = ?");
  const count = store.prepare(
    "INSERT INTO sagemaker_numbers VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET last = last + 1",
  );
  return {
    find<D, P>(kind: RecordKind, name: string) {
      const row = find.get(kind, name);
      return row === undefined ? undefined : recordOf<D, P>(row);
    },
    list: <D, P>(kind: RecordKind) => list.all(kind).map((row) => recordOf<D, P>(row)),
    insert: (kind, name, document, progress) => {
      insert.run(kind, name, encode(document), progress === undefined ? null : encode(progress));
    },
    update: (kind, name, document, progress) => {
      update.run(encode(document), progress === undefined ? null : encode(progress), kind, name);
    },
    remove: (kind, name) => {
      remove.run(kind, name);
    },
    nextNumber(key) {
      count.run(key);
      return Number(last.get(key)?.last);
    },
  };
}

function recordOf<D, P>(row: Record<string, unknown>): RecordOf<D, P> {
  return {
    name: String(row.name),
    document: decode(String(row.document)),
    progress: decode(row.progress === null ? "{}" : String(row.progress)),
  };
}

function encode(value: object): string {
  // JSON.stringify asks Date.toJSON before the replacer sees the value: the holder still has the Date.
  return JSON.stringify(value, function (this: Record<string, unknown>, key, plain) {
    const held = this[key];
    return held instanceof Date ? { $date: held.getTime() } : plain;
  });
}

function decode<T>(text: string): T {
  return JSON.parse(text, (_key, value) =>
    typeof value === "object" && value !== null && typeof value.$date === "number" ? new Date(value.$date) : value,
  );
}
