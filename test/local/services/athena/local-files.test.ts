/** No SQL reads a file of this machine: every function of the engine, every way to write a table's name, every place a table may claim. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetQueryResultsCommand, type QueryExecution } from "@aws-sdk/client-athena";
import { CreatePartitionCommand, CreateTableCommand, GlueClient, type TableInput } from "@aws-sdk/client-glue";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TRINO_FUNCTIONS } from "../../../../local/services/athena/sql/trino-functions.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { type OpenAthena, ORDERS_CSV, ORDERS_DDL, openAthena } from "./open-athena.ts";

const CANARY = "canary4711";
const AT_ONCE = 8;

let athena: OpenAthena;
let glue: GlueClient;
let folder: string;
let file: string;

beforeAll(async () => {
  folder = temporaryFolder("secret");
  file = join(folder, "secret.csv");
  writeFileSync(file, `${CANARY},${CANARY}\n`);
  process.env.TIDEMILL_TEST_SECRET = CANARY;
  athena = await openAthena();
  glue = new GlueClient(athena.home.clientConfig());
  await athena.put("orders/part.csv", ORDERS_CSV);
  await athena.run("CREATE DATABASE shop");
  await athena.run(ORDERS_DDL);
});
afterAll(async () => {
  delete process.env.TIDEMILL_TEST_SECRET;
  await athena.close();
});

/** Ends each query; says which succeeded, and how a failure puts it. */
async function endings(queries: readonly string[]): Promise<Map<string, QueryExecution>> {
  const ended = new Map<string, QueryExecution>();
  for (let from = 0; from < queries.length; from += AT_ONCE) {
    const batch = queries.slice(from, from + AT_ONCE);
    await Promise.all(batch.map(async (sql) => ended.set(sql, await athena.run(sql))));
  }
  return ended;
}

const succeeded = (ended: ReadonlyMap<string, QueryExecution>) =>
  [...ended].filter(([, { Status }]) => Status?.State !== "FAILED").map(([sql]) => sql);

