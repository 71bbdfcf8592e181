/** ALTER TABLE: partitions, columns, location and properties. */
import type { Cursor } from "./cursor.ts";
import { parseColumns, parseProperties } from "./parse-create-table.ts";
import type { Partition, Statement } from "./statement.ts";

export function parseAlter(cursor: Cursor): Statement {
  cursor.expect("alter", "table");
  const table = cursor.qualifiedName();
  if (cursor.take("drop")) {
    const ifExists = cursor.take("if", "exists");
    const partitions = [parsePartition(cursor)];
    while (cursor.take(",")) partitions.push(parsePartition(cursor));
    return { kind: "drop-partitions", table, ifExists, partitions };
  }
  if (cursor.take("replace", "columns")) return { kind: "replace-columns", table, columns: parseColumns(cursor) };
  if (cursor.take("set", "location")) return { kind: "set-location", table, location: cursor.string() };
  if (cursor.take("set", "tblproperties"))
    return { kind: "set-properties", table, properties: parseProperties(cursor) };
  cursor.expect("add");
  if (cursor.take("columns")) return { kind: "add-columns", table, columns: parseColumns(cursor) };
  const ifNotExists = cursor.take("if", "not", "exists");
  const partitions: Partition[] = [];
  do partitions.push(parsePartition(cursor));
  while (cursor.next?.text.toLowerCase() === "partition");
  return { kind: "add-partitions", table, ifNotExists, partitions };
}

/** `PARTITION (day = '2024-01-01') LOCATION 's3://…/'`. */
function parsePartition(cursor: Cursor): Partition {
  const values: Record<string, string> = {};
  cursor.expect("partition");
  cursor.expect("(");
  do {
    const key = cursor.identifier();
    cursor.expect("=");
    values[key] = cursor.advance()?.text ?? "";
  } while (cursor.take(","));
  cursor.expect(")");
  return { values, location: cursor.take("location") ? cursor.string() : undefined };
}
