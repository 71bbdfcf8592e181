/** A catalog's table as a DuckDB view over its files, read as the table's SerDe would. */
import { duckType } from "../sql/hive-types.ts";
import type { CsvOptions, SourceColumn, TableSource } from "./protocol.ts";

type Files = Extract<TableSource, { kind: "files" }>;

/**
 * `parquetColumns` answers the column names in Parquet files: what they lack is NULL. `readOnce`: text files are parsed into
 * a table instead, for a query that names the table many times would parse them as often; DuckDB spills it where it is large.
 */
export async function viewOf(
  table: TableSource,
  parquetColumns: (files: readonly string[]) => Promise<string[]>,
  readOnce = false,
): Promise<string> {
  const name = `${quoted(table.database)}.${quoted(table.name)}`;
  if (table.kind === "view") return `CREATE VIEW ${name} AS ${table.sql}`;
  if (table.kind === "rows") return `CREATE VIEW ${name} AS ${rowsQuery(table)}`;
  const parts: string[] = [];
  for (const part of table.parts) {
    if (part.files.length > 0) parts.push(await partQuery(table, part, parquetColumns));
  }
  const kind = readOnce && table.format !== "parquet" ? "TABLE" : "VIEW";
  return `CREATE ${kind} ${name} AS ${parts.length > 0 ? parts.join(" UNION ALL ") : emptyQuery([...table.columns, ...table.partitionKeys])}`;
}

async function partQuery(
  table: Files,
  { values, files }: Files["parts"][number],
  parquetColumns: (files: readonly string[]) => Promise<string[]>,
): Promise<string> {
  const keys = table.partitionKeys.map(
    ({ name, hiveType }, index) => `CAST(${text(values[index] ?? "")} AS ${duckType(hiveType)}) AS ${quoted(name)}`,
  );
  const present = table.format === "parquet" ? await parquetColumns(files) : undefined;
  const columns = table.columns.map(
    (column) => `${columnValue(table.format, column, present)} AS ${quoted(column.name)}`,
  );
  return `SELECT ${[...columns, ...keys].join(", ")} FROM ${reader(table, files)}`;
}

function columnValue(format: Files["format"], { name, hiveType }: SourceColumn, present: string[] | undefined): string {
  const type = duckType(hiveType);
  if (format === "csv") return type === "VARCHAR" ? quoted(name) : lazyValue(quoted(name), type);
  if (format === "json") return quoted(name);
  const inFile = present?.find((one) => one.toLowerCase() === name.toLowerCase());
  return `CAST(${inFile === undefined ? "NULL" : quoted(inFile)} AS ${type})`;
}

/** LazySimpleSerDe: what does not read as the column's type is NULL, not an error; whole numbers have no fraction. */
function lazyValue(column: string, type: string): string {
  if (!/INT$/.test(type) && type !== "INTEGER") return `TRY_CAST(trim(${column}) AS ${type})`;
  return `CASE WHEN regexp_full_match(${column}, '\\s*[+-]?\\d+\\s*') THEN TRY_CAST(trim(${column}) AS ${type}) END`;
}

function reader(table: Files, files: readonly string[]): string {
  const list = `[${files.map(text).join(", ")}]`;
  switch (table.format) {
    case "parquet":
      return `read_parquet(${list}, union_by_name = true)`;
    case "json":
      return `read_json(${list}, format = 'newline_delimited', columns = ${structOf(table.columns)})`;
    default:
      return csvReader(list, table.columns, table.csv);
  }
}

function csvReader(list: string, columns: readonly SourceColumn[], options: CsvOptions): string {
  const texts = columns.map(({ name }) => `${text(name)}: 'VARCHAR'`).join(", ");
  const settings = [
    `delim = ${text(options.delimiter)}`,
    `quote = ${text(options.quote)}`,
    `escape = ${text(options.escape)}`,
    `nullstr = ${text(options.nullText)}`,
    `skip = ${options.skipLines}`,
    `columns = {${texts}}`,
    "header = false, auto_detect = false, null_padding = true, strict_mode = false, parallel = false",
  ];
  return `read_csv(${list}, ${settings.join(", ")})`;
}

function structOf(columns: readonly SourceColumn[]): string {
  return `{${columns.map(({ name, hiveType }) => `${text(name)}: ${text(duckType(hiveType))}`).join(", ")}}`;
}

function rowsQuery({ columns, rows }: Extract<TableSource, { kind: "rows" }>): string {
  if (rows.length === 0) return emptyQuery(columns);
  const values = rows.map((row) => `(${row.map((value) => (value === null ? "NULL" : text(value))).join(", ")})`);
  const names = columns.map((_, index) => `c${index}`);
  const typed = columns.map(
    ({ name, hiveType }, index) => `CAST(c${index} AS ${duckType(hiveType)}) AS ${quoted(name)}`,
  );
  return `SELECT ${typed.join(", ")} FROM (VALUES ${values.join(", ")}) AS t(${names.join(", ")})`;
}

function emptyQuery(columns: readonly SourceColumn[]): string {
  const none = columns.map(({ name, hiveType }) => `CAST(NULL AS ${duckType(hiveType)}) AS ${quoted(name)}`);
  return `SELECT ${none.join(", ") || "1"} WHERE false`;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
