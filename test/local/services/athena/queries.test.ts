import { GetQueryResultsCommand, StartQueryExecutionCommand, StopQueryExecutionCommand } from "@aws-sdk/client-athena";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpenAthena, ORDERS_CSV, ORDERS_DDL, openAthena } from "./open-athena.ts";

describe("Athena", () => {
  let athena: OpenAthena;
  beforeAll(async () => {
    athena = await openAthena();
    await athena.put("orders/part.csv", ORDERS_CSV);
    await athena.run("CREATE DATABASE shop", { QueryExecutionContext: {} });
    const made = await athena.run(ORDERS_DDL);
    expect(made.Status?.StateChangeReason).toBeUndefined();
  });
  afterAll(() => athena.close());

  it("reads an external CSV table: header skipped, what does not read as its type is NULL", async () => {
    expect(await athena.rows("SELECT id, customer, amount, placed FROM orders ORDER BY id")).toEqual([
      ["id", "customer", "amount", "placed"],
      ["1", "ann", "10.5", "2024-01-01"],
      ["2", "bob", "20.0", "2024-02-01"],
      ["3", "ann", undefined, "2024-03-01"],
    ]);
  });

  it("writes the result where the workgroup says, every value quoted, and names columns as Trino does", async () => {
    const query = await athena.run(
      "SELECT count(*), sum(id) AS total, id/2 AS half FROM orders WHERE id = 3 GROUP BY id",
    );
    expect(query.ResultConfiguration?.OutputLocation).toBe(`s3://results/r/${query.QueryExecutionId}.csv`);
    const object = await athena.s3.send(
      new GetObjectCommand({ Bucket: "results", Key: `r/${query.QueryExecutionId}.csv` }),
    );
    expect(await object.Body?.transformToString()).toBe('"_col0","total","half"\n"1","3","1"\n');
    const page = await athena.client.send(new GetQueryResultsCommand({ QueryExecutionId: query.QueryExecutionId }));
    expect(page.ResultSet?.ResultSetMetadata?.ColumnInfo?.map(({ Type }) => Type)).toEqual([
      "bigint",
      "bigint",
      "bigint",
    ]);
    expect(query.Statistics?.DataScannedInBytes).toBe(ORDERS_CSV.length);
  });

  it.each([
    ["approx_percentile(x, 0.5)", "3"],
    ["approx_percentile(x, ARRAY[0.2, 0.8])", "[1, 4]"],
    ["max(width_bucket(x, ARRAY[1.5, 2.5]))", "2"],
    ["max(width_bucket(x, 0, 5, 5))", "6"],
    ["numeric_histogram(10, x)", "{1.0=1.0, 2.0=1.0, 3.0=1.0, 4.0=1.0, 5.0=1.0}"],
    ["cardinality(map_keys(numeric_histogram(2, x)))", "2"],
    ["approx_distinct(x)", "5"],
    ["max(try_cast('x' AS bigint))", undefined],
    ["max(date_diff('day', date '2024-01-01', date '2024-03-01'))", "60"],
    ["max(date_format(timestamp '2024-01-02 03:04:05', '%Y/%m/%d %H:%i'))", "2024/01/02 03:04"],
    ["max(concat('a', NULL))", undefined],
    ["max(greatest(1, NULL))", undefined],
    ["max(7 / 2)", "3"],
    ["max(7e0 / 2)", "3.5"],
    ["max(1e10)", "1.0E10"],
    ["array_agg(x ORDER BY x DESC)", "[5, 4, 3, 2, 1]"],
    ["count_if(x > 3)", "2"],
    ["max(if(x > 4, 'big', 'a'))", "big"],
    ["max(regexp_extract('ab12', '[0-9]+'))", "12"],
    ["max(json_extract_scalar('{\"a\":{\"b\":7}}', '$.a.b'))", "7"],
    ["max(element_at(map(ARRAY['k'], ARRAY[4]), 'k'))", "4"],
    ["max(transform(ARRAY[1, 2], x -> x + 1))", "[2, 3]"],
    ["max(day_of_week(date '2024-01-07'))", "7"],
  ])("evaluates %s as Trino does", async (expression, expected) => {
    const [, row] = await athena.rows(`SELECT ${expression} AS v FROM (VALUES 1, 2, 3, 4, 5) AS t(x)`);
    expect(row).toEqual([expected]);
  });

  it("unnests arrays, with their order", async () => {
    const sql =
      "SELECT o.id, u.x, u.n FROM orders o CROSS JOIN UNNEST(ARRAY['a', 'b']) WITH ORDINALITY AS u(x, n) WHERE o.id = 1";
    expect((await athena.rows(sql)).slice(1)).toEqual([
      ["1", "a", "1"],
      ["1", "b", "2"],
    ]);
  });

  it.each([
    ["SELECT foo(1)", "SYNTAX_ERROR: line 1:8: Function foo not registered"],
    ["SELECT *\nFROM read_csv('/etc/passwd')", "SYNTAX_ERROR: line 2:6: Function read_csv not registered"],
    [
      "SELECT nothing FROM orders",
      "COLUMN_NOT_FOUND: line 1:8: Column 'nothing' cannot be resolved or requester is not authorized to access requested resources",
    ],
    ["SELECT * FROM gone", "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.shop.gone' does not exist"],
    ["SELECT * FROM no.gone", "SCHEMA_NOT_FOUND: line 1:15: Schema 'no' does not exist"],
    [
      'SELECT * FROM "/etc/passwd"',
      "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.shop./etc/passwd' does not exist",
    ],
    ["SELEC 1", "line 1:1: mismatched input 'SELEC'"],
    ["SELECT CAST('x' AS bigint)", "INVALID_CAST_ARGUMENT"],
  ])("fails %j with Athena's words", async (sql, reason) => {
    const query = await athena.run(sql);
    expect(query.Status?.State).toBe("FAILED");
    expect(query.Status?.StateChangeReason).toContain(reason);
  });

  it("answers pages, the header only on the first", async () => {
    const query = await athena.run("SELECT x FROM UNNEST(sequence(1, 5)) AS t(x)");
    const { QueryExecutionId } = query;
    const values: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await athena.client.send(
        new GetQueryResultsCommand({ QueryExecutionId, MaxResults: 2, ...(NextToken && { NextToken }) }),
      );
      values.push(...(page.ResultSet?.Rows ?? []).map((row) => row.Data?.[0]?.VarCharValue));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(values).toEqual(["x", "1", "2", "3", "4", "5"]);
  });

  it("takes execution parameters as literals only", async () => {
    const ok = await athena.rows("SELECT id FROM orders WHERE customer = ? AND id > ?", {
      ExecutionParameters: ["'ann'", "1"],
    });
    expect(ok).toEqual([["id"], ["3"]]);
    const bad = await athena.run("SELECT id FROM orders WHERE id = ?", { ExecutionParameters: ["1 OR true"] });
    expect(bad.Status?.StateChangeReason).toContain("is not a literal");
  });

  it("takes nothing of the query away by a comment in a parameter, nor by a sign before one", async () => {
    const ExecutionParameters = ["-1 -- "];
    expect(await athena.rows("SELECT 5-? AS v WHERE 1 = 2", { ExecutionParameters })).toEqual([["v"]]);
    expect(await athena.rows("SELECT 5-? AS v", { ExecutionParameters })).toEqual([["v"], ["6"]]);
  });

  it("renames transform beside texts and names that speak of it", async () => {
    const sql = `SELECT transform(ARRAY[1], x -> x + 1) AS "it's TRANSFORM(", 'TRANSFORM(' AS t`;
    expect(await athena.rows(sql)).toEqual([
      ["it's TRANSFORM(", "t"],
      ["[2]", "TRANSFORM("],
    ]);
  });

  it("answers the same query for the same token, and refuses another", async () => {
    const ClientRequestToken = "token-0000000000000000000000000000001";
    const start = (QueryString: string) =>
      athena.client.send(new StartQueryExecutionCommand({ QueryString, ClientRequestToken, WorkGroup: "wg" }));
    const first = await start("SELECT 1");
    expect((await start("SELECT 1")).QueryExecutionId).toBe(first.QueryExecutionId);
    await expect(start("SELECT 2")).rejects.toThrow("Idempotent parameters do not match");
  });

  it("unloads to Parquet, which makes a table of the same rows", async () => {
    const unload = await athena.run(
      "UNLOAD (SELECT id, customer, sum(id) AS s FROM orders GROUP BY id, customer) TO 's3://data/unloaded/' WITH (format = 'PARQUET')",
    );
    expect(unload.Status?.StateChangeReason).toBeUndefined();
    await athena.run(
      "CREATE EXTERNAL TABLE unloaded (id bigint, customer string, s bigint, later double) STORED AS PARQUET LOCATION 's3://data/unloaded/'",
    );
    expect((await athena.rows("SELECT * FROM unloaded ORDER BY id LIMIT 1")).at(-1)).toEqual([
      "1",
      "ann",
      "1",
      undefined,
    ]);
    const again = await athena.run("UNLOAD (SELECT 1 AS x) TO 's3://data/unloaded/'");
    expect(again.Status?.StateChangeReason).toContain("HIVE_PATH_ALREADY_EXISTS");
  });

  it("makes tables and views of queries, partitioned ones too, and inserts", async () => {
    const made = await athena.run(
      "CREATE TABLE by_customer WITH (format = 'PARQUET', partitioned_by = ARRAY['customer']) AS SELECT id, customer FROM orders",
    );
    expect(made.Status?.StateChangeReason).toBeUndefined();
    expect(await athena.rows("SHOW PARTITIONS by_customer")).toEqual([["customer=ann"], ["customer=bob"]]);
    await athena.run("INSERT INTO by_customer SELECT 9, 'bob'");
    await athena.run("CREATE VIEW bobs AS SELECT id FROM by_customer WHERE customer = 'bob'");
    expect(await athena.rows("SELECT * FROM bobs ORDER BY 1")).toEqual([["id"], ["2"], ["9"]]);
    await athena.run("DROP VIEW bobs");
    expect((await athena.rows("SHOW TABLES")).flat()).not.toContain("bobs");
  });

  it("makes a table of a query's columns alone WITH NO DATA, and of its rows too WITH DATA", async () => {
    await athena.rows("CREATE TABLE shape AS SELECT id, customer FROM orders WITH NO DATA");
    expect(await athena.rows("SELECT * FROM shape")).toEqual([["id", "customer"]]);
    await athena.rows("INSERT INTO shape VALUES (7, 'eve')");
    expect(await athena.rows("SELECT * FROM shape")).toEqual([
      ["id", "customer"],
      ["7", "eve"],
    ]);
    await athena.rows("CREATE TABLE filled AS SELECT id FROM orders WHERE id = 1 WITH DATA");
    expect(await athena.rows("SELECT * FROM filled")).toEqual([["id"], ["1"]]);
  });

  it("says what of a JSON file cannot be read, and not where this machine keeps it", async () => {
    await athena.put("broken/a.json", '{"a": {"b": 1}}\n');
    await athena.rows(
      "CREATE EXTERNAL TABLE broken (a int) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://data/broken/'",
    );
    const { Status } = await athena.run("SELECT * FROM broken");
    expect(Status?.StateChangeReason).toMatch(/^HIVE_BAD_DATA: Error parsing a JSON record: in line 1: /);
    expect(Status?.StateChangeReason).not.toContain(athena.home.directory);
  });

  it("tells of each state as Athena does", async () => {
    const query = await athena.run("SELECT 1");
    const told = athena.events
      .filter(({ source }) => source === "aws.athena")
      .map(({ detail }) => Object(detail))
      .filter(({ queryExecutionId }) => queryExecutionId === query.QueryExecutionId);
    expect(told.map((detail) => [detail.sequenceNumber, detail.previousState, detail.currentState])).toEqual([
      ["1", undefined, "QUEUED"],
      ["2", "QUEUED", "RUNNING"],
      ["3", "RUNNING", "SUCCEEDED"],
    ]);
    expect(told[0]).toMatchObject({ versionId: "0", statementType: "DML", workgroupName: "wg" });
  });

  it("stops a query that runs", async () => {
    const QueryString =
      "SELECT count(*) FROM UNNEST(sequence(1, 3000000)) AS a(x), UNNEST(sequence(1, 3000000)) AS b(y) WHERE x * y = 7";
    const cancelled = Promise.withResolvers<void>();
    athena.home.ports.listen(({ detail }) => Object(detail).currentState === "CANCELLED" && cancelled.resolve());
    const { QueryExecutionId } = await athena.client.send(
      new StartQueryExecutionCommand({ QueryString, WorkGroup: "wg" }),
    );
    await athena.client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
    await cancelled.promise;
    expect((await athena.rows("SELECT 1 AS x")).at(-1)).toEqual(["1"]);
  });

  it.each([
    ["glue:GetTable", "Insufficient permissions to execute the query"],
    ["s3:GetObject", "PERMISSION_DENIED: Permission denied on S3 path: s3://data/orders/part.csv"],
    ["s3:ListBucket", "PERMISSION_DENIED: Permission denied on S3 path: s3://data/orders/"],
    ["s3:PutObject", "Insufficient permissions to execute the query"],
  ])("fails a caller without %s, naming it, even when the data is cached", async (missing, reason) => {
    const all = [
      "athena:*",
      "s3:GetBucketLocation",
      "glue:GetDatabase",
      "glue:GetTable",
      "s3:GetObject",
      "s3:ListBucket",
      "s3:PutObject",
    ];
    const client = athena.as(all.filter((action) => action !== missing));
    const query = await athena.run("SELECT * FROM orders", {}, client);
    expect(query.Status?.StateChangeReason).toContain(reason);
    expect(query.Status?.StateChangeReason).toContain(missing);
    client.destroy();
  });

  it("leaves nothing but results and their metadata in the output location", async () => {
    const listed = await athena.s3.send(new ListObjectsV2Command({ Bucket: "results", Prefix: "r/" }));
    for (const { Key } of listed.Contents ?? []) expect(Key).toMatch(/(\.csv|\.txt|\.metadata)$|^r\/tables\//);
  });
});
