/**
 * information_schema: the catalog's databases, tables, columns and views as tables, read as the caller.
 * Source: https://docs.aws.amazon.com/athena/latest/ug/querying-glue-catalog.html
 */
import type { Column, Table } from "@aws-sdk/client-glue";
import { allDatabases, allTables } from "./catalog-pages.ts";
import type { SourceColumn, TableReference } from "./engine/protocol.ts";
import type { Caller } from "./object-cache.ts";
import { trinoType } from "./sql/hive-types.ts";
import { QueryError } from "./sql/query-error.ts";
import { viewQuery } from "./view-text.ts";

type Row = (string | null)[];

const CATALOG = "awsdatacatalog";
const SCHEMA = "information_schema";
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  schemata: ["catalog_name", "schema_name"],
  tables: ["table_catalog", "table_schema", "table_name", "table_type"],
  columns: [
    "table_catalog",
    "table_schema",
    "table_name",
    "column_name",
    "ordinal_position",
    "column_default",
    "is_nullable",
    "data_type",
    "comment",
    "extra_info",
  ],
  views: ["table_catalog", "table_schema", "table_name", "view_definition"],
};
const NUMBERS: ReadonlySet<string> = new Set(["ordinal_position"]);

/** @throws QueryError for a table it does not have */
export async function informationSchemaTable(
  caller: Caller,
  { name, place }: TableReference,
): Promise<{ columns: SourceColumn[]; rows: Row[] }> {
  const names = Object.hasOwn(COLUMNS, name) ? COLUMNS[name] : undefined;
  if (names === undefined)
    throw new QueryError(`TABLE_NOT_FOUND: ${place}: Table '${CATALOG}.${SCHEMA}.${name}' does not exist`);
  const columns = names.map((column) => ({ name: column, hiveType: NUMBERS.has(column) ? "bigint" : "string" }));
  const databases = (await allDatabases(caller)).map(({ Name = "" }) => Name);
  if (name === "schemata") return { columns, rows: [...databases, SCHEMA].sort().map((schema) => [CATALOG, schema]) };
  const tables: Table[] = [];
  for (const database of databases) tables.push(...(await allTables(caller, database)));
  const rowsOf = { tables: tableRows, columns: columnRows, views: viewRows }[name] ?? viewRows;
  return { columns, rows: tables.flatMap((table) => rowsOf(table)).concat(ownRows(name)) };
}

/** Of the schema's own tables. */
function ownRows(name: string): Row[] {
  const own = Object.entries(COLUMNS);
  if (name === "tables") return own.map(([table]) => [CATALOG, SCHEMA, table, "BASE TABLE"]);
  if (name !== "columns") return [];
  return own.flatMap(([table, columns]) =>
    columns.map((column, index) =>
      columnRow(SCHEMA, table, { Name: column, Type: NUMBERS.has(column) ? "bigint" : "string" }, index, ""),
    ),
  );
}

const isView = ({ TableType }: Table) => TableType === "VIRTUAL_VIEW";

function tableRows(table: Table): Row[] {
  return [[CATALOG, table.DatabaseName ?? "", table.Name ?? "", isView(table) ? "VIEW" : "BASE TABLE"]];
}

function columnRows({ DatabaseName = "", Name = "", StorageDescriptor, PartitionKeys = [] }: Table): Row[] {
  const own = StorageDescriptor?.Columns ?? [];
  return [...own, ...PartitionKeys].map((column, index) =>
    columnRow(DatabaseName, Name, column, index, index < own.length ? "" : "partition key"),
  );
}

function columnRow(schema: string, table: string, { Name, Type, Comment }: Column, index: number, extra: string): Row {
  const position = String(index + 1);
  return [CATALOG, schema, table, Name ?? "", position, null, "YES", trinoType(Type ?? "string"), Comment ?? "", extra];
}

function viewRows(table: Table): Row[] {
  if (!isView(table)) return [];
  try {
    return [[CATALOG, table.DatabaseName ?? "", table.Name ?? "", viewQuery(table).query]];
  } catch (thrown) {
    // A view of another engine is in the catalog, and has no text Athena reads.
    if (thrown instanceof QueryError) return [[CATALOG, table.DatabaseName ?? "", table.Name ?? "", null]];
    throw thrown;
  }
}
