import {
  CreateCrawlerCommand,
  CreateDatabaseCommand,
  GetCrawlerCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GetTableVersionsCommand,
  ListCrawlsCommand,
} from "@aws-sdk/client-glue";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { allow, type OpenCatalog, openCatalog } from "./open-catalog.ts";

const CSV = "age,amount,purpose\n23,1049.5,car\n45,2000.25,furniture\n";

describe("a crawler", () => {
  let catalog: OpenCatalog;
  beforeEach(async () => {
    catalog = await openCatalog();
    await define(catalog, "s3://products/credit_card/");
  });
  afterEach(() => catalog.close());

  it("makes a table of a CSV's header and types, with the parameters Glue writes", async () => {
    await catalog.put("products", "credit_card/credit_card.csv", CSV);
    const event = await catalog.crawl("credit");
    const { Table } = await getTable(catalog, "credit_card");
    expect(Table?.StorageDescriptor?.Columns).toEqual([
      { Name: "age", Type: "bigint" },
      { Name: "amount", Type: "double" },
      { Name: "purpose", Type: "string" },
    ]);
    expect(Table?.StorageDescriptor?.Location).toBe("s3://products/credit_card/");
    expect(Table?.Parameters).toMatchObject({
      classification: "csv",
      delimiter: ",",
      recordCount: "2",
      "skip.header.line.count": "1",
      UPDATED_BY_CRAWLER: "credit",
    });
    expect(event.detail).toMatchObject({
      crawlerName: "credit",
      state: "Succeeded",
      message: "Crawler Succeeded",
      tablesCreated: "1",
      tablesUpdated: "0",
      warningMessage: "N/A",
    });
  });

  it("writes nothing and tells of nothing when the same data is crawled again", async () => {
    await catalog.put("products", "credit_card/credit_card.csv", CSV);
    await catalog.crawl("credit");
    const told = catalog.events.length;
    const event = await catalog.crawl("credit");
    expect(event.detail).toMatchObject({ tablesCreated: "0", tablesUpdated: "0" });
    expect(catalog.events.slice(told).map((one) => one["detail-type"])).toEqual([
      "Glue Crawler State Change",
      "Glue Crawler State Change",
    ]);
  });

  it("keeps a version for each change of the schema", async () => {
    await catalog.put("products", "credit_card/credit_card.csv", CSV);
    await catalog.crawl("credit");
    await catalog.put("products", "credit_card/credit_card.csv", "age,amount,purpose,since\n23,1.5,car,1\n");
    await catalog.crawl("credit");
    const { TableVersions } = await catalog.client.send(
      new GetTableVersionsCommand({ DatabaseName: "credit-card", TableName: "credit_card" }),
    );
    expect(TableVersions?.map((version) => version.Table?.StorageDescriptor?.Columns?.length)).toEqual([4, 3]);
    const changed = catalog.events.find((event) => event["detail-type"] === "Glue Data Catalog Table State Change");
    expect(changed?.detail).toEqual({
      databaseName: "credit-card",
      tableName: "credit_card",
      typeOfChange: "UpdateTable",
      changedPartitions: [],
    });
  });

  it("takes folders below a table as its partitions", async () => {
    await catalog.put("products", "credit_card/year=2023/a.json", '{"id":1,"tags":["x"],"note":{"by":"you"}}\n');
    await catalog.put("products", "credit_card/year=2024/b.json", '{"id":2,"tags":[],"note":{"by":"me"}}\n');
    await catalog.crawl("credit");
    const { Table } = await getTable(catalog, "credit_card");
    expect(Table?.PartitionKeys).toEqual([{ Name: "year", Type: "string" }]);
    expect(Table?.StorageDescriptor?.Columns).toContainEqual({ Name: "tags", Type: "array<string>" });
    const { Partitions } = await catalog.client.send(
      new GetPartitionsCommand({
        DatabaseName: "credit-card",
        TableName: "credit_card",
        Expression: "year = '2024'",
      }),
    );
    expect(Partitions?.map(({ Values }) => Values)).toEqual([["2024"]]);
  });

  it("refuses a second start while it runs", async () => {
    const { ports } = catalog.home;
    const administrator = { kind: "home", accountId: ports.accountId } as const;
    const start = () => ports.call("glue", "StartCrawler", { Name: "credit" }, administrator);
    const [first, second] = await Promise.allSettled([start(), start()]);
    expect(first?.status).toBe("fulfilled");
    expect(second).toMatchObject({
      reason: { code: "CrawlerRunningException", message: "Crawler with name credit has already started" },
    });
  });

  it("keeps its history", async () => {
    await catalog.put("products", "credit_card/credit_card.csv", CSV);
    await catalog.crawl("credit");
    const { Crawler } = await catalog.client.send(new GetCrawlerCommand({ Name: "credit" }));
    expect(Crawler).toMatchObject({ State: "READY", LastCrawl: { Status: "SUCCEEDED" } });
    const { Crawls } = await catalog.client.send(new ListCrawlsCommand({ CrawlerName: "credit" }));
    expect(Crawls?.map(({ State, Summary }) => ({ State, Summary }))).toEqual([
      { State: "COMPLETED", Summary: '{"TABLE":{"ADD":{"Count":1}}}' },
    ]);
  });
});

describe("a crawler's role", () => {
  it.each([
    { missing: "s3:GetObject", actions: ["glue:*", "s3:ListBucket"] },
    { missing: "s3:ListBucket", actions: ["glue:*", "s3:GetObject"] },
    { missing: "glue:CreateTable", actions: ["glue:Get*", "s3:*"] },
  ])("fails the crawl, naming $missing, when it lacks it", async ({ missing, actions }) => {
    const catalog = await openCatalog([allow(actions, "*")]);
    try {
      await define(catalog, "s3://products/credit_card/");
      await catalog.put("products", "credit_card/credit_card.csv", CSV);
      const event = await catalog.crawl("credit");
      expect(event.detail).toMatchObject({ state: "Failed", message: "Crawler Failed" });
      expect(JSON.stringify(event.detail)).toContain(missing);
    } finally {
      await catalog.close();
    }
  });
});

async function define({ client }: OpenCatalog, path: string): Promise<void> {
  await client.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "credit-card" } }));
  await client.send(
    new CreateCrawlerCommand({
      Name: "credit",
      Role: "arn:aws:iam::000000000000:role/crawler",
      DatabaseName: "credit-card",
      Targets: { S3Targets: [{ Path: path }] },
    }),
  );
}

function getTable({ client }: OpenCatalog, Name: string) {
  return client.send(new GetTableCommand({ DatabaseName: "credit-card", Name }));
}
