/**
 * Which folders of a target are tables: the highest folder whose files all look alike; folders below it are partitions.
 * https://docs.aws.amazon.com/glue/latest/dg/crawler-s3-folder-table-partition.html
 */

import { mergeTypes } from "./column-types.ts";
import type { FileSchema } from "./file-schema.ts";
import type { S3File, Target } from "./s3-target.ts";

export interface CrawledFile {
  file: S3File;
  schema: FileSchema;
}

export interface FoundTable {
  /** Key prefix of the table: empty or ends with "/"; a single file's key where files of a folder differ. */
  prefix: string;
  files: CrawledFile[];
  schema: FileSchema;
  partitionKeys: string[];
  /** Values by folder below the table; empty when not partitioned. */
  partitions: { values: string[]; prefix: string; files: CrawledFile[] }[];
}

/** Two schemas are one table when at least this share of their columns is common. */
const SIMILAR = 0.7;

export function findTables(target: Target, files: readonly CrawledFile[], tableLevel?: number): FoundTable[] {
  if (files.length === 0) return [];
  if (tableLevel === undefined) return tablesUnder(target.prefix, files);
  // Level 1 is the bucket itself, so level n keeps n - 1 folders of the key.
  const byFolder = Map.groupBy(files, ({ file }) => {
    const folders = file.key.split("/").slice(0, tableLevel - 1);
    return folders.length === 0 ? "" : `${folders.join("/")}/`;
  });
  return [...byFolder].map(([prefix, members]) => tableAt(prefix, members));
}

function tablesUnder(prefix: string, files: readonly CrawledFile[]): FoundTable[] {
  if (files.length === 1 || alike(prefix, files)) return [tableAt(prefix, files)];
  const byChild = Map.groupBy(files, ({ file }) => {
    const rest = file.key.slice(prefix.length);
    return rest.includes("/") ? `${prefix}${rest.slice(0, rest.indexOf("/") + 1)}` : file.key;
  });
  return [...byChild].flatMap(([child, members]) =>
    child.endsWith("/") ? tablesUnder(child, members) : [tableAt(child, members)],
  );
}

function alike(prefix: string, files: readonly CrawledFile[]): boolean {
  const [first] = files;
  if (first === undefined) return true;
  const depth = folders(prefix, first.file.key).length;
  return files.every(({ file, schema }) => folders(prefix, file.key).length === depth && similar(first.schema, schema));
}

function similar(left: FileSchema, right: FileSchema): boolean {
  if (left.classification !== right.classification || left.csv?.delimiter !== right.csv?.delimiter) return false;
  const names = new Set(left.columns.map(({ Name }) => Name));
  const common = right.columns.filter(({ Name }) => names.has(Name)).length;
  return common >= SIMILAR * Math.max(left.columns.length, right.columns.length);
}

function tableAt(prefix: string, files: readonly CrawledFile[]): FoundTable {
  const depths = new Set(files.map(({ file }) => folders(prefix, file.key).length));
  const [depth = 0] = depths;
  const partitioned = depths.size === 1 && depth > 0 && (prefix === "" || prefix.endsWith("/"));
  const byFolder = Map.groupBy(files, ({ file }) => file.key.slice(0, file.key.lastIndexOf("/") + 1));
  const pathOf = (folder: string) => folders(prefix, folder);
  const [sample = ""] = byFolder.keys();
  return {
    prefix,
    files: [...files],
    schema: mergeSchemas(files.map(({ schema }) => schema)),
    partitionKeys: partitioned ? pathOf(sample).map((part, index) => keyOf(part, index)) : [],
    partitions: partitioned
      ? [...byFolder].map(([folder, members]) => ({
          values: pathOf(folder).map(partitionValue),
          prefix: folder,
          files: members,
        }))
      : [],
  };
}

/** Folder names between the table and the file. */
function folders(prefix: string, key: string): string[] {
  return key.slice(prefix.length).split("/").slice(0, -1);
}

function keyOf(part: string, index: number): string {
  return part.includes("=") ? part.slice(0, part.indexOf("=")).toLowerCase() : `partition_${index}`;
}

/** Hive writes values percent-encoded; a folder that others named may hold any "%". */
function partitionValue(part: string): string {
  const value = part.slice(part.indexOf("=") + 1);
  try {
    return part.includes("=") ? decodeURIComponent(value) : part;
  } catch {
    return value;
  }
}

function mergeSchemas(schemas: readonly FileSchema[]): FileSchema {
  const [first, ...rest] = schemas;
  if (first === undefined) throw new RangeError("a table needs at least one file");
  const types = new Map<string | undefined, string | undefined>();
  for (const { Name, Type } of schemas.flatMap(({ columns }) => columns)) {
    types.set(Name, mergeTypes(types.get(Name), Type));
  }
  return {
    ...first,
    columns: [...types].map(([Name, Type]) => ({ Name, Type: Type ?? "string" })),
    records: rest.reduce((sum, { records }) => sum + records, first.records),
    bytes: rest.reduce((sum, { bytes }) => sum + bytes, first.bytes),
    ...(first.csv === undefined
      ? {}
      : { csv: { ...first.csv, quoted: schemas.some(({ csv }) => csv?.quoted === true) } }),
  };
}
