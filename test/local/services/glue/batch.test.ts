import {
  BatchDeletePartitionCommand,
  BatchDeleteTableCommand,
  BatchGetCrawlersCommand,
  BatchGetPartitionCommand,
  BatchUpdatePartitionCommand,
  CreateCrawlerCommand,
  CreateDatabaseCommand,
  CreatePartitionCommand,
  CreateTableCommand,
  GetPartitionsCommand,
  GetTablesCommand,
  SearchTablesCommand,
  type SearchTablesCommandInput,
  UpdatePartitionCommand,
} from "@aws-sdk/client-glue";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpenCatalog, openCatalog } from "./open-catalog.ts";

let catalog: OpenCatalog;
const DAILY = { DatabaseName: "shop", TableName: "daily" };
const gone = { ErrorCode: "EntityNotFoundException", ErrorMessage: "Cannot find partition." };

beforeAll(async () => {
  catalog = await openCatalog();
  for (const Name of ["shop", "stock"])
    await catalog.client.send(new CreateDatabaseCommand({ DatabaseInput: { Name } }));
  const Columns = [{ Name: "amount", Type: "double", Comment: "in EUR" }];
  const tables = [
    { DatabaseName: "shop", TableInput: { Name: "daily", PartitionKeys: [{ Name: "day", Type: "string" }] } },
    { DatabaseName: "shop", TableInput: { Name: "orders", Description: "All orders", StorageDescriptor: { Columns } } },
    { DatabaseName: "stock", TableInput: { Name: "orders_open", Parameters: { classification: "parquet" } } },
  ];
  for (const table of tables) await catalog.client.send(new CreateTableCommand(table));
  for (const day of ["1", "2", "3"])
    await catalog.client.send(new CreatePartitionCommand({ ...DAILY, PartitionInput: { Values: [day] } }));
});
afterAll(() => catalog.close());

describe("many at once", () => {
  it("gets, changes and deletes the partitions there are, and tells of the others", async () => {
    const { client } = catalog;
    const PartitionsToGet = [{ Values: ["1"] }, { Values: ["9"] }];
    const got = await client.send(new BatchGetPartitionCommand({ ...DAILY, PartitionsToGet }));
    expect(got.Partitions?.map(({ Values }) => Values)).toEqual([["1"]]);
    expect(got.UnprocessedKeys).toEqual([{ Values: ["9"] }]);
    const Entries = ["1", "9"].map((day) => ({ PartitionValueList: [day], PartitionInput: { Values: [`${day}0`] } }));
    const changed = await client.send(new BatchUpdatePartitionCommand({ ...DAILY, Entries }));
    expect(changed.Errors).toEqual([{ PartitionValueList: ["9"], ErrorDetail: gone }]);
    const PartitionsToDelete = [{ Values: ["2"] }, { Values: ["9"] }];
    const deleted = await client.send(new BatchDeletePartitionCommand({ ...DAILY, PartitionsToDelete }));
    expect(deleted.Errors).toEqual([{ PartitionValues: ["9"], ErrorDetail: gone }]);
    const { Partitions } = await client.send(new GetPartitionsCommand(DAILY));
    expect(Partitions?.map(({ Values }) => Values)).toEqual([["10"], ["3"]]);
  });

  it("changes one partition, which then has its new place alone", async () => {
    const { client } = catalog;
    const table = { DatabaseName: "hours", TableName: "hourly" };
    const TableInput = { Name: "hourly", PartitionKeys: [{ Name: "hour", Type: "string" }] };
    await client.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "hours" } }));
    await client.send(new CreateTableCommand({ DatabaseName: "hours", TableInput }));
    await client.send(new CreatePartitionCommand({ ...table, PartitionInput: { Values: ["1"] } }));
    const PartitionInput = { Values: ["2"], Parameters: { rows: "7" } };
    await client.send(new UpdatePartitionCommand({ ...table, PartitionValueList: ["1"], PartitionInput }));
    const { Partitions } = await client.send(new GetPartitionsCommand(table));
    expect(Partitions?.map(({ Values, Parameters }) => [Values, Parameters])).toEqual([[["2"], { rows: "7" }]]);
    await expect(
      client.send(new UpdatePartitionCommand({ ...table, PartitionValueList: ["1"], PartitionInput })),
    ).rejects.toMatchObject({ name: "EntityNotFoundException" });
  });

  it("deletes tables and gets crawlers likewise", async () => {
    const { client } = catalog;
    await client.send(new CreateTableCommand({ DatabaseName: "stock", TableInput: { Name: "old" } }));
    const tables = { DatabaseName: "stock", TablesToDelete: ["old", "never"] };
    const { Errors } = await client.send(new BatchDeleteTableCommand(tables));
    expect(Errors).toMatchObject([{ TableName: "never", ErrorDetail: { ErrorCode: "EntityNotFoundException" } }]);
    const Targets = { S3Targets: [{ Path: "s3://products/a/" }] };
    await client.send(new CreateCrawlerCommand({ Name: "c", Role: "crawler", DatabaseName: "shop", Targets }));
    const crawlers = await client.send(new BatchGetCrawlersCommand({ CrawlerNames: ["c", "d"] }));
    expect([crawlers.Crawlers?.map(({ Name }) => Name), crawlers.CrawlersNotFound]).toEqual([["c"], ["d"]]);
  });
});

describe("tables by name", () => {
  it.each([
    ["*der*", ["orders"]],
    ["da*", ["daily"]],
    ["*ly|o*", ["daily", "orders"]],
    [".*er.*", ["orders"]],
    ["[a-o]*", []],
    ["order", []],
  ])("matching %s are %j", async (Expression, names) => {
    const { TableList } = await catalog.client.send(new GetTablesCommand({ DatabaseName: "shop", Expression }));
    expect(TableList?.map(({ Name }) => Name)).toEqual(names);
  });
});

describe("a search", () => {
  const search = async (input: SearchTablesCommandInput) => {
    const { TableList } = await catalog.client.send(new SearchTablesCommand(input));
    return TableList?.map(({ DatabaseName, Name }) => `${DatabaseName}.${Name}`);
  };

  it("finds text in names, descriptions, columns and parameters of all databases, a quoted one as a whole", async () => {
    expect(await search({ SearchText: "ORDERS" })).toEqual(["shop.orders", "stock.orders_open"]);
    expect(await search({ SearchText: '"orders"' })).toEqual(["shop.orders"]);
    expect(await search({ SearchText: "eur" })).toEqual(["shop.orders"]);
    expect(await search({ SearchText: "nothing" })).toEqual([]);
  });

  it("filters by properties and parameters, and sorts", async () => {
    const Filters = [{ Key: "DatabaseName", Value: "shop" }];
    const SortCriteria = [{ FieldName: "Name", Sort: "DESC" as const }];
    expect(await search({ Filters, SortCriteria })).toEqual(["shop.orders", "shop.daily"]);
    expect(await search({ Filters: [{ Key: "classification", Value: "parquet" }] })).toEqual(["stock.orders_open"]);
  });
});
