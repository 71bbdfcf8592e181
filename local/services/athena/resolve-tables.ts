/** The tables a query reads: looked up in the catalog and fetched from S3, both as the caller. Views are opened up. */
import type { Partition, Table } from "@aws-sdk/client-glue";
import { AwsError } from "../../aws-error.ts";
import type { EngineClient } from "./engine/engine-client.ts";
import { type Analysis, INFORMATION_SCHEMA, type TableReference, type TableSource } from "./engine/protocol.ts";
import { informationSchemaTable } from "./information-schema.ts";
import { type Caller, listObjects, localCopy, type S3Object } from "./object-cache.ts";
import { QueryError } from "./sql/query-error.ts";
import { formatOf } from "./table-format.ts";
import { viewQuery } from "./view-text.ts";

const DEEPEST_VIEW = 20;
const READERS = 4;
/** `"orders$partitions"`: the partitions of orders, a row each. */
const PARTITIONS = "$partitions";

export interface Resolving extends Caller {
  engine: EngineClient;
  /** Refuses when more than this would be read; undefined: no limit. */
  cutoffBytes: number | undefined;
}

export interface Resolved {
  /** Before what needs them. */
  tables: TableSource[];
  scannedBytes: number;
}

/** @throws QueryError when a table is missing or its data may not be read */
export async function resolveTables(resolving: Resolving, analysis: Analysis): Promise<Resolved> {
  const resolved: Resolved = { tables: [], scannedBytes: 0 };
  for (const reference of analysis.tables) await resolve(resolving, reference, resolved, 0);
  return resolved;
}

async function resolve(
  resolving: Resolving,
  reference: TableReference,
  resolved: Resolved,
  depth: number,
): Promise<void> {
  const { database, name } = reference;
  if (resolved.tables.some((table) => table.database === database && table.name === name)) return;
  if (depth > DEEPEST_VIEW) throw new QueryError(`VIEW_IS_RECURSIVE: View '${database}.${name}' is recursive`);
  if (database === INFORMATION_SCHEMA) {
    const rows = await informationSchemaTable(resolving, reference);
    resolved.tables.push({ kind: "rows", database, name, ...rows });
    return;
  }
  if (name.endsWith(PARTITIONS)) {
    resolved.tables.push(await partitionsTable(resolving, reference));
    return;
  }
  const table = await lookUp(resolving, reference);
  if (table.TableType === "VIRTUAL_VIEW") {
    const inner = viewQuery(table);
    const analysis = await resolving.engine.perform({ kind: "analyse", ...inner }, resolving.signal);
    for (const one of analysis.tables) await resolve(resolving, one, resolved, depth + 1);
    resolved.tables.push({ kind: "view", database, name, sql: analysis.sql });
    return;
  }
  const { format, csv } = formatOf(table);
  const columns = (table.StorageDescriptor?.Columns ?? []).map(sourceColumn);
  const partitionKeys = (table.PartitionKeys ?? []).map(sourceColumn);
  const places = await placesOf(resolving, table);
  const parts: { values: string[]; files: string[] }[] = [];
  for (const { values, location } of places) {
    const objects = await listObjects(resolving, location).catch(deniedPath(location));
    resolved.scannedBytes += objects.reduce((sum, { size }) => sum + size, 0);
    if (resolving.cutoffBytes !== undefined && resolved.scannedBytes > resolving.cutoffBytes) {
      throw new QueryError(`Query cancelled! : Bytes scanned limit was exceeded`);
    }
    parts.push({ values, files: await fetchAll(resolving, objects) });
  }
  resolved.tables.push({ kind: "files", database, name, format, csv, columns, partitionKeys, parts });
}

async function fetchAll(caller: Caller, objects: readonly S3Object[]): Promise<string[]> {
  const files: string[] = [];
  const data = objects.filter(({ size }) => size > 0);
  for (let at = 0; at < data.length; at += READERS) {
    const batch = data.slice(at, at + READERS);
    const fetched = batch.map((object) =>
      localCopy(caller, object).catch(deniedPath(`s3://${object.bucket}/${object.key}`)),
    );
    files.push(...(await Promise.all(fetched)));
  }
  return files;
}

async function lookUp({ home, principal, signal }: Caller, { database, name, place }: TableReference): Promise<Table> {
  const glue = (operation: string, input: object) => home.call("glue", operation, input, principal, signal);
  await glue("GetDatabase", { Name: database }).catch((thrown) => {
    throw missing(thrown, `SCHEMA_NOT_FOUND: ${place}: Schema '${database}' does not exist`);
  });
  const output = await glue("GetTable", { DatabaseName: database, Name: name }).catch((thrown) => {
    throw missing(thrown, `TABLE_NOT_FOUND: ${place}: Table 'awsdatacatalog.${database}.${name}' does not exist`);
  });
  const { Table: table } = output as { Table: Table };
  return table;
}

async function partitionsTable(resolving: Resolving, { database, name, place }: TableReference): Promise<TableSource> {
  const table = await lookUp(resolving, { database, name: name.slice(0, -PARTITIONS.length), place });
  const columns = (table.PartitionKeys ?? []).map(sourceColumn);
  if (columns.length === 0)
    throw new QueryError(`TABLE_NOT_FOUND: ${place}: Table 'awsdatacatalog.${database}.${name}' does not exist`);
  const partitions = await partitionsOf(resolving, table);
  return { kind: "rows", database, name, columns, rows: partitions.map(({ Values = [] }) => Values) };
}

async function placesOf(caller: Caller, table: Table): Promise<{ values: string[]; location: string }[]> {
  if ((table.PartitionKeys?.length ?? 0) === 0)
    return [{ values: [], location: table.StorageDescriptor?.Location ?? "" }];
  const partitions = await partitionsOf(caller, table);
  return partitions.map(({ Values, StorageDescriptor }) => ({
    values: Values ?? [],
    location: StorageDescriptor?.Location ?? "",
  }));
}

export async function partitionsOf({ home, principal, signal }: Caller, table: Table): Promise<Partition[]> {
  const partitions: Partition[] = [];
  let NextToken: string | undefined;
  do {
    const names = { DatabaseName: table.DatabaseName, TableName: table.Name };
    const input = { ...names, ...(NextToken === undefined ? {} : { NextToken }) };
    const output = (await home.call("glue", "GetPartitions", input, principal, signal)) as {
      Partitions?: Partition[];
      NextToken?: string;
    };
    partitions.push(...(output.Partitions ?? []));
    NextToken = output.NextToken;
  } while (NextToken !== undefined);
  return partitions;
}

function sourceColumn({ Name, Type }: { Name?: string | undefined; Type?: string | undefined }) {
  return { name: Name ?? "", hiveType: Type ?? "string" };
}

function missing(thrown: unknown, message: string): unknown {
  return thrown instanceof AwsError && thrown.code === "EntityNotFoundException" ? new QueryError(message) : thrown;
}

/** Athena's words for data the caller may not read. */
function deniedPath(location: string): (thrown: unknown) => never {
  return (thrown) => {
    if (thrown instanceof AwsError && /AccessDenied/.test(thrown.code)) {
      throw new QueryError(`PERMISSION_DENIED: Permission denied on S3 path: ${location}: ${thrown.message}`);
    }
    throw thrown;
  };
}
