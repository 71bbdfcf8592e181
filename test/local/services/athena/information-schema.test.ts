import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpenAthena, ORDERS_CSV, ORDERS_DDL, openAthena } from "./open-athena.ts";

let athena: OpenAthena;
beforeAll(async () => {
  athena = await openAthena();
  await athena.put("orders/part.csv", ORDERS_CSV);
  await athena.rows("CREATE DATABASE shop");
  await athena.rows("CREATE DATABASE other");
  await athena.rows(ORDERS_DDL);
  await athena.rows(
    "CREATE EXTERNAL TABLE daily (id int, tags array<string>, place struct<lat:float,at:map<string,int>>) PARTITIONED BY (day string, n int) STORED AS PARQUET LOCATION 's3://data/daily/'",
  );
  await athena.rows(
    "ALTER TABLE daily ADD PARTITION (day = '2024-01-01', n = 1) PARTITION (day = '2024-01-02', n = 2)",
  );
  await athena.rows("CREATE VIEW bobs AS SELECT id FROM orders");
});
afterAll(() => athena.close());

const reasonOf = async (sql: string) => (await athena.run(sql)).Status?.StateChangeReason;

describe("information_schema", () => {
  it("has the databases and tables of the catalog, and its own", async () => {
    expect(await athena.rows("SELECT schema_name FROM information_schema.schemata ORDER BY 1")).toEqual([
      ["schema_name"],
      ["information_schema"],
      ["other"],
      ["shop"],
    ]);
    expect(
      await athena.rows(
        "SELECT * FROM awsdatacatalog.information_schema.tables WHERE table_schema = 'shop' ORDER BY 3",
      ),
    ).toEqual([
      ["table_catalog", "table_schema", "table_name", "table_type"],
      ["awsdatacatalog", "shop", "bobs", "VIEW"],
      ["awsdatacatalog", "shop", "daily", "BASE TABLE"],
      ["awsdatacatalog", "shop", "orders", "BASE TABLE"],
    ]);
    expect(await athena.rows("SELECT table_name, view_definition FROM information_schema.views")).toEqual([
      ["table_name", "view_definition"],
      ["bobs", "SELECT id FROM orders"],
    ]);
  });

  it("has the columns with Trino's types, partition keys last", async () => {
    const sql =
      "SELECT column_name, ordinal_position, data_type, extra_info FROM information_schema.columns WHERE table_schema = 'shop' AND table_name = 'daily' ORDER BY ordinal_position";
    expect((await athena.rows(sql)).slice(1)).toEqual([
      ["id", "1", "integer", ""],
      ["tags", "2", "array(varchar)", ""],
      ["place", "3", "row(lat real, at map(varchar, integer))", ""],
      ["day", "4", "varchar", "partition key"],
      ["n", "5", "integer", "partition key"],
    ]);
  });

  it("joins tables, is named by the session, and has no more than that", async () => {
    const joined = "SELECT count(*) FROM orders JOIN information_schema.schemata ON schema_name = 'shop'";
    expect(await athena.rows(joined)).toEqual([["_col0"], ["3"]]);
    const session = { QueryExecutionContext: { Database: "information_schema" } };
    expect((await athena.rows("SELECT count(*) FROM schemata", session))[1]).toEqual(["3"]);
    for (const name of ["settings", "character_sets", "constructor", "__proto__"])
      expect(await reasonOf(`SELECT * FROM information_schema."${name}"`)).toBe(
        `TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.information_schema.${name}' does not exist`,
      );
  });

  it("is read as the caller", async () => {
    const reader = athena.as(["athena:*", "s3:*"]);
    const query = await athena.run("SELECT * FROM information_schema.tables", {}, reader);
    expect(query.Status?.StateChangeReason).toMatch(/glue:GetDatabases/);
  });
});

describe("a table's partitions", () => {
  it("are a table, typed by their keys", async () => {
    expect(await athena.rows('SELECT day, n + 1 AS next FROM "daily$partitions" ORDER BY 1')).toEqual([
      ["day", "next"],
      ["2024-01-01", "2"],
      ["2024-01-02", "3"],
    ]);
    expect(await reasonOf('SELECT * FROM "orders$partitions"')).toMatch(/^TABLE_NOT_FOUND: line 1:15/);
  });
});

describe("SHOW", () => {
  it.each([
    ["SHOW VIEWS", ["bobs"]],
    ["SHOW TABLES 'd*|b*'", ["bobs", "daily"]],
    ["SHOW TABLES IN shop LIKE '*.*'", []],
    ["SHOW DATABASES LIKE 'sh*'", ["shop"]],
    ["SHOW TBLPROPERTIES orders ('skip.header.line.count')", ["skip.header.line.count", "1"]],
    ["SHOW TBLPROPERTIES orders ('none')", ["Table does not have property: none"]],
  ])("%s", async (sql, shown) => {
    expect((await athena.rows(sql)).flat()).toEqual(shown);
  });
});

describe("ALTER TABLE", () => {
  it("drops partitions by some of their keys, and says which are not there", async () => {
    await athena.rows(
      "CREATE EXTERNAL TABLE cut (a int) PARTITIONED BY (k string, l string) LOCATION 's3://data/cut/'",
    );
    await athena.rows(
      "ALTER TABLE cut ADD PARTITION (k = 'a', l = '1') PARTITION (k = 'a', l = '2') PARTITION (k = 'b', l = '1')",
    );
    await athena.rows("ALTER TABLE cut DROP PARTITION (k = 'a')");
    expect((await athena.rows("SHOW PARTITIONS cut")).flat()).toEqual(["k=b/l=1"]);
    expect(await reasonOf("ALTER TABLE cut DROP PARTITION (k = 'c')")).toMatch(/Partition not found/);
    await athena.rows("ALTER TABLE cut DROP IF EXISTS PARTITION (k = 'c'), PARTITION (l = '1')");
    expect(await athena.rows("SHOW PARTITIONS cut")).toEqual([]);
  });

  it("changes columns, location and properties", async () => {
    await athena.rows(
      "CREATE EXTERNAL TABLE grown (a int) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://data/none/'",
    );
    await athena.put("grown/a.csv", "1,x\n");
    await athena.rows("ALTER TABLE grown ADD COLUMNS (b string)");
    await athena.rows("ALTER TABLE grown SET LOCATION 's3://data/grown/'");
    await athena.rows("ALTER TABLE grown SET TBLPROPERTIES ('owner' = 'me')");
    expect(await athena.rows("SELECT * FROM grown")).toEqual([
      ["a", "b"],
      ["1", "x"],
    ]);
    expect((await athena.rows("SHOW TBLPROPERTIES grown ('owner')")).flat()).toEqual(["owner", "me"]);
    expect(await reasonOf("ALTER TABLE grown ADD COLUMNS (b int)")).toMatch(/Duplicate column name: b/);
    await athena.rows("ALTER TABLE grown REPLACE COLUMNS (z string)");
    expect((await athena.rows("SELECT * FROM grown"))[0]).toEqual(["z"]);
  });
});
