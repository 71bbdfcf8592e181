/**
 * What IAM decides on for a catalog call: Glue asks for every ancestor of the resource too (catalog, database, table).
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsglue.html
 */
import type { Authorization, HomePorts } from "../../define-service.ts";
import { catalogName } from "./names.ts";

export interface GlueArns {
  catalog(): readonly Authorization[];
  database(name: string | undefined): readonly Authorization[];
  table(database: string | undefined, table: string | undefined): readonly Authorization[];
  crawler(name: string | undefined): readonly Authorization[];
  tableArn(database: string, table: string): string;
}

export function glueArns(home: Pick<HomePorts, "region" | "accountId">): GlueArns {
  const prefix = `arn:aws:glue:${home.region}:${home.accountId}`;
  const tableArn = (database: string, table: string) => `${prefix}:table/${database}/${table}`;
  const catalog = () => [{ resource: `${prefix}:catalog` }];
  const database = (name: string | undefined) => [
    ...catalog(),
    { resource: `${prefix}:database/${catalogName(name ?? "")}` },
  ];
  return {
    catalog,
    database,
    table: (databaseName, table) => [
      ...database(databaseName),
      { resource: tableArn(catalogName(databaseName ?? ""), catalogName(table ?? "")) },
    ],
    crawler: (name) => [{ resource: `${prefix}:crawler/${name ?? ""}` }],
    tableArn,
  };
}
