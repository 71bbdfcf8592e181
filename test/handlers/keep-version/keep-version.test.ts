import type { PartitionInput, TableInput } from "@aws-sdk/client-glue";
import { beforeEach, describe, expect, it } from "vitest";
import type { ListedObject } from "../../../handlers/aws/s3.ts";
import { createHandler } from "../../../handlers/keep-version/index.ts";
import { productState } from "../../../handlers/products/data-version.ts";
import { invoke } from "../invoke.ts";
import { product } from "../sample.ts";

interface Written {
  database: string;
  table: TableInput;
  partitions: readonly PartitionInput[];
}

const MORNING = "2026-01-31T06:00:00.000Z";
const NOON = "2026-01-31T12:00:00.000Z";
let objects: ListedObject[];
let copies: [from: string, to: string][];
let written: Written[];
/** What a producer does while the files are being copied. */
let meanwhile: () => void;
let partitioned: boolean;

const store = {
  listObjects: async (_bucket: string, prefix: string) => objects.filter(({ key }) => key.startsWith(prefix)),
  readText: async () => "age,job\n1,baker\n",
};
const handler = createHandler({
  ...store,
  bucket: () => "rows",
  copyAsListed: async (from, to) => {
    meanwhile();
    if (!objects.some(({ key, etag }) => key === from.key && etag === from.etag)) return false;
    copies.push([`${from.bucket}/${from.key}`, `${to.bucket}/${to.key}`]);
    return true;
  },
  readTable: async (database, table) =>
    database === "credit-card" && table === "credit_card"
      ? {
          Name: table,
          TableType: "EXTERNAL_TABLE",
          PartitionKeys: partitioned ? [{ Name: "year", Type: "string" }] : [],
          StorageDescriptor: { Location: "s3://products/credit_card/", Columns: [{ Name: "age", Type: "bigint" }] },
        }
      : undefined,
  readPartitions: async () => [
    { Values: ["2026"], StorageDescriptor: { Location: "s3://products/credit_card/year=2026/" } },
  ],
  replaceTable: async (database, table, partitions) => {
    written.push({ database, table, partitions });
  },
});

async function found() {
  const state = await productState(product, store);
  if (state === undefined) throw new Error("the product is empty");
  return { product, dataVersion: state.dataVersion, changedAt: state.changedAt };
}

const file = (name: string, etag: string, modified = MORNING) => ({
  key: `credit_card/${name}`,
  size: 10,
  etag,
  modified,
});
const REPLACED = { kept: false, database: "", columns: [] };

describe("keep-version", () => {
  beforeEach(() => {
    objects = [file("a.csv", "1"), file("year=2026/b.csv", "2"), file("_SUCCESS", "3")];
    copies = [];
    written = [];
    meanwhile = () => undefined;
    partitioned = false;
  });

  it("copies the files of the version to a folder of its own, and has the product's table read them there", async () => {
    const version = await found();
    const database = `tidemill-credit-card-${version.dataVersion}`;
    const columns = [{ name: "age", type: "bigint" }];
    expect(await invoke(handler, version)).toEqual({ kept: true, database, columns });
    const folder = `rows/versions/credit-card/${version.dataVersion}`;
    expect(copies).toEqual([
      ["products/credit_card/a.csv", `${folder}/a.csv`],
      ["products/credit_card/year=2026/b.csv", `${folder}/year=2026/b.csv`],
    ]);
    expect(written).toMatchObject([
      { database, table: { Name: "credit_card", StorageDescriptor: { Location: `s3://${folder}/` } }, partitions: [] },
    ]);
  });

  it("keeps the table's partitions", async () => {
    partitioned = true;
    const version = await found();
    await invoke(handler, version);
    const Location = `s3://rows/versions/credit-card/${version.dataVersion}/year=2026/`;
    expect(written).toMatchObject([{ partitions: [{ Values: ["2026"], StorageDescriptor: { Location } }] }]);
  });

  it.each([
    { what: "another version is there", change: () => objects.push(file("c.csv", "4")) },
    { what: "a file was replaced", change: () => objects.splice(0, 1, file("a.csv", "9")) },
    {
      what: "a file was written again, with the same in it",
      change: () => objects.splice(0, 1, file("a.csv", "1", NOON)),
    },
    { what: "nothing is there", change: () => objects.splice(0) },
  ])("K2: keeps nothing where $what since the run looked", async ({ change }) => {
    const version = await found();
    change();
    expect(await invoke(handler, version)).toEqual(REPLACED);
    expect([copies, written]).toEqual([[], []]);
  });

  it("K1: keeps nothing where a file is replaced while they are copied", async () => {
    const version = await found();
    meanwhile = () => objects.splice(1, 1, file("year=2026/b.csv", "9"));
    expect(await invoke(handler, version)).toEqual(REPLACED);
    expect(written).toEqual([]);
  });

  it("says which table is missing", async () => {
    const version = await found();
    const other = { ...version, product: { ...product, table: "loans" } };
    await expect(invoke(handler, other)).rejects.toThrow(
      "there is no table credit-card.loans in the catalog; see what crawler credit-card-crawler made",
    );
  });
});
