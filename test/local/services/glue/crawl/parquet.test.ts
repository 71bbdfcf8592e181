import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, it } from "vitest";
import { classifyParquet, footerLength, TRAILER_BYTES } from "../../../../../local/services/glue/crawl/parquet.ts";
import { temporaryFolder } from "../../../../temporary-folder.ts";

it("reads a Parquet footer's columns in Hive's types, and its row count", async () => {
  const directory = temporaryFolder("parquet");
  const path = join(directory, "f.parquet");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`COPY (SELECT 1::INTEGER AS i, 2::BIGINT AS L, 1.5::DOUBLE AS d, 'x' AS s, true AS b,
    DATE '2024-01-01' AS day, TIMESTAMP '2024-01-01' AS ts, 1.25::DECIMAL(9,2) AS dec, [1, 2] AS xs,
    {'a': 1, 'b': 'y'} AS st, map(['k'], [2.0::DOUBLE]) AS m FROM range(3)) TO '${path}' (FORMAT parquet)`);
  instance.closeSync();
  const bytes = readFileSync(path);
  const length = footerLength(bytes.subarray(-TRAILER_BYTES)) ?? 0;
  const schema = classifyParquet(bytes.subarray(-TRAILER_BYTES - length, -TRAILER_BYTES), bytes.length);
  expect(schema.records).toBe(3);
  expect(Object.fromEntries(schema.columns.map(({ Name, Type }) => [Name, Type]))).toEqual({
    i: "int",
    l: "bigint",
    d: "double",
    s: "string",
    b: "boolean",
    day: "date",
    ts: "timestamp",
    dec: "decimal(9,2)",
    xs: "array<int>",
    st: "struct<a:int,b:string>",
    m: "map<string,double>",
  });
});

it("takes no other trailer for Parquet", () => {
  expect(footerLength(Buffer.from("12345678"))).toBeUndefined();
});
