/** `tidemill publish` of whatever a person has: forms of the table, folders, and files unfit for it, by its contract with programs. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { GetObjectCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { temporaryFolder } from "../temporary-folder.ts";
import { homeClients } from "./aws-clients.ts";
import { tidemill, type Up, up } from "./command.ts";
import { SAMPLE } from "./credit-data.ts";

const PRODUCT = { Bucket: "credit-card-000000000000-us-east-1", Key: "credit_card/credit_card.csv" };
const LANDING = "tidemill-landing-000000000000-us-east-1";
const raw = readFileSync(SAMPLE, "utf8");
const lines = raw.trimEnd().split("\n");
const [header = "", ...rows] = lines;

describe("publish", { timeout: 120_000 }, () => {
  let folder: string;
  let home: string;
  let running: Up;
  let dataVersion: string;
  const publish = (path: string) => tidemill(home, "publish", "credit-card", path, "--no-follow");
  const put = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  beforeAll(async () => {
    folder = temporaryFolder("publish");
    home = join(folder, "home");
    running = await up(home);
    const first = await publish(SAMPLE);
    expect(first).toMatchObject({ code: 0, json: { outcome: "recorded", executionArn: expect.stringMatching(/./) } });
    dataVersion = JSON.parse(JSON.stringify(first.json)).dataVersion;
  });
  afterAll(() => running?.stop());

  /** Every version of what was uploaded under that name. */
  async function landed(name: string) {
    const { s3 } = homeClients(home, running);
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: LANDING, Prefix: "incoming/" }));
    return Versions.filter(({ Key }) => Key?.endsWith(`/${name}`));
  }

  /** A Parquet file of the query's rows over `curated`, the product's table as it lies in the home. */
  async function parquet(name: string, query: string): Promise<string> {
    const { Body } = await homeClients(home, running).s3.send(new GetObjectCommand(PRODUCT));
    const csv = put("curated.csv", (await Body?.transformToString()) ?? "");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const types = "auto_type_candidates = ['BIGINT', 'VARCHAR']";
    await connection.run(
      `CREATE TABLE curated AS SELECT *, row_number() OVER () AS n FROM read_csv('${csv}', ${types})`,
    );
    const file = join(folder, name);
    await connection.run(`COPY (${query}) TO '${file}'`);
    return file;
  }

  it("takes the curated table as Parquet for the version it is", async () => {
    const file = await parquet("curated.parquet", "SELECT * EXCLUDE (n) FROM curated");
    expect(await publish(file)).toMatchObject({ code: 0, json: { dataVersion } });
  });

  it("takes its rows in a folder of differently packed files for the same version", async () => {
    mkdirSync(join(folder, "parts"));
    put("parts/1.asc", `${[header, ...rows.slice(0, 300)].join("\n")}\n`);
    put("parts/2.csv.gz", gzipSync([header, ...rows.slice(300, 600)].join("\r\n").replaceAll(" ", ",")));
    await parquet("parts/3.parquet", "SELECT * EXCLUDE (n) FROM curated WHERE n > 600");
    expect(await publish(join(folder, "parts"))).toMatchObject({ code: 0, json: { dataVersion } });
  });

  it("names row and column of a Parquet file's value that does not fit", async () => {
    const query =
      "SELECT * EXCLUDE (n) REPLACE (CASE WHEN n > 6 AND n % 2 = 1 THEN NULL ELSE age END AS age) FROM curated";
    const file = await parquet("gaps.parquet", query);
    const { code, json } = await publish(file);
    expect({ code, json }).toMatchObject({
      code: 3,
      json: {
        outcome: "refused",
        dataVersion: null,
        file,
        row: 7,
        column: 13,
        reason: expect.stringMatching(/row 7, column 13: 497 of 1000 rows.*age is ""/),
      },
    });
  });

  it("refuses a folder whole for one file, by file, line and column, and leaves the product as it is", async () => {
    mkdirSync(join(folder, "mixed"));
    put("mixed/a.asc", raw);
    put("mixed/b.asc", `${[header, ...rows.slice(0, 5), "1 2 3"].join("\n")}\n`);
    const file = join(folder, "mixed/b.asc");
    const { code, json, stderr } = await publish(join(folder, "mixed"));
    expect({ code, json }).toMatchObject({ code: 3, json: { outcome: "refused", file, line: 7, column: 6 } });
    expect(stderr).toContain(`tidemill: refused: ${file}:7:6: line 7 has 3 fields`);
    expect(stderr).toMatch(/; kept as quarantine\/[0-9a-f]{16}\/credit-card\/mixed\/b.asc/);
    expect(await publish(SAMPLE)).toMatchObject({ code: 0, json: { dataVersion } });
  });

  it("quarantines a file that cannot even be unpacked", async () => {
    const cut = gzipSync(raw).subarray(0, -20);
    const { code, json, stderr } = await publish(put("cut.csv.gz", cut));
    expect({ code, json }).toMatchObject({ code: 3, json: { outcome: "refused", file: join(folder, "cut.csv.gz") } });
    const Key = /; kept as (quarantine\/[0-9a-f]{16}\/credit-card\/cut.csv.gz)\n/.exec(stderr)?.[1];
    const { s3 } = homeClients(home, running);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: LANDING, Key }));
    expect(cut.equals((await Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
    const why = await s3.send(new GetObjectCommand({ Bucket: LANDING, Key: `${Key}.reason.json` }));
    expect(await why.Body?.transformToString()).toContain("broken or cut off");
  });

  it("takes a file whose name holds a line break", async () => {
    expect(await publish(put("new\nline.csv", raw))).toMatchObject({ code: 0, json: { dataVersion } });
  });

  it("takes a thousand small files", async () => {
    mkdirSync(join(folder, "many"));
    for (const [index, row] of rows.entries()) put(`many/${String(index).padStart(4, "0")}.asc`, `${header}\n${row}\n`);
    expect(await publish(join(folder, "many"))).toMatchObject({ code: 0, json: { dataVersion } });
    const [uploaded, ...others] = await landed("many");
    expect(uploaded?.Size).toBe(1000 * (header.length + 1) + rows.join("\n").length + 1);
    expect(others).toEqual([]);
  });

  it("uploads a large file once, however often it is published", async () => {
    const large = put("large.asc", [header, ...Array.from({ length: 25 }, () => rows).flat()].join("\n"));
    const first = await publish(large);
    const [uploaded] = await landed("large.asc");
    const { dataVersion: sameVersion } = z.looseObject({ dataVersion: z.string() }).parse(first.json);
    expect(await publish(large)).toMatchObject({ code: 0, json: { dataVersion: sameVersion } });
    expect(await landed("large.asc")).toEqual([uploaded]);
  });
});
