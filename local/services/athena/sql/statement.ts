/** What a query asks for. A `query` inside keeps its place in the text. */
export interface TableName {
  database: string | undefined;
  name: string;
}

export interface ColumnDefinition {
  name: string;
  type: string;
}

export interface TableDefinition {
  table: TableName;
  ifNotExists: boolean;
  columns: ColumnDefinition[];
  partitionKeys: ColumnDefinition[];
  serde: string | undefined;
  serdeParameters: Record<string, string>;
  format: "TEXTFILE" | "PARQUET" | "JSON";
  location: string;
  parameters: Record<string, string>;
}

export type Options = Record<string, string | string[]>;

export interface Partition {
  values: Record<string, string>;
  location: string | undefined;
}

export type Statement =
  | { kind: "prepare"; name: string; statement: string }
  | { kind: "execute"; name: string; parameters: string[] }
  | { kind: "deallocate"; name: string }
  | { kind: "select"; query: string }
  | { kind: "unload"; query: string; location: string; options: Options }
  | {
      kind: "create-table-as";
      table: TableName;
      ifNotExists: boolean;
      options: Options;
      query: string;
      /** False: WITH NO DATA, a table of the query's columns and no rows. */
      withData: boolean;
    }
  | { kind: "insert"; table: TableName; columns: string[] | undefined; query: string }
  | { kind: "create-view"; view: TableName; orReplace: boolean; query: string }
  | ({ kind: "create-table" } & TableDefinition)
  | { kind: "drop-table" | "drop-view"; table: TableName; ifExists: boolean }
  | { kind: "create-database"; name: string; ifNotExists: boolean }
  | { kind: "drop-database"; name: string; ifExists: boolean; cascade: boolean }
  | { kind: "show-databases"; pattern: string | undefined }
  | { kind: "show-tables" | "show-views"; database: string | undefined; pattern: string | undefined }
  | { kind: "show-properties"; table: TableName; property: string | undefined }
  | { kind: "show-partitions" | "show-columns" | "describe"; table: TableName }
  | { kind: "show-create-table" | "show-create-view"; table: TableName }
  | { kind: "repair"; table: TableName }
  | { kind: "add-partitions"; table: TableName; ifNotExists: boolean; partitions: Partition[] }
  | { kind: "drop-partitions"; table: TableName; ifExists: boolean; partitions: Partition[] }
  | { kind: "add-columns" | "replace-columns"; table: TableName; columns: ColumnDefinition[] }
  | { kind: "set-location"; table: TableName; location: string }
  | { kind: "set-properties"; table: TableName; properties: Record<string, string> };

export function statementType(statement: Statement): "DML" | "DDL" | "UTILITY" {
  switch (statement.kind) {
    case "select":
    case "unload":
    case "insert":
      return "DML";
    case "prepare":
    case "execute":
    case "deallocate":
    case "show-views":
    case "show-properties":
    case "show-databases":
    case "show-tables":
    case "show-partitions":
    case "show-columns":
    case "show-create-table":
    case "show-create-view":
    case "describe":
      return "UTILITY";
    default:
      return "DDL";
  }
}
