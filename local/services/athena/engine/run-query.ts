/**
 * Runs one query in a DuckDB of its own: in memory, limited, and with no file to reach but the tables' and the output's.
 *
 * Order is what makes it safe: the list of allowed paths first, then external access off and settings locked, and only then
 * what has the caller's words in it: the tables' columns and options, the views, the query.
 */

import { once } from "node:events";
import { createWriteStream, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBResult,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";
import { RoomCheck, roomIn } from "../../../disk-room.ts";
import { duckType } from "../sql/hive-types.ts";
import { AS_BIGINT, columnInfo } from "./column-info.ts";
import { formatValue } from "./format-value.ts";
import { PRELUDE } from "./prelude.ts";
import type { Analysis, Output, RunResult, RunTask, TableSource } from "./protocol.ts";
import { quoted, text, viewOf } from "./read-tables.ts";

const CATALOG = "awsdatacatalog";
const MOST_SPILLED_BYTES = 8_000_000_000;

export async function runQuery(
  task: RunTask,
  onConnection: (connection: DuckDBConnection) => void,
): Promise<RunResult> {
  const spill = join(task.workDirectory, "spill");
  mkdirSync(spill, { recursive: true });
  const instance = await createInstance(task, spill);
  try {
    const connection = await instance.connect();
    onConnection(connection);
    await prepare(connection, task);
    return await write(connection, task.analysis, task.output);
  } finally {
    instance.closeSync();
  }
}

/** Takes DuckDB through a query once, so that the first real one finds its library loaded. */
export async function warmUp(): Promise<void> {
  const instance = await createInstance({ memoryMegabytes: 64, threads: 1 }, "");
  try {
    const connection = await instance.connect();
    await prepare(connection, {
      tables: [],
      analysis: { sql: "", tables: [], outputs: { names: [], star: undefined } },
      workDirectory: "/",
    });
    await connection.runAndReadAll("SELECT 1");
  } finally {
    instance.closeSync();
  }
}

function createInstance({ memoryMegabytes, threads }: Pick<RunTask, "memoryMegabytes" | "threads">, spill: string) {
  return DuckDBInstance.create(":memory:", {
    memory_limit: `${memoryMegabytes}MB`,
    threads: String(threads),
    temp_directory: spill,
    max_temp_directory_size: `${spill === "" ? MOST_SPILLED_BYTES : Math.min(MOST_SPILLED_BYTES, roomIn(spill))}B`,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
}

async function prepare(
  connection: DuckDBConnection,
  task: Pick<RunTask, "tables" | "analysis" | "workDirectory">,
): Promise<void> {
  await connection.run(`ATTACH ':memory:' AS ${CATALOG}; USE ${CATALOG}.main`);
  await connection.run("SET integer_division = true; SET TimeZone = 'UTC'");
  await connection.run(PRELUDE.join(";\n"));
  for (const database of new Set(task.tables.map((table) => table.database))) {
    await connection.run(`CREATE SCHEMA IF NOT EXISTS ${quoted(database)}`);
  }
  const files = task.tables.flatMap((table) =>
    table.kind === "files" ? table.parts.flatMap((part) => part.files) : [],
  );
  await connection.run(`SET allowed_paths = [${files.map(text).join(", ")}]`);
  await connection.run(`SET allowed_directories = [${text(`${task.workDirectory}/`)}]`);
  await connection.run("SET enable_external_access = false; SET lock_configuration = true");
  const parquetColumns = async (files: readonly string[]) => {
    const list = `[${files.map(text).join(", ")}]`;
    const described = await connection.run(`SELECT * FROM read_parquet(${list}, union_by_name = true) LIMIT 0`);
    return described.columnNames();
  };
  for (const table of task.tables) {
    await connection.run(await viewOf(table, parquetColumns, referencesTo(table, task.analysis) > 1));
  }
}

/** How often the query names the table. */
function referencesTo(table: TableSource, analysis: Analysis): number {
  return analysis.tables.filter(({ database, name }) => database === table.database && name === table.name).length;
}

async function write(connection: DuckDBConnection, analysis: Analysis, output: Output): Promise<RunResult> {
  const prepared = await connection.prepare(`SELECT * FROM (${analysis.sql}) LIMIT 0`);
  const shape = await prepared.run();
  const names = outputNames(analysis, shape.columnNames());
  const columns = shape.columnTypes().map((type, index) => columnInfo(names[index] ?? `_col${index}`, type));
  if (output.kind === "describe") return { columns, rows: 0 };
  if (output.kind === "csv") {
    const rows = await writeCsv(
      await connection.stream(analysis.sql),
      columns.map(({ name }) => name),
      output.path,
    );
    return { columns, rows };
  }
  const result = await connection.runAndReadAll(copySql(analysis.sql, names, shape, output));
  return { columns, rows: Number(result.getRows()[0]?.[0] ?? 0) };
}

/** Columns after a `*` are counted from the end, for the star stands for any number. */
function outputNames({ outputs: { names, star } }: Analysis, engineNames: readonly string[]): string[] {
  return engineNames.map((engineName, index) => {
    if (star === undefined) return names[index] ?? engineName;
    if (index < star) return names[index] ?? engineName;
    const fromEnd = engineNames.length - index;
    if (fromEnd >= names.length - star) return engineName;
    const name = names[names.length - fromEnd];
    return name?.startsWith("_col") ? `_col${index}` : (name ?? engineName);
  });
}

function copySql(
  sql: string,
  names: readonly string[],
  shape: DuckDBResult,
  output: Extract<Output, { kind: "files" }>,
): string {
  const types = shape.columnTypes();
  const columns = types
    .map(({ typeId }, index) => {
      const name = quoted(names[index] ?? "");
      const target = output.castTo?.[index];
      if (target !== undefined) return `CAST(${name} AS ${duckType(target.hiveType)}) AS ${quoted(target.name)}`;
      return AS_BIGINT.has(typeId) ? `CAST(${name} AS BIGINT) AS ${name}` : name;
    })
    .join(", ");
  if (output.castTo !== undefined && output.castTo.length !== types.length) {
    throw new RangeError(
      `TYPE_MISMATCH: line 1:1: Insert query has mismatched column types: Table: ${output.castTo.length} columns, Query: ${types.length}`,
    );
  }
  const query = `SELECT ${columns} FROM (${sql}) AS q(${names.map(quoted).join(", ")})`;
  const compression = output.compression.toLowerCase();
  const format = {
    PARQUET: `FORMAT parquet, COMPRESSION ${text(compression === "none" ? "uncompressed" : compression)}`,
    JSON: `FORMAT json, COMPRESSION ${text(compression)}`,
    TEXTFILE: `FORMAT csv, HEADER false, DELIMITER ${text(output.delimiter)}, QUOTE '', ESCAPE '', NULLSTR '\\N', COMPRESSION ${text(compression)}`,
  }[output.format];
  // An attempt that was cut off may have left files of other names.
  rmSync(output.directory, { recursive: true, force: true });
  mkdirSync(output.directory, { recursive: true });
  if (output.partitionedBy.length === 0) {
    return `COPY (${query}) TO ${text(join(output.directory, output.fileName))} (${format})`;
  }
  const keys = output.partitionedBy.map(quoted).join(", ");
  return `COPY (${query}) TO ${text(output.directory)} (${format}, PARTITION_BY (${keys}), FILENAME_PATTERN ${text(`${output.fileName}_{i}`)}, OVERWRITE_OR_IGNORE true)`;
}

function formatted(value: DuckDBValue, type: DuckDBType | undefined): string | undefined {
  return type === undefined ? undefined : formatValue(value, type);
}

/** Every value in quotes, NULL as nothing: what Athena writes. */
async function writeCsv(result: DuckDBResult, names: readonly string[], path: string): Promise<number> {
  const line = (values: readonly (string | undefined)[]) =>
    `${values.map((value) => (value === undefined ? "" : `"${value.replaceAll('"', '""')}"`)).join(",")}\n`;
  const types = result.columnTypes();
  let rows = 0;
  const room = new RoomCheck(dirname(path));
  async function* lines() {
    yield line(names);
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      const some = chunk.getRows().map((row) => line(row.map((value, index) => formatted(value, types[index]))));
      rows += some.length;
      const more = some.join("");
      room.take(more.length);
      yield more;
    }
  }
  // A file that cannot be written, as on a full disk, fails the query and not the process with all others.
  const file = createWriteStream(path);
  try {
    await pipeline(lines, file);
  } finally {
    // Its bytes are given back once it is removed and closed.
    if (!file.closed) await once(file, "close");
  }
  return rows;
}
