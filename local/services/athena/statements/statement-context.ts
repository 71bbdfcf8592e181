/** What carrying out a statement needs, and what it gives. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Table } from "@aws-sdk/client-glue";
import { AwsError } from "../../../aws-error.ts";
import type { EngineClient } from "../engine/engine-client.ts";
import type { ColumnInfo, Output, RunResult } from "../engine/protocol.ts";
import type { Caller } from "../object-cache.ts";
import type { Query } from "../query-store.ts";
import { resolveTables } from "../resolve-tables.ts";
import { QueryError } from "../sql/query-error.ts";
import type { TableName } from "../sql/statement.ts";

/** Of one query; DuckDB spills to disk beyond it. */
const MEMORY_MEGABYTES = 1024;
export const THREADS = 2;

export interface StatementContext extends Caller {
  query: Query;
  engine: EngineClient;
  cutoffBytes: number | undefined;
  /** Removed when the query ends. */
  workDirectory: string;
}

export interface StatementResult {
  columns: ColumnInfo[];
  scannedBytes: number;
  manifestLocation?: string;
}

/** Analyses, fetches and runs a query proper. */
export async function runQueryText(
  context: StatementContext,
  text: string,
  output: Output,
): Promise<RunResult & { scannedBytes: number }> {
  const { engine, query, signal, workDirectory } = context;
  mkdirSync(workDirectory, { recursive: true });
  const analysis = await engine.perform({ kind: "analyse", query: text, database: query.database }, signal);
  const { tables, scannedBytes } = await resolveTables(context, analysis);
  const limits = { memoryMegabytes: MEMORY_MEGABYTES, threads: THREADS };
  const result = await engine.perform(
    { kind: "run", query: text, analysis, tables, output, workDirectory, ...limits },
    signal,
  );
  return { ...result, scannedBytes };
}

export function outputDirectory({ workDirectory }: StatementContext): string {
  return join(workDirectory, "out");
}

/** As Athena names the files it writes: when, which query. The same when the query runs again, so it writes no second file. */
export function dataFileName({ query }: StatementContext): string {
  const stamp = new Date(query.submittedMs).toISOString().replace(/[-:]/g, "").replace("T", "_").slice(0, 15);
  return `${stamp}_00000_${query.id.slice(0, 5)}_${query.id}`;
}

export function inDatabase(
  { query }: StatementContext,
  { database, name }: TableName,
): { database: string; name: string } {
  const chosen = database ?? query.database;
  if (chosen === "")
    throw new QueryError("MISSING_SCHEMA_NAME: line 1:1: Schema must be specified when session schema is not set");
  return { database: chosen, name };
}

export async function callGlue({ home, principal, signal }: Caller, operation: string, input: object): Promise<object> {
  const output = await home.call("glue", operation, input, principal, signal);
  return typeof output === "object" && output !== null ? output : {};
}

/** Undefined when there is none. */
export async function findTable(
  context: StatementContext,
  { database, name }: { database: string; name: string },
): Promise<Table | undefined> {
  try {
    const { Table: table } = (await callGlue(context, "GetTable", { DatabaseName: database, Name: name })) as {
      Table?: Table;
    };
    return table;
  } catch (thrown) {
    if (thrown instanceof AwsError && thrown.code === "EntityNotFoundException") return undefined;
    throw thrown;
  }
}

export async function requireTable(context: StatementContext, name: TableName): Promise<Table> {
  const place = inDatabase(context, name);
  const table = await findTable(context, place);
  if (table !== undefined) return table;
  throw new QueryError(
    `TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.${place.database}.${place.name}' does not exist`,
  );
}
