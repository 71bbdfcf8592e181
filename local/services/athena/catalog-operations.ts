/**
 * The catalog as Athena shows it: what SQL clients (PyAthena, JDBC) read tables and columns from. It is Glue's, read as the caller.
 * Source: https://docs.aws.amazon.com/athena/latest/APIReference/API_GetTableMetadata.html
 */
import type { Column, TableMetadata } from "@aws-sdk/client-athena";
import type { GetDatabasesResponse, GetTablesResponse, Database as GlueDatabase, Table } from "@aws-sdk/client-glue";
import { AwsError } from "../../aws-error.ts";
import type { Call, Operations } from "../../define-service.ts";
import type { Athena, Sdk } from "./context.ts";
import { invalidRequest } from "./errors.ts";

const CATALOG = "AwsDataCatalog";
const PAGE = 50;

export function catalogOperations({ home }: Athena): Operations<Sdk> {
  const authorize = (input: { CatalogName?: string | undefined }) => ({
    resource: `arn:aws:athena:${home.region}:${home.accountId}:datacatalog/${input.CatalogName ?? CATALOG}`,
  });
  const glue = async <T extends object>(
    operation: string,
    input: object,
    { principal, signal, requestId }: Call,
  ): Promise<T> => {
    try {
      return (await home.call("glue", operation, input, principal, signal)) as T;
    } catch (thrown) {
      throw metadataError(thrown, requestId);
    }
  };
  return {
    ListDataCatalogs: { handle: () => ({ DataCatalogsSummary: [{ CatalogName: CATALOG, Type: "GLUE" }] }) },
    GetDataCatalog: {
      authorize: ({ Name }) => authorize({ CatalogName: Name }),
      handle({ Name }) {
        checkCatalog(Name);
        return { DataCatalog: { Name: CATALOG, Type: "GLUE", Parameters: { "catalog-id": home.accountId } } };
      },
    },
    ListDatabases: {
      authorize,
      async handle({ CatalogName, NextToken, MaxResults = PAGE }, call) {
        checkCatalog(CatalogName);
        const page = await glue<GetDatabasesResponse>("GetDatabases", { NextToken, MaxResults }, call);
        return { DatabaseList: (page.DatabaseList ?? []).map(databaseOf), NextToken: page.NextToken };
      },
    },
    GetDatabase: {
      authorize,
      async handle({ CatalogName, DatabaseName }, call) {
        checkCatalog(CatalogName);
        const found = await glue<{ Database: GlueDatabase }>("GetDatabase", { Name: DatabaseName }, call);
        return { Database: databaseOf(found.Database) };
      },
    },
    ListTableMetadata: {
      authorize,
      async handle({ CatalogName, DatabaseName, Expression, NextToken, MaxResults = PAGE }, call) {
        checkCatalog(CatalogName);
        const asked = { DatabaseName, Expression, NextToken, MaxResults };
        const page = await glue<GetTablesResponse>("GetTables", asked, call);
        return { TableMetadataList: (page.TableList ?? []).map(tableMetadata), NextToken: page.NextToken };
      },
    },
    GetTableMetadata: {
      authorize,
      async handle({ CatalogName, DatabaseName, TableName }, call) {
        checkCatalog(CatalogName);
        const { Table } = await glue<{ Table: Table }>("GetTable", { DatabaseName, Name: TableName }, call);
        return { TableMetadata: tableMetadata(Table) };
      },
    },
  };
}

function checkCatalog(name = ""): void {
  if (name.toLowerCase() !== CATALOG.toLowerCase()) throw invalidRequest(`DataCatalog ${name} was not found`);
}

function metadataError(thrown: unknown, requestId: string): unknown {
  if (!(thrown instanceof AwsError) || thrown.code === "AccessDeniedException") return thrown;
  // Glue's error is told in the envelope of the Java client, which clients read the code from.
  const envelope = `Service: AmazonDataCatalog; Status Code: ${thrown.status}; Error Code: ${thrown.code}; Request ID: ${requestId}; Proxy: null`;
  return new AwsError("MetadataException", `${thrown.message} (${envelope})`, { cause: thrown });
}

function databaseOf({ Name, Description, Parameters }: GlueDatabase) {
  return { Name, Description, Parameters };
}

function tableMetadata(table: Table): TableMetadata {
  const { SerdeInfo, Location, InputFormat, OutputFormat, Columns = [] } = table.StorageDescriptor ?? {};
  const serde = Object.entries(SerdeInfo?.Parameters ?? {}).map(([name, value]) => [`serde.param.${name}`, value]);
  const storage = {
    inputformat: InputFormat,
    location: Location,
    outputformat: OutputFormat,
    "serde.serialization.lib": SerdeInfo?.SerializationLibrary,
  };
  const known = Object.entries(storage).filter(([, value]) => value !== undefined && value !== "");
  return {
    Name: table.Name,
    CreateTime: table.CreateTime,
    LastAccessTime: table.LastAccessTime,
    TableType: table.TableType,
    Columns: Columns.map(columnOf),
    PartitionKeys: (table.PartitionKeys ?? []).map(columnOf),
    Parameters: { ...table.Parameters, ...Object.fromEntries(serde), ...Object.fromEntries(known) },
  };
}

function columnOf({
  Name,
  Type,
  Comment,
}: {
  Name?: string | undefined;
  Type?: string | undefined;
  Comment?: string | undefined;
}): Column {
  return { Name, Type, Comment };
}
