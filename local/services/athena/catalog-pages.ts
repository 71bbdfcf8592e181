/** The whole of Glue's lists, read page by page as the caller. */
import type { Database, GetDatabasesResponse, GetTablesResponse, Table } from "@aws-sdk/client-glue";
import type { Caller } from "./object-cache.ts";

export async function allDatabases(caller: Caller): Promise<Database[]> {
  const pages = await allPages<GetDatabasesResponse>(caller, "GetDatabases", {});
  return pages.flatMap(({ DatabaseList = [] }) => DatabaseList);
}

export async function allTables(caller: Caller, database: string): Promise<Table[]> {
  const pages = await allPages<GetTablesResponse>(caller, "GetTables", { DatabaseName: database });
  return pages.flatMap(({ TableList = [] }) => TableList);
}

async function allPages<T extends { NextToken?: string | undefined }>(
  { home, principal, signal }: Caller,
  operation: string,
  input: object,
): Promise<T[]> {
  const pages: T[] = [];
  let NextToken: string | undefined;
  do {
    const more = NextToken === undefined ? {} : { NextToken };
    const page = (await home.call("glue", operation, { ...input, ...more }, principal, signal)) as T;
    pages.push(page);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return pages;
}
