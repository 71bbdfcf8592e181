/** What the home and its query process say to each other. */
export interface ColumnInfo {
  name: string;
  /** Athena's word: varchar, bigint, … */
  type: string;
  precision: number;
  scale: number;
  /** For a table made of it. */
  hiveType: string;
}

export interface TableReference {
  database: string;
  name: string;
  /** "line 1:15" of the reference. */
  place: string;
}

/** Where tables of the catalog itself stand in the engine, whose own `information_schema` is another. */
export const INFORMATION_SCHEMA = "$information_schema";

export interface Analysis {
  /** The query in DuckDB's dialect, every table qualified by its database. */
  sql: string;
  tables: TableReference[];
  /** Names of the outermost columns, undefined where the engine's own name is right; `star` is the index of a `*`. */
  outputs: { names: (string | undefined)[]; star: number | undefined };
}

export interface SourceColumn {
  name: string;
  hiveType: string;
}

export type TableSource = { database: string; name: string } & (
  | { kind: "view"; sql: string }
  | { kind: "rows"; columns: SourceColumn[]; rows: (string | null)[][] }
  | {
      kind: "files";
      format: "csv" | "json" | "parquet";
      columns: SourceColumn[];
      partitionKeys: SourceColumn[];
      csv: CsvOptions;
      /** One entry for the table, or each partition; paths on this machine. */
      parts: { values: string[]; files: string[] }[];
    }
);

export interface CsvOptions {
  delimiter: string;
  quote: string;
  escape: string;
  skipLines: number;
  nullText: string;
}

export type Output =
  | { kind: "csv"; path: string }
  | {
      kind: "files";
      directory: string;
      format: "PARQUET" | "JSON" | "TEXTFILE";
      delimiter: string;
      compression: "GZIP" | "SNAPPY" | "ZSTD" | "NONE";
      partitionedBy: string[];
      fileName: string;
      /** INSERT: the names and Hive types of the table, in order; without it those of the query. */
      castTo: SourceColumn[] | undefined;
    }
  | { kind: "describe" };

export interface RunTask {
  kind: "run";
  /** As the caller gave it, for places in messages. */
  query: string;
  analysis: Analysis;
  tables: TableSource[];
  output: Output;
  /** Spill and output lie here; nothing outside it and the tables' files is reachable. */
  workDirectory: string;
  memoryMegabytes: number;
  threads: number;
}

export interface RunResult {
  columns: ColumnInfo[];
  rows: number;
}

export type Task = { kind: "analyse"; query: string; database: string } | RunTask;
export type TaskResult<T extends Task> = T extends RunTask ? RunResult : Analysis;

export type ToEngine = { id: number; task: Task } | { id: number; task: "cancel" } | { task: "warm" };
export type FromEngine =
  | { warm: true }
  | { id: number; result: Analysis | RunResult }
  | { id: number; failure: { query: boolean; message: string } };
