/** The columns that SHOW and DESCRIBE answer. */
import type { ColumnInfo } from "../engine/protocol.ts";
import type { Statement } from "../sql/statement.ts";

const NAMES: Partial<Record<Statement["kind"], readonly string[]>> = {
  "show-databases": ["database_name"],
  "show-tables": ["tab_name"],
  "show-views": ["views"],
  "show-properties": ["prpt_name", "prpt_value"],
  "show-columns": ["field"],
  "show-partitions": ["partition"],
  "show-create-table": ["createtab_stmt"],
  "show-create-view": ["Create View"],
  describe: ["col_name", "data_type", "comment"],
};

export function catalogColumns(kind: Statement["kind"]): ColumnInfo[] {
  return (NAMES[kind] ?? []).map((name) => ({ name, type: "string", precision: 0, scale: 0, hiveType: "string" }));
}
