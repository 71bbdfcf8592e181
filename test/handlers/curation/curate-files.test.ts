import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curateFiles } from "../../../handlers/curation/curate-files.ts";
import { RefusedFileError } from "../../../handlers/curation/refused.ts";
import { curation, published, rawFile } from "../sample.ts";

const lines = rawFile.trimEnd().split("\n");
const header = lines[0] ?? "";
const text = (rows: readonly string[]) => `${rows.join("\n")}\n`;
const curate = (file: string | Uint8Array, currentRows?: number) =>
  curateFiles([published(file)], curation, currentRows);
const replaced = (line: number, row: string) => text(lines.map((old, index) => (index === line - 1 ? row : old)));

async function refusal(file: string | Uint8Array, currentRows?: number) {
  const error = await curate(file, currentRows).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RefusedFileError)) throw new Error("expected the file to be refused");
  return { reason: error.message, ...error.position };
}

describe("curateFiles", () => {
  it("gives the sample English names and readable values", async () => {
    const { csv, rows, columns } = await curate(rawFile);
    expect(rows).toBe(1000);
    expect(columns.slice(0, 5)).toEqual(["status", "duration", "credit_history", "purpose", "amount"]);
    expect(csv.toString().split("\n")[1]).toBe(
      "no_checking_account,18,all_credits_here_paid_duly,car_used,1049,unknown_or_none,below_1_year,below_20_percent,female_not_single_or_male_single,none,from_7_years,car_or_other,21,none,for_free,one,skilled_employee_or_official,none_to_two,no,no,1",
    );
  });

  it("C1: gives the same bytes for coded values under English names, in CSV too", async () => {
    const raw = await curate(rawFile);
    const english = text([raw.columns.join(" "), ...lines.slice(1)]);
    expect((await curate(english)).csv.equals(raw.csv)).toBe(true);
    expect((await curate(english.replaceAll(" ", ","))).csv.equals(raw.csv)).toBe(true);
  });

  it.each([
    { form: "Windows line ends", file: rawFile.replaceAll("\n", "\r\n") },
    { form: "a byte order mark", file: `\ufeff${rawFile}` },
    { form: "no line end at its end", file: rawFile.trimEnd() },
    { form: "empty lines", file: `\n${rawFile.replaceAll("\n", "\n\n")}\n  \n` },
    { form: "tabs", file: rawFile.replaceAll(" ", "\t") },
    { form: "semicolons", file: rawFile.replaceAll(" ", ";") },
    { form: "bars", file: rawFile.replaceAll(" ", "|") },
    { form: "bars between spaces", file: rawFile.replaceAll(" ", " | ") },
    { form: "its columns the other way round", file: text(lines.map((row) => row.split(" ").reverse().join(" "))) },
    { form: "every field in quotes", file: rawFile.replaceAll(/[^ \n]+/g, '"$&"').replaceAll(" ", ",") },
  ])("C1: gives the same bytes for a file with $form", async ({ file }) => {
    expect((await curate(file)).csv.equals((await curate(rawFile)).csv)).toBe(true);
  });

  it("C2: changes nothing when curated again", async () => {
    const { csv } = await curate(rawFile);
    expect((await curate(csv)).csv.equals(csv)).toBe(true);
    expect((await curate(csv.toString().replaceAll(",", " ").replaceAll("\n", "\r\n"))).csv.equals(csv)).toBe(true);
  });

  it("C1: does not depend on how the bytes arrive", async () => {
    const { csv } = await curate(rawFile);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 7, max: 70_000 }), async (size) => {
        expect((await curateFiles([published(rawFile, size)], curation)).csv.equals(csv)).toBe(true);
      }),
      { numRuns: 5 },
    );
  });

  it("C1: gives the same bytes for rows in several files, whatever the form and the order of each one's columns", async () => {
    const { csv, columns } = await curate(rawFile);
    const turned = (row: string) => row.split(" ").reverse().join(";");
    const files = [
      published(text(lines.slice(0, 401)), 1000, "a.asc"),
      published(text([header, ...lines.slice(401, 700)].map(turned)), 1000, "b.csv"),
      published(text([columns.join(","), ...csv.toString().trimEnd().split("\n").slice(700)]), 1000, "c.csv"),
    ];
    const together = await curateFiles(files, curation, 1000);
    expect(together.rows).toBe(1000);
    expect(together.csv.equals(csv)).toBe(true);
  });

  it.each([
    { what: "a bad row", second: () => replaced(7, "1 2 3"), at: { line: 7, column: 6 }, says: /3 fields/ },
    { what: "no bytes", second: () => "", at: { line: 1, column: 1 }, says: /empty/ },
    {
      what: "another product's columns",
      second: () => text(["a b", "1 2"]),
      at: { line: 1 },
      says: /0 of its/,
    },
    {
      what: "a column more",
      second: () => text(lines.map((row) => `${row} bonus`)),
      at: { line: 1 },
      says: /the header has bonus, which a.csv has not; files of one table/,
    },
    {
      what: "a column fewer",
      second: () => text(lines.map((row) => row.slice(row.indexOf(" ") + 1))),
      at: { line: 1 },
      says: /the header lacks status, which a.csv has;/,
    },
    {
      what: "many unreadable rows",
      second: () => text(lines.map((row, index) => (index % 4 === 3 ? row.replace(/^\d+ /, "9 ") : row))),
      at: { line: 4, column: 1 },
      says: /250 of 2000 rows are unreadable/,
    },
  ])("C3: refuses all of several files for $what in one, and names that one", async ({ second, at, says }) => {
    const asked = curateFiles([published(rawFile, 65_536, "a.csv"), published(second(), 65_536, "b.csv")], curation);
    await expect(asked).rejects.toMatchObject({
      message: expect.stringMatching(says),
      position: { file: "b.csv", ...at },
    });
  });

  it("names no file where all of them together fall short", async () => {
    const halves = [published(text(lines.slice(0, 200)), 1000, "a"), published(text(lines.slice(0, 200)), 1000, "b")];
    const asked = curateFiles(halves, curation, 1000);
    await expect(asked).rejects.toMatchObject({
      message: expect.stringMatching(/^the files have 398 rows/),
      position: {},
    });
  });

  it("counts the bytes of all files against the product's limit", async () => {
    const small = { ...curation, quality: { ...curation.quality, maxBytes: rawFile.length + 10 } };
    const asked = curateFiles([published(rawFile, 65_536, "a"), published(rawFile, 65_536, "b")], small);
    await expect(asked).rejects.toMatchObject({
      message: expect.stringMatching(/larger than/),
      position: { file: "b" },
    });
  });

  it("reads nothing of files that are known to be more", async () => {
    const small = { ...curation, quality: { ...curation.quality, maxBytes: 10 } };
    const never = async () => Promise.reject(new Error("opened"));
    const [a, b] = ["a", "b"].map((name) => ({ name, bytes: 6, open: never }));
    if (a === undefined || b === undefined) throw new Error("expected two files");
    const reason = "12 bytes, curation.json allows 10 (maxBytes)";
    await expect(curateFiles([a, b], small)).rejects.toMatchObject({
      message: `the files have ${reason}`,
      position: {},
    });
    await expect(curateFiles([{ ...a, bytes: 12 }], small)).rejects.toMatchObject({
      message: `the file has ${reason}`,
      position: { file: "a" },
    });
  });

  it("C1: puts columns it does not know after the others, by name", async () => {
    const more = (names: string, values: string) =>
      text([`${names} ${header}`, ...lines.slice(1).map((row) => `${values} ${row}`)]);
    const { csv, columns } = await curate(more("zeal bonus", "8 7"));
    expect(columns.slice(-3)).toEqual(["credit_risk", "bonus", "zeal"]);
    expect((await curate(more("bonus zeal", "7 8"))).csv.equals(csv)).toBe(true);
  });

  it("keeps a renamed and an added column under their names, as a change of schema", async () => {
    const { columns } = await curate(
      text([`${header.replace("alter", "lebensjahre")} bonus`, ...lines.slice(1).map((row) => `${row} 7`)]),
    );
    expect(columns).toContain("lebensjahre");
    expect(columns).toContain("bonus");
    expect(columns).not.toContain("age");
  });

  it("leaves out a few unreadable rows", async () => {
    const { rows, unreadableRows } = await curate(replaced(5, (lines[4] ?? "").replace(/^\d+/, "9")));
    expect({ rows, unreadableRows }).toEqual({ rows: 999, unreadableRows: 1 });
  });

  it.each([
    { what: "an empty file", file: "", at: { line: 1, column: 1 }, says: /empty/ },
    { what: "a header alone", file: text([header]), at: { line: 1, column: 1 }, says: /0 rows, expected at least 100/ },
    { what: "a NUL byte", file: `${header}\n1 2\0 3\n`, at: { line: 2, column: 4 }, says: /binary/ },
    {
      what: "another product's columns",
      file: text(["a b c", "1 2 3"]),
      at: { line: 1, column: 1 },
      says: /0 of its 21 columns/,
    },
    {
      what: "a column named twice",
      file: text([`${header} age`]),
      at: { line: 1, column: header.length + 2 },
      says: /age twice/,
    },
    {
      what: "a ragged row",
      file: replaced(7, "1 2 3"),
      at: { line: 7, column: 6 },
      says: /3 fields, the header has 21/,
    },
    { what: "a row too long", file: replaced(7, `${lines[6]} 9`), at: { line: 7 }, says: /22 fields/ },
    { what: "a cut last row", file: rawFile.slice(0, -20), at: { line: 1001 }, says: /fields, the header has 21/ },
    {
      what: "one huge field",
      file: replaced(9, (lines[8] ?? "").replace(" ", ` ${"1".repeat(5000)}`)),
      at: { line: 9, column: 3 },
      says: /5001 characters, expected at most 200/,
    },
    {
      what: "a line that has no end",
      file: replaced(9, "1".repeat(20_000)),
      at: { line: 9, column: 16_801 },
      says: /longer than 16800 characters; a field has at most 200 \(maxFieldLength\)/,
    },
  ])("refuses $what with its place", async ({ file, at, says }) => {
    const { reason, ...position } = await refusal(file);
    expect(reason).toMatch(says);
    expect(position).toMatchObject(at);
  });

  it.each([
    {
      what: "Latin-1",
      from: replaced(500, `${lines[499]} M\u00fcller`),
      at: { line: 500 },
      says: /not UTF-8.*save it as UTF-8 \(it may be Latin-1/,
    },
    { what: "a picture", from: "\u0089PNG\r\n\u001a\n", at: { line: 1, column: 1 }, says: /is a picture \(PNG\)/ },
    {
      what: "a photograph",
      from: "\u00ff\u00d8\u00ff\u00e0",
      at: { line: 1, column: 1 },
      says: /is a picture \(JPEG\)/,
    },
    { what: "UTF-16", from: Buffer.from(`\ufeff${rawFile}`, "utf16le"), at: { line: 1, column: 1 }, says: /is UTF-16/ },
    { what: "gzip", from: gzipSync(rawFile), at: { line: 1, column: 1 }, says: /compressed with gzip.*unpacked/ },
    {
      what: "a spreadsheet",
      from: Buffer.from("PK\u0003\u0004\u0014"),
      at: { line: 1, column: 1 },
      says: /zip archive/,
    },
    { what: "Parquet", from: Buffer.from("PAR1\u0015\u0004"), at: { line: 1, column: 1 }, says: /is Parquet.*as CSV/ },
  ])("refuses $what with its place and what to do", async ({ from, at, says }) => {
    const { reason, ...position } = await refusal(typeof from === "string" ? Buffer.from(from, "latin1") : from);
    expect(reason).toMatch(says);
    expect(position).toMatchObject(at);
  });

  it("names the line and column of a byte that is no UTF-8, however the bytes arrive", async () => {
    const bytes = Buffer.from(`${header}\n\u00e4\u00f6 \u00fc?\n`);
    bytes[bytes.length - 2] = 0xff;
    for (let size = 1; size <= bytes.length; size++) {
      const parts = async function* () {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      };
      await expect(curateFiles([{ name: "x.csv", open: async () => parts() }], curation)).rejects.toMatchObject({
        position: { line: 2, column: 5 },
      });
    }
  });

  it("refuses a file with a tenth of its rows unreadable, naming the first", async () => {
    const bad = lines.map((row, index) => (index > 0 && index % 10 === 0 ? row.replace(/^\d+ \d+/, "1 many") : row));
    expect(await refusal(text(bad))).toMatchObject({
      reason: /100 of 1000 rows.*duration is "many"/,
      line: 11,
      column: 3,
    });
  });

  it("refuses a file below half of the current version's rows", async () => {
    expect(await refusal(text(lines.slice(0, 400)), 1000)).toMatchObject({
      reason: /399 rows where the current version has 1000/,
    });
  });

  it("refuses or curates whatever it is given, and never fails otherwise", async () => {
    const damaged = fc.tuple(fc.nat(rawFile.length), fc.uint8Array({ maxLength: 40 })).map(([at, noise]) => {
      const bytes = Buffer.from(rawFile);
      return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, fc.uint8Array({ maxLength: 2000 })), async (bytes) => {
        await curate(bytes).catch((error: unknown) => expect(error).toBeInstanceOf(RefusedFileError));
      }),
      { numRuns: 60 },
    );
  });
});
