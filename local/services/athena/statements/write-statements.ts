/** UNLOAD, CREATE TABLE AS and INSERT INTO: a query whose result becomes files in S3. */
import type { Output, RunResult } from "../engine/protocol.ts";
import { listObjects } from "../object-cache.ts";
import { QueryError } from "../sql/query-error.ts";
import type { Options, Statement } from "../sql/statement.ts";
import { formatOf, JSON_SERDE, LAZY_SERDE, PARQUET_SERDE } from "../table-format.ts";
import { putFolder, putText } from "../write-results.ts";
import { addPartitions } from "./partition-statements.ts";
import {
  callGlue,
  dataFileName,
  findTable,
  inDatabase,
  outputDirectory,
  requireTable,
  runQueryText,
  type StatementContext,
  type StatementResult,
} from "./statement-context.ts";
import { externalTable } from "./table-input.ts";

type FilesOutput = Extract<Output, { kind: "files" }>;

export async function unload(
  context: StatementContext,
  { query, location, options }: Extract<Statement, { kind: "unload" }>,
): Promise<StatementResult> {
  await requireEmpty(context, location);
  const output = filesOutput(context, options, "PARQUET");
  const result = await runQueryText(context, query, output);
  return finish(context, result, location, `${context.query.outputFolder}${context.query.id}-manifest.csv`);
}

export async function createTableAs(
  context: StatementContext,
  { table, ifNotExists, options, query, withData }: Extract<Statement, { kind: "create-table-as" }>,
): Promise<StatementResult> {
  const place = inDatabase(context, table);
  const { id, outputFolder } = context.query;
  const existing = await findTable(context, place);
  if (existing !== undefined) {
    // Made by this very query, before the home was killed.
    if (ifNotExists || existing.Parameters?.presto_query_id === id) return { columns: [], scannedBytes: 0 };
    throw new QueryError(
      `TABLE_ALREADY_EXISTS: line 1:1: Destination table 'awsdatacatalog.${place.database}.${place.name}' already exists`,
    );
  }
  const location = option(options, "external_location") ?? `${outputFolder}tables/${id}/`;
  await requireEmpty(context, location);
  const output = filesOutput(context, options, "PARQUET");
  const result = await runQueryText(context, query, withData ? output : { kind: "describe" });
  const unnamed = result.columns.findIndex(({ name }) => /^_col\d+$/.test(name));
  if (unnamed >= 0)
    throw new QueryError(`MISSING_COLUMN_NAME: line 1:1: Column name not specified at position ${unnamed + 1}`);
  const finished = await finish(context, result, location, `${outputFolder}tables/${id}-manifest.csv`);
  const columns = result.columns.map(({ name, hiveType }) => ({ name: name.toLowerCase(), type: hiveType }));
  const keys = new Set(output.partitionedBy);
  const TableInput = externalTable({
    name: place.name,
    columns: columns.filter(({ name }) => !keys.has(name)),
    partitionKeys: columns.filter(({ name }) => keys.has(name)),
    serde: { PARQUET: PARQUET_SERDE, JSON: JSON_SERDE, TEXTFILE: LAZY_SERDE }[output.format],
    serdeParameters:
      output.format === "TEXTFILE" ? { "field.delim": output.delimiter } : { "serialization.format": "1" },
    location,
    parameters: {
      presto_query_id: id,
      classification: output.format === "TEXTFILE" ? "csv" : output.format.toLowerCase(),
    },
  });
  await callGlue(context, "CreateTable", { DatabaseName: place.database, TableInput });
  await addPartitions(context, await requireTable(context, table), finished.folders);
  return finished;
}

export async function insert(
  context: StatementContext,
  { table: name, columns, query }: Extract<Statement, { kind: "insert" }>,
): Promise<StatementResult> {
  const table = await requireTable(context, name);
  const all = [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])].map((column) => ({
    name: column.Name ?? "",
    hiveType: column.Type ?? "string",
  }));
  if (columns !== undefined && columns.join() !== all.map((column) => column.name).join()) {
    throw new QueryError(
      `NOT_SUPPORTED: line 1:1: INSERT with a column list is built for the table's own columns in order: ${all.map((column) => column.name).join(", ")}`,
    );
  }
  const { format, csv } = formatOf(table);
  const output: FilesOutput = {
    ...filesOutput(context, {}, format === "parquet" ? "PARQUET" : format === "json" ? "JSON" : "TEXTFILE"),
    delimiter: csv.delimiter,
    partitionedBy: (table.PartitionKeys ?? []).map(({ Name }) => Name ?? ""),
    castTo: all,
  };
  if (csv.skipLines > 0) {
    throw new QueryError(
      "NOT_SUPPORTED: line 1:1: INSERT into a table with skip.header.line.count would lose rows: its files have a header",
    );
  }
  const result = await runQueryText(context, query, output);
  const location = table.StorageDescriptor?.Location ?? "";
  const finished = await finish(
    context,
    result,
    location,
    `${context.query.outputFolder}${context.query.id}-manifest.csv`,
  );
  await addPartitions(context, table, finished.folders);
  return finished;
}

async function finish(
  context: StatementContext,
  result: RunResult & { scannedBytes: number },
  location: string,
  manifestLocation: string,
): Promise<StatementResult & { folders: string[] }> {
  const { encryption } = context.query;
  const written = await putFolder(context, location, outputDirectory(context), encryption);
  await putText(context, manifestLocation, written.map(({ uri }) => `${uri}\n`).join(""), encryption);
  const folders = [...new Set(written.map(({ folder }) => folder).filter((folder) => folder !== ""))];
  return { columns: [], scannedBytes: result.scannedBytes, manifestLocation, folders };
}

const FORMATS = ["PARQUET", "JSON", "TEXTFILE"] as const;

function filesOutput(context: StatementContext, options: Options, fallback: (typeof FORMATS)[number]): FilesOutput {
  const wanted = (option(options, "format") ?? fallback).toUpperCase();
  const format = FORMATS.find((one) => one === wanted);
  if (format === undefined) {
    throw new QueryError(`NOT_SUPPORTED: line 1:1: format ${wanted} is not built; built are ${FORMATS.join(", ")}`);
  }
  const compression = (option(options, "compression") ?? option(options, "write_compression") ?? "GZIP").toUpperCase();
  const known = (["GZIP", "SNAPPY", "ZSTD", "NONE"] as const).find((one) => one === compression);
  if (known === undefined || (format !== "PARQUET" && known === "SNAPPY")) {
    throw new QueryError(`NOT_SUPPORTED: line 1:1: compression ${compression} is not built for ${format}`);
  }
  const partitionedBy = options.partitioned_by ?? [];
  const name = dataFileName(context);
  return {
    kind: "files",
    directory: outputDirectory(context),
    format,
    delimiter: option(options, "field_delimiter") ?? "\u0001",
    compression: known,
    partitionedBy: Array.isArray(partitionedBy) ? partitionedBy : [partitionedBy],
    fileName: format !== "PARQUET" && known === "GZIP" ? `${name}.gz` : name,
    castTo: undefined,
  };
}

function option(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

/** Files this query wrote before the home was killed do not count: they are written over. */
async function requireEmpty(context: StatementContext, location: string): Promise<void> {
  const others = (await listObjects(context, location)).filter(({ key }) => !key.includes(context.query.id));
  if (others.length === 0) return;
  throw new QueryError(`HIVE_PATH_ALREADY_EXISTS: Target directory for table already exists: ${location}`);
}
