/** Partitions by Hive's folder names: written by a query, found by MSCK REPAIR, or added by hand. */
import type { Table } from "@aws-sdk/client-glue";
import { listObjects } from "../object-cache.ts";
import { partitionsOf } from "../resolve-tables.ts";
import { QueryError } from "../sql/query-error.ts";
import type { Statement } from "../sql/statement.ts";
import { callGlue, requireTable, type StatementContext } from "./statement-context.ts";

/** Registers folders such as "year=2024/" below the table; those known already stay. */
export async function addPartitions(
  context: StatementContext,
  table: Table,
  folders: readonly string[],
): Promise<void> {
  if (folders.length === 0) return;
  const base = (table.StorageDescriptor?.Location ?? "").replace(/\/?$/, "/");
  const PartitionInputList = folders.map((folder) => ({
    Values: valuesOf(folder),
    StorageDescriptor: { ...table.StorageDescriptor, Location: `${base}${folder}` },
  }));
  const names = { DatabaseName: table.DatabaseName, TableName: table.Name };
  await callGlue(context, "BatchCreatePartition", { ...names, PartitionInputList });
}

/** MSCK REPAIR TABLE: every key=value folder with data becomes a partition. */
export async function repair(
  context: StatementContext,
  { table }: { table: Parameters<typeof requireTable>[1] },
): Promise<void> {
  const found = await requireTable(context, table);
  const keys = (found.PartitionKeys ?? []).map(({ Name }) => Name ?? "");
  const location = (found.StorageDescriptor?.Location ?? "").replace(/\/?$/, "/");
  const objects = await listObjects(context, location);
  const prefix = location.replace(/^s3:\/\/[^/]+\//, "");
  const folders = objects
    .map(({ key }) => key.slice(prefix.length, key.lastIndexOf("/") + 1))
    .filter((folder) => {
      const parts = folder.split("/").filter(Boolean);
      return parts.length === keys.length && parts.every((part, index) => part.startsWith(`${keys[index]}=`));
    });
  await addPartitions(context, found, [...new Set(folders)]);
}

export async function addNamedPartitions(
  context: StatementContext,
  { table: name, ifNotExists, partitions }: Extract<Statement, { kind: "add-partitions" }>,
): Promise<void> {
  const table = await requireTable(context, name);
  const keys = (table.PartitionKeys ?? []).map(({ Name }) => Name ?? "");
  const base = (table.StorageDescriptor?.Location ?? "").replace(/\/?$/, "/");
  const PartitionInputList = partitions.map(({ values, location }) => {
    const Values = keys.map((key) => values[key] ?? "");
    const folder = keys.map((key, index) => `${key}=${Values[index]}/`).join("");
    return { Values, StorageDescriptor: { ...table.StorageDescriptor, Location: location ?? `${base}${folder}` } };
  });
  const names = { DatabaseName: table.DatabaseName, TableName: table.Name };
  const { Errors = [] } = (await callGlue(context, "BatchCreatePartition", { ...names, PartitionInputList })) as {
    Errors?: unknown[];
  };
  if (Errors.length > 0 && !ifNotExists)
    throw new QueryError("FAILED: AlreadyExistsException Partition already exists.");
}

/** Of a partition that is given by some of its keys, every one they fit. */
export async function dropPartitions(
  context: StatementContext,
  { table: name, ifExists, partitions }: Extract<Statement, { kind: "drop-partitions" }>,
): Promise<void> {
  const table = await requireTable(context, name);
  const keys = (table.PartitionKeys ?? []).map(({ Name }) => Name ?? "");
  const known = await partitionsOf(context, table);
  const names = { DatabaseName: table.DatabaseName, TableName: table.Name };
  for (const { values } of partitions) {
    const fitting = known.filter(({ Values = [] }) =>
      Object.entries(values).every(([key, value]) => Values[keys.indexOf(key)] === value),
    );
    if (fitting.length === 0 && !ifExists) throw new QueryError("FAILED: SemanticException Partition not found");
    for (const { Values } of fitting) await callGlue(context, "DeletePartition", { ...names, PartitionValues: Values });
  }
}

function valuesOf(folder: string): string[] {
  return folder
    .split("/")
    .filter(Boolean)
    .map((part) => decodeURIComponent(part.slice(part.indexOf("=") + 1)));
}
