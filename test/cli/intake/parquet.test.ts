/** Parquet as `publish` takes it in: what it becomes, and the bounds that hostile files meet. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, it } from "vitest";
import { takeIn } from "../../../cli/intake/take-in.ts";
import { curateFiles } from "../../../handlers/curation/curate-files.ts";
import { curation, published, rawFile } from "../../handlers/sample.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { refusalOf } from "./refusal-of.ts";

let folder: string;
/** Writes the rows of a query over `curated` (the table) and `raw` (the sample as it is published). */
let write: (name: string, query: string, options?: string) => Promise<string>;
let curated: Buffer;

beforeAll(async () => {
  folder = temporaryFolder("parquet-test");
  curated = (await curateFiles([published(rawFile)], curation)).csv;
  writeFileSync(join(folder, "curated.csv"), curated);
  writeFileSync(join(folder, "raw.asc"), rawFile);
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run(
    `CREATE TABLE curated AS FROM read_csv('${join(folder, "curated.csv")}', auto_type_candidates = ['BIGINT', 'VARCHAR'])`,
  );
  await connection.run(`CREATE TABLE raw AS FROM read_csv('${join(folder, "raw.asc")}', delim = ' ')`);
  await connection.run("SET force_mbedtls_unsafe = true");
  await connection.run("PRAGMA add_parquet_key('secret', '0123456789112345')");
  write = async (name, query, options = "") => {
    const file = join(folder, `${name}.parquet`);
    await connection.run(`COPY (${query}) TO '${file}' (FORMAT parquet${options})`);
    return file;
  };
});

/** What the product's table becomes of it. */
async function tableOf(file: string): Promise<string> {
  const { parts } = await takeIn(file);
  const files = parts.map(({ key, text }) => published(text, 65_536, key));
  return (await curateFiles(files, curation)).csv.toString();
}

describe("a Parquet file", () => {
  it.each([
    { form: "of the curated table", query: "FROM curated" },
    { form: "of the raw codes", query: "FROM raw" },
    {
      form: "with numbers of other types",
      query:
        "SELECT * REPLACE (duration::DOUBLE AS duration, amount::DECIMAL(9, 2) AS amount, credit_risk::TINYINT AS credit_risk) FROM curated",
    },
    {
      form: "with booleans, for columns of yes and no and of 1 and 0",
      query:
        "SELECT * REPLACE (foreign_worker = 'yes' AS foreign_worker, telephone = 'yes' AS telephone, credit_risk::BOOLEAN AS credit_risk) FROM curated",
    },
    { form: "with text that is not marked as such", query: "SELECT * REPLACE (purpose::BLOB AS purpose) FROM curated" },
    {
      form: "compressed with zstd in small groups",
      query: "FROM curated",
      options: ", COMPRESSION zstd, ROW_GROUP_SIZE 2048",
    },
    { form: "with pages of the second version", query: "FROM curated", options: ", PARQUET_VERSION v2" },
  ])("$form becomes the same table as its text", async ({ form, query, options }) => {
    const csv = await tableOf(await write(form.replaceAll(/\W/g, "-"), query, options));
    expect(csv).toBe(curated.toString());
  });

  it("keeps its rows apart whatever their values hold", async () => {
    const value = `'a,"b"' || chr(10) || 'c' || chr(9) || 'd;'`;
    const file = await write(
      "odd",
      `SELECT ${value} AS x, NULL AS y, 'NaN'::DOUBLE AS z UNION ALL SELECT NULL, NULL, NULL`,
    );
    const { parts } = await takeIn(file);
    expect(parts.map(({ text }) => text.toString())).toEqual(['x,y,z\n"a,""b"" c\td;",,nan\n,,\n']);
    expect(parts[0]).toMatchObject({ source: file, key: "odd.parquet/odd.csv", cells: true });
  });

  it("beside many others becomes their table, and is named when it is the one that is broken", async () => {
    const many = join(folder, "many");
    mkdirSync(many);
    for (let part = 0; part < 40; part++) {
      const file = await write(`part-${part}`, `FROM curated LIMIT 25 OFFSET ${part * 25}`);
      renameSync(file, join(many, `part-${String(part).padStart(2, "0")}.parquet`));
    }
    expect(await tableOf(many)).toBe(curated.toString());
    const broken = join(many, "part-20.parquet");
    writeFileSync(broken, Buffer.from(readFileSync(broken)).fill(0xff, 4, 200));
    expect((await refusalOf(many)).result).toMatchObject({ outcome: "refused", file: broken });
  });

  it("names the column that is nested", async () => {
    const file = await write("nested", "SELECT status, {a: {b: 1}} AS more, age FROM curated");
    expect((await refusalOf(file)).result).toMatchObject({
      file,
      column: 2,
      reason: expect.stringContaining(`${file}, column 2: Parquet whose column "more" is nested`),
    });
  });

  it.each([
    { what: "a list", query: "SELECT *, [1] AS more FROM curated", says: /column "more" is nested/ },
    { what: "a struct", query: "SELECT *, {a: 1} AS more FROM curated", says: /column "more" is nested/ },
    { what: "too many rows", query: "SELECT 1 AS a, 2 AS b FROM range(5000001)", says: /5000001 rows; 5000000 are/ },
    {
      what: "gigabytes of one repeated value",
      query: "SELECT repeat('a', 1000000) AS a, 1 AS b FROM range(2500)",
      options: ", ROW_GROUP_SIZE 2500",
      says: /2385 MB of text; 256 MB are/,
    },
    {
      what: "an encrypted footer",
      query: "FROM curated",
      options: ", ENCRYPTION_CONFIG {footer_key: 'secret'}",
      says: /encrypted footer; write it without/,
    },
  ])("is refused with $what", async ({ what, query, options, says }) => {
    const file = await write(what.replaceAll(" ", "-"), query, options);
    const { exitCode, message, result } = await refusalOf(file);
    expect(exitCode).toBe(3);
    expect(message).toMatch(says);
    expect(result).toMatchObject({ outcome: "refused", dataVersion: null, file });
  });

  it.each([
    { what: "is cut off", damage: (bytes: Buffer) => bytes.subarray(0, -20), says: /cut off/ },
    {
      what: "has another's end",
      damage: (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -4), Buffer.from("PAR2")]),
      says: /cut off/,
    },
    { what: "is its magic alone", damage: () => Buffer.from("PAR1"), says: /cut off/ },
    { what: "has no footer", damage: () => Buffer.from("PAR1PAR1"), says: /cannot be read/ },
    {
      what: "says its footer is huge",
      damage: (bytes: Buffer) =>
        Buffer.concat([bytes.subarray(0, -8), Buffer.from("ffffff7f", "hex"), Buffer.from("PAR1")]),
      says: /cannot be read \(/,
    },
    {
      what: "has a broken footer",
      damage: (bytes: Buffer) => Buffer.from(bytes).fill(0xff, bytes.length - 200, bytes.length - 8),
      says: /cannot be read/,
    },
    {
      what: "has broken pages",
      damage: (bytes: Buffer) => Buffer.from(bytes).fill(0xff, 4, 3000),
      says: /cannot be read/,
    },
  ])("is refused when it $what", async ({ damage, says }) => {
    const whole = readFileSync(await write("whole", "FROM curated"));
    const file = join(folder, "damaged.parquet");
    writeFileSync(file, damage(whole));
    const { exitCode, message } = await refusalOf(file);
    expect(exitCode).toBe(3);
    expect(message).toMatch(says);
    expect(message).not.toContain("table.parquet");
  });
});
