/** Columns unlike the credit product's: decimals, text, gaps, names in quotes. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { curateFiles } from "../../../handlers/curation/curate-files.ts";
import type { Curation } from "../../../handlers/curation/curation.ts";
import { parseCuration } from "../../../handlers/curation/curation.ts";
import { CurationError } from "../../../handlers/curation/curation-error.ts";
import { productState } from "../../../handlers/products/data-version.ts";
import { published } from "../sample.ts";

const columns: Curation["columns"] = [
  { name: "plan", sources: ["Subscribed plan"], type: "text" },
  { name: "region", type: "categorical", values: { N: "north", S: "south, islands" } },
  { name: "balance", sources: ["Balance (EUR)"], type: "number", min: -1000, max: 1000 },
  { name: "calls", type: "integer", min: 0, max: 99, missing: ["NA"] },
];
const quality = {
  minRows: 1,
  maxRows: 100,
  maxBytes: 10_000,
  maxFieldLength: 100,
  minKnownColumns: 0.5,
  maxUnreadableRows: 0.5,
  minShareOfCurrentRows: 0.5,
};
const curation: Curation = { format: 1, columns, quality };
const HEADER = "Subscribed plan,REGION,Balance (EUR),calls";
const curate = async (...rows: string[]) =>
  (await curateFiles([published([HEADER, ...rows].join("\n"))], curation)).csv
    .toString()
    .replace(/\n$/, "")
    .split("\n");
const refusal = async (row: string) => (await curate(row).catch((error: Error) => error.message)).toString();

describe("curated columns", () => {
  it("are parted by commas where no value holds one", async () => {
    expect(await curate("Student,N,1.50,3")).toEqual(["plan,region,balance,calls", "Student,north,1.5,3"]);
  });

  it("are parted by tabs where one does, and curate to themselves then", async () => {
    const curated = await curate('"Family ""Plus"", yearly",S,-0.25,NA', '5" pipe,N,7,1');
    expect(curated).toEqual([
      "plan\tregion\tbalance\tcalls",
      "Family 'Plus', yearly\tsouth, islands\t-0.25\t",
      "5' pipe\tnorth\t7.0\t1",
    ]);
    const again = await curateFiles([published(`${curated.join("\n")}\n`)], curation);
    expect(again.csv.toString().replace(/\n$/, "").split("\n")).toEqual(curated);
  });

  it("have a header that is read whichever parts it", async () => {
    const file = (await curate("a\u00a0 b,S,1e-7,")).join("\n");
    const state = await productState(
      { bucket: "b", prefix: "t/" },
      {
        listObjects: async () => [
          { key: "t/t.csv", size: file.length, etag: "e", modified: "2026-01-31T00:00:00.000Z" },
        ],
        readText: async () => file,
      },
    );
    expect(file).toContain("a b\tsouth, islands\t1e-7");
    expect(state?.header).toEqual(["plan", "region", "balance", "calls"]);
  });

  it.each([
    { row: "a,N,1,", what: "a gap where gaps are named", says: "a,north,1.0," },
    { row: "a,N,,1", what: "a gap where none are", says: 'balance is "", expected a number from -1000 to 1000' },
    { row: "a,N,1001,1", what: "a number out of range", says: 'balance is "1001"' },
    { row: 'a,N,"1,5",1', what: "a decimal comma", says: 'balance is "1,5"' },
    { row: "a,N,Infinity,1", what: "no finite number", says: 'balance is "Infinity"' },
    { row: " ,N,1,1", what: "no text", says: 'plan is "", expected text that is not empty' },
    { row: "a\u0007,N,1,1", what: "a control character", says: "plan is" },
    { row: "a,X,1,1", what: "an unknown code", says: 'region is "X", expected one of N, S or their names' },
  ])("take $what for what it is", async ({ row, says }) => {
    expect(await refusal(row)).toContain(says);
  });
});

describe("a boolean", () => {
  const of = async (values: Record<string, string>, value: string) => {
    const column = { name: "flag", type: "categorical", values } as const;
    const curated = await curateFiles([published(`flag,other\n${value},1\n`)], { ...curation, columns: [column] });
    return curated.csv.toString().split("\n")[1]?.split(",")[0];
  };

  it.each([
    { what: "codes that say yes and no", values: { yes: "leaves", no: "stays" }, yes: "leaves", no: "stays" },
    { what: "names that do", values: { 1: "no", 2: "yes" }, yes: "yes", no: "no" },
    { what: "capitals", values: { Y: "smoker", N: "non-smoker" }, yes: "smoker", no: "non-smoker" },
    { what: "digits", values: { 0: "closed", 1: "open" }, yes: "open", no: "closed" },
    { what: "words before digits", values: { 0: "yes", 1: "no" }, yes: "yes", no: "no" },
    { what: "its own words", values: { true: "on", false: "off" }, yes: "on", no: "off" },
  ])("reads as the column's value by $what", async ({ values, yes, no }) => {
    expect([await of(values, "true"), await of(values, "False"), await of(values, "TRUE")]).toEqual([yes, no, yes]);
  });

  it("is none of a column's values that say neither", async () => {
    await expect(of({ 1: "one", 2: "two" }, "true")).rejects.toThrow(
      'flag is "true", expected one of 1, 2 or their names',
    );
  });
});

describe("parseCuration", () => {
  it("reads the example of its reference", () => {
    const reference = readFileSync(new URL("../../../docs/reference/curation.md", import.meta.url), "utf8");
    const example = /^```json\n(.*?)^```/ms.exec(reference)?.[1] ?? "";
    expect(parseCuration(example, "curation.md").columns.map(({ type }) => type)).toContain("text");
  });

  const message = (change: object) => {
    try {
      parseCuration(JSON.stringify({ ...curation, ...change }), "models/churn/curation.json");
      return "";
    } catch (error) {
      return error instanceof CurationError ? error.message : String(error);
    }
  };

  it.each([
    { change: {}, says: "" },
    {
      change: { columns: [{ name: "a", type: "date" }] },
      says: "columns.0.type: expected categorical, integer, number or text",
    },
    { change: { columns: [{ name: "a", type: "number", min: 0 }] }, says: "columns.0.max: expected number" },
    { change: { columns: [{ name: "a", type: "text", nullable: true }] }, says: "columns.0 has no field nullable" },
    {
      change: {
        columns: [
          { name: "a", type: "text" },
          { name: "b", sources: ["A"], type: "text" },
        ],
      },
      says: 'columns: two columns are named "a"',
    },
    {
      change: { columns: [{ name: "a", type: "categorical", values: { x: '"' } }] },
      says: "columns.0.values.x: expected no double quotes",
    },
  ])("says $says", ({ change, says }) => {
    expect(message(change)).toContain(says);
    expect(message(change)).toContain(says === "" ? "" : "models/churn/curation.json: ");
  });
});