/** What all queries ever wrote, and said. */
async function everythingTold(ended: ReadonlyMap<string, QueryExecution>): Promise<string> {
  const told = [...ended.values()].map(({ Status }) => Status?.StateChangeReason ?? "");
  for (const Bucket of ["results", "data"]) {
    for (const { Key } of (await athena.s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? [])
      told.push((await (await athena.s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ?? "");
  }
  return told.join("\n");
}

async function engineFunctions(): Promise<string[]> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const listed = await connection.runAndReadAll("SELECT DISTINCT function_name FROM duckdb_functions() ORDER BY 1");
  const names = listed.getRows().map(([name]) => String(name));
  return names.filter((name) => /^[a-z_]\w*$/i.test(name) && !TRINO_FUNCTIONS.has(name.toLowerCase()));
}

const READERS = [
  "read_csv",
  "read_csv_auto",
  "read_text",
  "read_blob",
  "read_json",
  "read_parquet",
  "parquet_scan",
  "glob",
];

describe("a file of this machine", () => {
  it("is reached by no function of the engine, as a table or as a value", { timeout: 300_000 }, async () => {
    const names = await engineFunctions();
    expect(names).toEqual(expect.arrayContaining(["read_csv", "read_text", "glob", "getvariable", "current_setting"]));
    const ended = await endings(
      names.flatMap((name) => [`SELECT * FROM ${name}('${file}')`, `SELECT ${name}('${file}')`]),
    );
    expect(succeeded(ended)).toEqual([]);
    expect(await everythingTold(ended)).not.toContain(CANARY);
  });

  it("is reached by no spelling of one that reads files", { timeout: 300_000 }, async () => {
    const spellings = READERS.flatMap((name) => [
      `SELECT * FROM "${name}"('${file}')`,
      `SELECT * FROM ${name.toUpperCase()}/**/('${file}')`,
      `SELECT * FROM ${name} -- a\n('${file}')`,
      `SELECT * FROM main.${name}('${file}')`,
      `SELECT * FROM system.main.${name}('${file}')`,
      `SELECT * FROM TABLE(${name}('${file}'))`,
      `SELECT * FROM TABLE(${name}(path => '${file}'))`,
      `SELECT * FROM LATERAL ${name}('${file}')`,
      `SELECT * FROM orders, LATERAL (SELECT * FROM ${name}('${file}'))`,
      `SELECT * FROM orders CROSS JOIN ${name}('${file}') AS t(a)`,
      `SELECT * FROM orders o JOIN "${name}"('${file}') ON true`,
      `SELECT (SELECT count(*) FROM ${name}('${file}'))`,
      `SELECT 1 WHERE EXISTS (SELECT 1 FROM ${name}('${file}'))`,
      `WITH q AS (SELECT * FROM ${name}('${file}')) SELECT * FROM q`,
      `WITH ${name} AS (SELECT 1 AS x) SELECT * FROM ${name}('${file}')`,
      `WITH ${name} (x) AS (SELECT 1) SELECT * FROM "${name}" ('${file}')`,
      `SELECT 1 UNION ALL SELECT * FROM ${name}('${file}')`,
      `VALUES (${name}('${file}'))`,
      `SELECT transform(ARRAY['${file}'], x -> ${name}(x))`,
      `SELECT try(${name}('${file}'))`,
      `SELECT CAST('${file}' AS ${name}('${file}'))`,
      `SELECT 1 AS ${name}('${file}')`,
      `SELECT '${file}'.${name}()`,
      `CREATE VIEW v_${name} AS SELECT * FROM ${name}('${file}')`,
      `CREATE TABLE t_${name} AS SELECT * FROM ${name}('${file}')`,
      `INSERT INTO orders SELECT * FROM ${name}('${file}')`,
      `UNLOAD (SELECT * FROM ${name}('${file}')) TO 's3://results/u-${name}/' WITH (format = 'JSON')`,
      `FROM ${name}('${file}')`,
      `TABLE ${name}('${file}')`,
      `EXPLAIN ANALYZE SELECT * FROM ${name}('${file}')`,
      `CALL ${name}('${file}')`,
      `EXECUTE IMMEDIATE 'SELECT * FROM ${name}(''${file}'')'`,
    ]);
    const ended = await endings(spellings);
    expect(succeeded(ended)).toEqual([]);
    expect(await everythingTold(ended)).not.toContain(CANARY);
  });

  it("is no table by its path", async () => {
    const names = [
      `'${file}'`,
      `"${file}"`,
      `"file://${file}"`,
      `"${folder}"."secret.csv"`,
      `awsdatacatalog."${file}"."x"`,
      `"${folder}/*"`,
    ];
    const ended = await endings(
      names.flatMap((name) => [
        `SELECT * FROM ${name}`,
        `SELECT * FROM orders JOIN ${name} ON true`,
        `DESCRIBE ${name}`,
        `CREATE VIEW v AS SELECT * FROM ${name}`,
      ]),
    );
    expect(succeeded(ended)).toEqual([]);
    expect(await everythingTold(ended)).not.toContain(CANARY);
  });

  it("is reached by no other statement", async () => {
    const statements = [
      `COPY orders FROM '${file}'`,
      `COPY (SELECT 1) TO '${file}'`,
      `COPY FROM DATABASE a TO b`,
      `ATTACH '${file}' AS x`,
      `INSTALL '${file}'`,
      `FORCE INSTALL httpfs FROM '${folder}'`,
      `LOAD '${file}'`,
      `IMPORT DATABASE '${folder}'`,
      `EXPORT DATABASE '${folder}'`,
      `SET enable_external_access = true`,
      `SET GLOBAL allowed_paths = ['${file}']`,
      `SET VARIABLE x = (SELECT content FROM read_text('${file}'))`,
      `RESET lock_configuration`,
      `PRAGMA database_list`,
      `PREPARE p AS SELECT * FROM read_text('${file}')`,
      `EXECUTE p`,
      `SUMMARIZE '${file}'`,
      `PIVOT '${file}' ON a`,
      `USE memory`,
      `CREATE SECRET (TYPE s3)`,
      `CREATE MACRO m() AS TABLE SELECT * FROM read_text('${file}')`,
      `CREATE FUNCTION m() RETURNS int RETURN 1`,
      `SELECT getenv('TIDEMILL_TEST_SECRET')`,
      `SELECT * FROM information_schema.settings`,
      `SELECT * FROM pg_catalog.pg_settings`,
      `SELECT * FROM duckdb_secrets`,
    ];
    const ended = await endings(statements.flatMap((sql) => [sql, `/* a */ ${sql}`, `SELECT 1; ${sql}`, `(${sql})`]));
    expect(succeeded(ended)).toEqual([]);
    expect(await everythingTold(ended)).not.toContain(CANARY);
  });
});

describe("a prepared statement", () => {
  it("reaches no file of this machine: not by its text, nor by what EXECUTE gives it", async () => {
    const texts = READERS.flatMap((name) => [
      `SELECT * FROM ${name}(?)`,
      `SELECT "${name}"(?)`,
      `UNLOAD (SELECT * FROM ${name}(?)) TO 's3://results/p-${name}/' WITH (format = 'JSON')`,
    ]);
    texts.push("SELECT * FROM ?", `SELECT ? FROM "${file}"`, `SELECT ?; COPY (SELECT 1) TO '${file}'`);
    await endings(texts.map((text, index) => `PREPARE hostile_${index} FROM ${text}`));
    const ended = await endings(texts.map((_, index) => `EXECUTE hostile_${index} USING '${file}'`));
    expect(succeeded(ended)).toEqual([]);
    await athena.run("PREPARE plain FROM SELECT ? AS x");
    const values = [
      `read_text('${file}')`,
      `(SELECT content FROM read_text('${file}'))`,
      `1 FROM read_text('${file}') --`,
      `1 /* */ FROM "${file}"`,
      `$$ ' $$, read_text('${file}')`,
      `E'\\', read_text('${file}')`,
      `CAST('${file}' AS read_text)`,
    ];
    const given = await endings(values.map((value) => `EXECUTE plain USING ${value}`));
    expect(succeeded(given)).toEqual([]);
    const named = await endings(["EXECUTE plain", `EXECUTE "${file}"`, `EXECUTE read_text('${file}')`]);
    expect(succeeded(named)).toEqual([]);
    expect(await everythingTold(new Map([...ended, ...given, ...named]))).not.toContain(CANARY);
  });
});

describe("the catalog's own tables", () => {
  it("are not the engine's, however they are written", async () => {
    const names = ["tables", "settings", "schemata", "duckdb_settings"];
    const ended = await endings([
      ...names.map((name) => `SELECT * FROM "$information_schema"."${name}"`),
      `SELECT * FROM "orders$partitions"`,
      `SELECT * FROM "${file}$partitions"`,
      `SELECT * FROM information_schema."${file}"`,
      `SELECT * FROM system.information_schema.tables`,
      `SELECT * FROM information_schema.tables, read_text('${file}')`,
    ]);
    expect(succeeded(ended)).toEqual([]);
    expect(await everythingTold(ended)).not.toContain(CANARY);
    const { QueryExecutionId } = await athena.run("SELECT table_name FROM information_schema.tables");
    const { ResultSet } = await athena.client.send(new GetQueryResultsCommand({ QueryExecutionId }));
    const shown = (ResultSet?.Rows ?? []).map(({ Data = [] }) => Data[0]?.VarCharValue);
    expect(shown.filter((name) => name?.startsWith("duckdb"))).toEqual([]);
  });
});

describe("a table that claims a place of this machine", () => {
  const PLACES = () => [
    `file://${folder}/`,
    `file:${folder}/`,
    `${folder}/`,
    `FILE://localhost${folder}`,
    `s3://`,
    `s3:///${folder}/`,
    `http://127.0.0.1${folder}/`,
  ];

  it("is refused when it is made, in Athena's words; so are a partition and a query's output", async () => {
    await athena.run("CREATE EXTERNAL TABLE parted (a string) PARTITIONED BY (k string) LOCATION 's3://data/parted/'");
    for (const place of PLACES()) {
      const refused = {
        name: "InvalidRequestException",
        message: `Invalid location ${place} for table. Only S3 locations are allowed`,
      };
      await expect(athena.run(`CREATE EXTERNAL TABLE local (a string) LOCATION '${place}'`)).rejects.toMatchObject(
        refused,
      );
      await expect(athena.run(`ALTER TABLE parted ADD PARTITION (k = '1') LOCATION '${place}'`)).rejects.toMatchObject(
        refused,
      );
      await expect(athena.run(`ALTER TABLE parted SET LOCATION '${place}'`)).rejects.toMatchObject(refused);
      const ResultConfiguration = { OutputLocation: place };
      await expect(athena.run("SELECT 1", { WorkGroup: "primary", ResultConfiguration })).rejects.toMatchObject({
        name: "InvalidRequestException",
        message: "outputLocation is not a valid S3 path.",
      });
      for (const sql of [
        `UNLOAD (SELECT 1 AS a) TO '${place}' WITH (format = 'JSON')`,
        `CREATE TABLE ctas WITH (external_location = '${place}') AS SELECT 1 AS a`,
      ])
        expect((await athena.run(sql)).Status?.StateChangeReason).toBe(refused.message);
    }
  });

  /** A table as a Glue client may put it into the catalog, past Athena's own checks. */
  const catalogued = async (
    Name: string,
    descriptor: TableInput["StorageDescriptor"],
    more: Partial<TableInput> = {},
  ) => {
    const TableInput: TableInput = {
      Name,
      TableType: "EXTERNAL_TABLE",
      StorageDescriptor: {
        Columns: [{ Name: "a", Type: "string" }],
        Location: "s3://data/orders/",
        SerdeInfo: {
          SerializationLibrary: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
          Parameters: { "field.delim": "," },
        },
        ...descriptor,
      },
      ...more,
    };
    await glue.send(new CreateTableCommand({ DatabaseName: "shop", TableInput }));
    return `SELECT * FROM ${Name}`;
  };
  const serde = (Parameters: Record<string, string>) => ({
    SerdeInfo: { SerializationLibrary: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", Parameters },
  });

  it("reads nothing there when it came into the catalog another way", async () => {
    const queries: string[] = [];
    for (const [index, Location] of PLACES().entries()) {
      queries.push(await catalogued(`placed_${index}`, { Location }));
      const PartitionKeys = [{ Name: "k", Type: "string" }];
      queries.push(await catalogued(`parts_${index}`, {}, { PartitionKeys }));
      const PartitionInput = { Values: ["1"], StorageDescriptor: { Location } };
      await glue.send(
        new CreatePartitionCommand({ DatabaseName: "shop", TableName: `parts_${index}`, PartitionInput }),
      );
    }
    const ended = await endings(queries);
    expect(succeeded(ended)).toEqual([]);
    expect(await everythingTold(ended)).not.toContain(CANARY);
  });

  it("reads nothing there by what its columns, its format or its view say", async () => {
    const escapes = [
      `x') FROM read_text('${file}') --`,
      `x", (SELECT content FROM read_text('${file}')) AS "y`,
      `'], filename = true) UNION SELECT content FROM read_text('${file}') --`,
    ];
    const view = (originalSql: string) => ({
      TableType: "VIRTUAL_VIEW",
      ViewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify({ originalSql, schema: "shop" })).toString("base64")} */`,
    });
    const queries: string[] = [];
    for (const [index, text] of escapes.entries()) {
      queries.push(
        await catalogued(`typed_${index}`, { Columns: [{ Name: "a", Type: `string${text}` }] }),
        await catalogued(`struct_${index}`, { Columns: [{ Name: "a", Type: `struct<${text}:string>` }] }),
        await catalogued(`named_${index}`, { Columns: [{ Name: text.slice(0, 255), Type: "string" }] }),
        await catalogued(`delimited_${index}`, serde({ "field.delim": text })),
        await catalogued(`nulls_${index}`, serde({ "field.delim": ",", "serialization.null.format": text })),
        await catalogued(`skips_${index}`, {}, { Parameters: { "skip.header.line.count": `0${text}` } }),
      );
    }
    for (const [index, name] of READERS.entries())
      queries.push(await catalogued(`viewed_${index}`, {}, view(`SELECT * FROM "${name}"('${file}')`)));
    const ended = await endings(queries);
    expect(succeeded(ended).filter((sql) => /viewed|typed|skips/.test(sql))).toEqual([]);
    expect(await everythingTold(ended)).not.toContain(CANARY);
  });
});

describe("the check itself", () => {
  it("would see the file's words in a result", async () => {
    const { QueryExecutionId } = await athena.run(`SELECT '${CANARY}' AS x`);
    const { ResultSet } = await athena.client.send(new GetQueryResultsCommand({ QueryExecutionId }));
    expect(JSON.stringify(ResultSet)).toContain(CANARY);
    expect(await everythingTold(new Map())).toContain(CANARY);
  });
});
