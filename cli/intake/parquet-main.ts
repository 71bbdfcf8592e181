/** Writes Parquet files as CSV, one after the other, as it is asked by IPC; ends with the process that asks. */
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { csvLine } from "../../handlers/curation/lines.ts";
import type { ParquetAnswer, ParquetTask } from "./parquet-messages.ts";
import { LIMITS } from "./part.ts";

/** Of what DuckDB holds; a page that unpacks to more is refused. */
const MEMORY = "512MB";
const VALUES = "COLUMNS(*)::VARCHAR";
const TABLE = "read_parquet($file, binary_as_string = true)";

class Refused extends Error {
  readonly column: number | undefined;

  constructor(reason: string, column?: number) {
    super(reason);
    this.column = column;
  }
}

process.on("message", (task: ParquetTask) => {
  read(task).then((answer) => process.send?.(answer));
});
process.on("disconnect", () => process.exit(0));

/** A DuckDB of its own to each file: what one leaves in memory is not the next one's. */
async function read(task: ParquetTask): Promise<ParquetAnswer> {
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: MEMORY,
    threads: "1",
    temp_directory: "",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  try {
    await writeTable(await instance.connect(), task);
    return {};
  } catch (thrown) {
    if (!(thrown instanceof Refused)) return { refused: toldByDuckdb(thrown) };
    return { refused: thrown.message, ...(thrown.column === undefined ? {} : { column: thrown.column }) };
  } finally {
    instance.closeSync();
  }
}

async function writeTable(connection: DuckDBConnection, { file, text, maxBytes }: ParquetTask): Promise<void> {
  const names = await columnNames(connection, file);
  await refuseManyRows(connection, file);
  await refuseMuchText(connection, file, maxBytes);
  const into = createWriteStream(text, { mode: 0o600 });
  const written = once(into, "finish");
  await write(into, [names]);
  const result = await connection.stream(`SELECT ${VALUES} FROM ${TABLE}`, { file });
  for await (const rows of result.yieldRows()) await write(into, rows);
  into.end();
  await written;
}

/** @throws Refused on columns that hold more than one value, and on names given twice */
async function columnNames(connection: DuckDBConnection, file: string): Promise<string[]> {
  const reader = await connection.runAndReadAll(
    "SELECT name, num_children, repetition_type FROM parquet_schema($file) ORDER BY column_id LIMIT $limit",
    { file, limit: LIMITS.columns + 2 },
  );
  // The first is the table itself.
  const columns = reader.getRowObjectsJson().slice(1);
  if (columns.length > LIMITS.columns) throw new Refused(`Parquet with more than ${LIMITS.columns} columns`);
  const names = new Set<string>();
  for (const { name, num_children: children, repetition_type: repetition } of columns) {
    const shown = JSON.stringify(name);
    // Of what is nested the first is met before what is in it, so those before it are the table's own.
    const column = names.size + 1;
    if (Number(children ?? 0) > 0 || repetition === "REPEATED")
      throw new Refused(`Parquet whose column ${shown} is nested; a table's columns hold one value each`, column);
    if (names.has(String(name))) throw new Refused(`Parquet that names the column ${shown} twice`, column);
    names.add(String(name));
  }
  return [...names];
}

async function refuseManyRows(connection: DuckDBConnection, file: string): Promise<void> {
  const reader = await connection.runAndReadAll("SELECT num_rows FROM parquet_file_metadata($file)", { file });
  const rows = Number(reader.getRowObjectsJson()[0]?.num_rows ?? 0);
  if (rows > LIMITS.rows) throw new Refused(`Parquet of ${rows} rows; ${LIMITS.rows} are published at once, at most`);
}

/** Before any of it is text here: one long value that a small file repeats would be there as often as it has rows. */
async function refuseMuchText(connection: DuckDBConnection, file: string, maxBytes: number): Promise<void> {
  const reader = await connection.runAndReadAll(`SELECT sum(strlen(${VALUES})) FROM ${TABLE}`, { file });
  const bytes = reader.getRowsJson()[0]?.reduce<number>((sum, column) => sum + Number(column ?? 0), 0) ?? 0;
  if (bytes > maxBytes)
    throw new Refused(
      `Parquet with ${megabytes(bytes)} of text; ${megabytes(LIMITS.bytes)} are published at once, at most`,
    );
}

async function write(into: WriteStream, rows: readonly (readonly unknown[])[]): Promise<void> {
  const text = rows.map((row) => `${csvLine(row.map(cell))}\n`).join("");
  if (!into.write(text)) await once(into, "drain");
}

/** In one line: a row is a line. Curation draws white space together anyway. */
function cell(value: unknown): string {
  return value === null ? "" : String(value).replace(/[\r\n]+/g, " ");
}

function toldByDuckdb(thrown: unknown): string {
  const message = (thrown instanceof Error ? thrown.message : String(thrown)).split("\n", 1)[0] ?? "";
  if (message.startsWith("Out of Memory"))
    return `Parquet that takes more than ${MEMORY} to read; write it in smaller row groups and pages`;
  // Its words name a file of ours, and may hold bytes of the user's.
  const said = message.replaceAll(/"?\/[^\s"']*\.parquet"?/g, "the file").replaceAll(/\p{Cc}/gu, "?");
  return `Parquet that cannot be read (${said}); write it again, or publish it as CSV`;
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 ** 2)} MB`;
}
