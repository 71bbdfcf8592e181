/**
 * SHOW CREATE TABLE and SHOW CREATE VIEW: the statement a table of the catalog could be made by, a line a row.
 * Source: https://docs.aws.amazon.com/athena/latest/ug/show-create-table.html
 */
import type { Column, Table } from "@aws-sdk/client-glue";
import { QueryError } from "../sql/query-error.ts";
import { viewQuery } from "../view-text.ts";

/** @throws QueryError when the table is a view, or the view a table */
export function showCreate(table: Table, kind: "show-create-table" | "show-create-view"): string[] {
  const view = table.TableType === "VIRTUAL_VIEW";
  const name = `${table.DatabaseName}.${table.Name}`;
  if (view !== (kind === "show-create-view"))
    throw new QueryError(view ? `FAILED: ${name} is a view, not a table` : `FAILED: ${name} is a table, not a view`);
  if (view) return [`CREATE VIEW ${name} AS`, ...viewQuery(table).query.split("\n")];
  return [
    `CREATE EXTERNAL TABLE \`${name}\`(`,
    ...columnLines(table.StorageDescriptor?.Columns ?? []),
    ...partitionLines(table.PartitionKeys ?? []),
    ...storageLines(table),
    ...propertyLines("TBLPROPERTIES", table.Parameters ?? {}),
  ];
}

function columnLines(columns: readonly Column[]): string[] {
  return columns.map(({ Name, Type, Comment }, index) => {
    const comment = Comment === undefined || Comment === "" ? "" : ` COMMENT ${quoted(Comment)}`;
    return `  \`${Name}\` ${Type}${comment}${index < columns.length - 1 ? ", " : ")"}`;
  });
}

function partitionLines(keys: readonly Column[]): string[] {
  return keys.length === 0 ? [] : ["PARTITIONED BY ( ", ...columnLines(keys)];
}

function storageLines({ StorageDescriptor }: Table): string[] {
  const { SerdeInfo, InputFormat, OutputFormat, Location } = StorageDescriptor ?? {};
  const part = (words: string, value: string | undefined) => (value ? [words, `  ${quoted(value)}`] : []);
  return [
    ...part("ROW FORMAT SERDE ", SerdeInfo?.SerializationLibrary),
    ...propertyLines("WITH SERDEPROPERTIES", SerdeInfo?.Parameters ?? {}),
    ...part("STORED AS INPUTFORMAT ", InputFormat),
    ...part("OUTPUTFORMAT ", OutputFormat),
    ...part("LOCATION", Location),
  ];
}

function propertyLines(words: string, properties: Readonly<Record<string, string>>): string[] {
  const all = Object.entries(properties);
  if (all.length === 0) return [];
  const end = (index: number) => (index < all.length - 1 ? ", " : ")");
  return [`${words} (`, ...all.map(([name, value], index) => `  ${quoted(name)}=${quoted(value)}${end(index)}`)];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`;
}
