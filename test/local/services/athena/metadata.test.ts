import {
  GetDatabaseCommand,
  GetDataCatalogCommand,
  GetQueryRuntimeStatisticsCommand,
  GetTableMetadataCommand,
  ListDatabasesCommand,
  ListDataCatalogsCommand,
  ListTableMetadataCommand,
} from "@aws-sdk/client-athena";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpenAthena, ORDERS_CSV, ORDERS_DDL, openAthena } from "./open-athena.ts";

let athena: OpenAthena;
const CATALOG = { CatalogName: "AwsDataCatalog", DatabaseName: "shop" };

beforeAll(async () => {
  athena = await openAthena();
  await athena.put("orders/a.csv", ORDERS_CSV);
  await athena.rows("CREATE DATABASE shop");
  await athena.rows(ORDERS_DDL);
  await athena.rows(
    "CREATE EXTERNAL TABLE daily (id bigint) PARTITIONED BY (day string) STORED AS PARQUET LOCATION 's3://data/daily/'",
  );
  await athena.rows("CREATE VIEW bobs AS SELECT id FROM orders");
});
afterAll(() => athena.close());

describe("the catalog", () => {
  it("is there by its name, with its databases", async () => {
    const { client } = athena;
    const { DataCatalogsSummary } = await client.send(new ListDataCatalogsCommand({}));
    expect(DataCatalogsSummary).toEqual([{ CatalogName: "AwsDataCatalog", Type: "GLUE" }]);
    expect((await client.send(new GetDataCatalogCommand({ Name: "awsdatacatalog" }))).DataCatalog?.Type).toBe("GLUE");
    expect((await client.send(new ListDatabasesCommand(CATALOG))).DatabaseList).toEqual([{ Name: "shop" }]);
    expect((await client.send(new GetDatabaseCommand(CATALOG))).Database).toEqual({ Name: "shop" });
    const other = client.send(new ListDatabasesCommand({ CatalogName: "other" }));
    await expect(other).rejects.toMatchObject({ name: "InvalidRequestException" });
  });

  it("shows a table as Athena's clients read it, and pages of them", async () => {
    const { client } = athena;
    const orders = await client.send(new GetTableMetadataCommand({ ...CATALOG, TableName: "orders" }));
    expect(orders.TableMetadata).toMatchObject({
      Name: "orders",
      TableType: "EXTERNAL_TABLE",
      Columns: [
        { Name: "id", Type: "bigint" },
        { Name: "customer" },
        { Name: "amount" },
        { Name: "placed", Type: "date" },
      ],
      PartitionKeys: [],
      Parameters: {
        location: "s3://data/orders/",
        "skip.header.line.count": "1",
        "serde.param.field.delim": ",",
        "serde.serialization.lib": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
      },
    });
    const first = await client.send(new ListTableMetadataCommand({ ...CATALOG, Expression: "*d*", MaxResults: 1 }));
    const second = await client.send(
      new ListTableMetadataCommand({ ...CATALOG, Expression: "*d*", MaxResults: 1, NextToken: first.NextToken }),
    );
    const names = [first, second].map(({ TableMetadataList }) => TableMetadataList?.map(({ Name }) => Name));
    expect([names, second.NextToken]).toEqual([[["daily"], ["orders"]], undefined]);
  });

  it("says what is not there, and asks Glue as the caller", async () => {
    const missing = athena.client.send(new GetTableMetadataCommand({ ...CATALOG, TableName: "none" }));
    await expect(missing).rejects.toMatchObject({
      name: "MetadataException",
      // The envelope that clients read Glue's code from.
      message:
        /^Table none not found\. \(Service: AmazonDataCatalog; Status Code: 400; Error Code: EntityNotFoundException;/,
    });
    const reader = athena.as(["athena:GetTableMetadata"]);
    const refused = reader.send(new GetTableMetadataCommand({ ...CATALOG, TableName: "orders" }));
    await expect(refused).rejects.toMatchObject({ name: "AccessDeniedException", message: /glue:GetTable/ });
  });
});

describe("a statement of Hive's dialect", () => {
  it("takes the database in quotes of its dialect", async () => {
    const quoted = { QueryExecutionContext: { Database: "`shop`" } };
    expect((await athena.rows("DESCRIBE `orders`", quoted)).flat()[0]).toBe("id                  ");
  });

  it("shows how a table could be made, so that it can be made again", async () => {
    const shown = (await athena.rows("SHOW CREATE TABLE daily")).flat();
    expect(shown.slice(0, 6)).toEqual([
      "CREATE EXTERNAL TABLE `shop.daily`(",
      "  `id` bigint)",
      "PARTITIONED BY ( ",
      "  `day` string)",
      "ROW FORMAT SERDE ",
      "  'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'",
    ]);
    await athena.rows(shown.join("\n").replace("daily", "again"));
    expect((await athena.rows("SHOW CREATE TABLE again")).flat().slice(1)).toEqual(shown.slice(1));
    expect((await athena.rows("SHOW CREATE VIEW bobs")).flat()).toEqual([
      "CREATE VIEW shop.bobs AS",
      "SELECT id FROM orders",
    ]);
    expect((await athena.run("SHOW CREATE TABLE bobs")).Status?.StateChangeReason).toMatch(/is a view/);
  });
});

describe("a query that ended", () => {
  it("tells how long it took and what it read", async () => {
    const { QueryExecutionId } = await athena.run("SELECT count(*) FROM orders");
    const { QueryRuntimeStatistics } = await athena.client.send(
      new GetQueryRuntimeStatisticsCommand({ QueryExecutionId }),
    );
    expect(QueryRuntimeStatistics?.Rows).toEqual({ InputBytes: ORDERS_CSV.length });
    expect(QueryRuntimeStatistics?.Timeline?.TotalExecutionTimeInMillis).toBeGreaterThanOrEqual(0);
  });
});
