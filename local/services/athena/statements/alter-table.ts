/** ALTER TABLE of columns, location and properties: the catalog's entry is read, changed and written. */
import type { Table, TableInput } from "@aws-sdk/client-glue";
import { splitUri } from "../object-cache.ts";
import { QueryError } from "../sql/query-error.ts";
import type { ColumnDefinition, Statement } from "../sql/statement.ts";
import { callGlue, requireTable, type StatementContext } from "./statement-context.ts";

type Alteration = Extract<Statement, { kind: "add-columns" | "replace-columns" | "set-location" | "set-properties" }>;

export async function alterTable(context: StatementContext, statement: Alteration): Promise<void> {
  const table = await requireTable(context, statement.table);
  const TableInput = { ...inputOf(table), ...changed(table, statement) };
  await callGlue(context, "UpdateTable", { DatabaseName: table.DatabaseName, TableInput });
}

function changed(table: Table, statement: Alteration): Partial<TableInput> {
  const { StorageDescriptor: storage = {}, Parameters } = table;
  switch (statement.kind) {
    case "add-columns": {
      const known = [...(storage.Columns ?? []), ...(table.PartitionKeys ?? [])].map(({ Name }) => Name);
      const twice = statement.columns.find(({ name }) => known.includes(name));
      if (twice !== undefined) throw new QueryError(`FAILED: SemanticException Duplicate column name: ${twice.name}`);
      return {
        StorageDescriptor: { ...storage, Columns: [...(storage.Columns ?? []), ...statement.columns.map(columnOf)] },
      };
    }
    case "replace-columns":
      return { StorageDescriptor: { ...storage, Columns: statement.columns.map(columnOf) } };
    case "set-location":
      splitUri(statement.location);
      return { StorageDescriptor: { ...storage, Location: statement.location } };
    case "set-properties":
      return { Parameters: { ...Parameters, ...statement.properties } };
  }
}

/** What of a table can be written again. */
function inputOf(table: Table): TableInput {
  const { Name, Description, Owner, Retention, StorageDescriptor, PartitionKeys, TableType, Parameters } = table;
  return { Name, Description, Owner, Retention, StorageDescriptor, PartitionKeys, TableType, Parameters };
}

function columnOf({ name, type }: ColumnDefinition) {
  return { Name: name, Type: type };
}
