import { StartQueryExecutionCommand, StopQueryExecutionCommand } from "@aws-sdk/client-athena";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpenAthena, ORDERS_CSV, ORDERS_DDL, openAthena } from "./open-athena.ts";

let athena: OpenAthena;
beforeAll(async () => {
  athena = await openAthena();
  await athena.put("orders/part.csv", ORDERS_CSV);
  await athena.run("CREATE DATABASE shop");
  await athena.run(ORDERS_DDL);
});
afterAll(() => athena.close());

const reasonOf = async (sql: string) => {
  const { Status } = await athena.run(sql);
  return `${Status?.State} ${Status?.StateChangeReason}`;
};

const nested = (depth: number) => `SELECT ${"(".repeat(depth)}1${")".repeat(depth)}`;
const arrays = (depth: number) => `SELECT CAST(NULL AS ${"array(".repeat(depth)}int${")".repeat(depth)})`;

describe("a query that would reach outside of its tables", () => {
  it.each([
    ["SELECT * FROM read_csv('/etc/passwd')", "SYNTAX_ERROR: line 1:15: Function read_csv not registered"],
    ["SELECT * FROM TABLE(read_text('/etc/passwd'))", "SYNTAX_ERROR: line 1:21: Function read_text not registered"],
    ["SELECT \"read_blob\" /**/ ('/etc/passwd')", "SYNTAX_ERROR: line 1:8: Function read_blob not registered"],
    ["SELECT * FROM '/etc/passwd'", "TABLE_NOT_FOUND: line 1:15"],
    ['SELECT * FROM "/etc/passwd"', "TABLE_NOT_FOUND: line 1:15"],
    ["SELECT * FROM glob('/etc/*')", "Function glob not registered"],
    ["SELECT * FROM query('SELECT 1')", "Function query not registered"],
    ["SELECT getenv('HOME')", "SYNTAX_ERROR: line 1:8: Function getenv not registered"],
    ["SELECT current_setting('memory_limit')", "Function current_setting not registered"],
    ["SELECT * FROM duckdb_settings()", "Function duckdb_settings not registered"],
    ["SELECT * FROM sqlite_master", "TABLE_NOT_FOUND"],
    ["SELECT * FROM system.main.orders", "CATALOG_NOT_FOUND: line 1:15: Catalog 'system' does not exist"],
    ["CREATE VIEW v AS SELECT * FROM read_csv('/etc/passwd')", "Function read_csv not registered"],
    ["CREATE TABLE t AS SELECT * FROM read_csv('/etc/passwd')", "Function read_csv not registered"],
    ["COPY (SELECT 1) TO '/tmp/x'", "line 1:1: mismatched input 'COPY'"],
    ["ATTACH '/tmp/x.db' AS x", "line 1:1: mismatched input 'ATTACH'"],
    ["INSTALL httpfs", "line 1:1: mismatched input 'INSTALL'"],
    ["LOAD httpfs", "line 1:1: mismatched input 'LOAD'"],
    ["PRAGMA version", "line 1:1: mismatched input 'PRAGMA'"],
    ["SET memory_limit = '10GB'", "line 1:1: mismatched input 'SET'"],
    ["SELECT 1; COPY (SELECT 1) TO '/tmp/x'", "Only one sql statement is allowed"],
    ["DESCRIBE orders; DROP TABLE orders", "Only one sql statement is allowed"],
    ["SHOW TABLES 'o*' DROP TABLE orders", "line 1:18: mismatched input 'DROP'. Expecting: '<EOF>'"],
  ])("is refused: %s", async (sql, reason) => {
    expect(await reasonOf(sql)).toMatch(/^FAILED /);
    expect(await reasonOf(sql)).toContain(reason);
  });
});

describe("a query that two readers might read differently", () => {
  it.each([
    ["a string in dollars", "SELECT $$ ' $$, getenv('HOME'), $$ ' $$", "line 1:8: mismatched input '$$'"],
    ["a string in named dollars", "SELECT $a$ ' $a$, 1, ' '", "line 1:8: mismatched input '$a$'"],
    ["a string with escapes", "SELECT E'\\'', getenv('HOME'), ''", "mismatched input ''\\''"],
    ["a string with Unicode escapes", "SELECT U&'\\0041'", "NOT_SUPPORTED: line 1:8: strings with Unicode escapes"],
    ["a parameter by number", "SELECT $1", "line 1:8: mismatched input '$1'"],
    ["a column by number", "SELECT #1 FROM orders", "line 1:8: mismatched input '#'"],
    ["a name in backquotes", "SELECT `id` FROM orders", "line 1:8: backquoted identifiers are not supported"],
    ["a NUL in a string", "SELECT 'a\0b'", "line 1:10: mismatched input: a NUL character"],
    ["a NUL in a name", 'SELECT "a\0"', "line 1:10: mismatched input: a NUL character"],
    ["a string without end", "SELECT 'a", "line 1:8: mismatched input '<EOF>'"],
    ["a name without end", 'SELECT "a', "line 1:8: mismatched input '<EOF>'"],
    ["a comment without end", "SELECT 1 /* a", "line 1:10: mismatched input '<EOF>'"],
    ["500 parentheses", nested(500), "NOT_SUPPORTED: line 1:39: this home reads expressions nested up to 32 levels"],
    ["20,000 parentheses", nested(20_000), "NOT_SUPPORTED: line 1:"],
    ["a type of 50 levels", arrays(50), "FAILED"],
    ["20,000 sums", `SELECT 1${"+1".repeat(20_000)}`, "NOT_SUPPORTED: line 1:1: this home reads expressions"],
  ])("is refused with its place: %s", async (_what, sql, reason) => {
    const told = await reasonOf(sql);
    expect(told).toContain(reason);
    expect(told).toMatch(/^FAILED .*line 1:\d+/);
    expect(told).not.toMatch(/Parser Error|WASM|GUARD|Tokenization/);
  });

  it.each([
    ["SELECT '$$ '' $$' AS x", "$$ ' $$"],
    ["SELECT 'E' || 'b' AS x -- $$", "Eb"],
    ["SELECT /* ` $$ # */ 1 AS x", "1"],
  ])("is not taken for one: %s", async (sql, value) => {
    expect((await athena.rows(sql)).at(-1)).toEqual([value]);
  });
});

describe("a query of more than there is memory for", () => {
  it("fails in Athena's words when 30 KB of Parquet unpack to it, and others go on", async () => {
    const made = await athena.run(
      "CREATE TABLE bomb WITH (format = 'PARQUET', write_compression = 'ZSTD') AS SELECT rpad('', 10000, 'x') AS s FROM UNNEST(sequence(1, 10000)) AS a(x) CROSS JOIN UNNEST(sequence(1, 20)) AS b(y)",
    );
    expect(made.Status?.State).toBe("SUCCEEDED");
    expect(await reasonOf("SELECT cardinality(array_agg(s || cast(random() AS varchar))) FROM bomb")).toBe(
      "FAILED Query exhausted resources at this scale factor: it needs more than its share of memory; have it read less, or in parts",
    );
    expect((await athena.rows("SELECT 1 AS x")).at(-1)).toEqual(["1"]);
  });
});

describe("a query that is stopped while it is translated", () => {
  it("does not keep others from their answer", async () => {
    const QueryString = `SELECT 1 WHERE 1 IN (${Array(50_000).fill("1").join(",")})`;
    const { QueryExecutionId } = await athena.client.send(
      new StartQueryExecutionCommand({ QueryString, WorkGroup: "wg" }),
    );
    await athena.client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
    expect((await athena.rows("SELECT 1 AS x")).at(-1)).toEqual(["1"]);
  });
});
