/** A view as Athena keeps it in the catalog: JSON in base64 in ViewOriginalText. */
import type { Table, TableInput } from "@aws-sdk/client-glue";
import { z } from "zod";
import type { ColumnInfo } from "./engine/protocol.ts";
import { QueryError } from "./sql/query-error.ts";

const View = z.object({ originalSql: z.string(), schema: z.string().default("") });

export function viewQuery(table: Table): { query: string; database: string } {
  const encoded = /\/\* Presto View: ([A-Za-z0-9+/=]+) \*\//.exec(table.ViewOriginalText ?? "")?.[1];
  if (encoded === undefined) {
    throw new QueryError(`INVALID_VIEW: View '${table.DatabaseName}.${table.Name}' was not made by Athena`);
  }
  const view = View.parse(JSON.parse(Buffer.from(encoded, "base64").toString("utf8")));
  return { query: view.originalSql, database: view.schema };
}

export function viewInput(name: string, query: string, schema: string, columns: readonly ColumnInfo[]): TableInput {
  const view = {
    originalSql: query.trim(),
    catalog: "awsdatacatalog",
    schema,
    columns: columns.map((column) => ({ name: column.name, type: column.type })),
  };
  return {
    Name: name,
    TableType: "VIRTUAL_VIEW",
    Parameters: { presto_view: "true", comment: "Presto View" },
    ViewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(view)).toString("base64")} */`,
    ViewExpandedText: "/* Presto View */",
    StorageDescriptor: {
      Columns: columns.map((column) => ({ Name: column.name, Type: column.hiveType })),
      Location: "",
      SerdeInfo: {},
    },
    PartitionKeys: [],
  };
}
