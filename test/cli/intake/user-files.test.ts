/** The sample as people have it: saved by other tools, under other codes, and what lies beside it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { takeIn } from "../../../cli/intake/take-in.ts";
import { curateFiles } from "../../../handlers/curation/curate-files.ts";
import { curation, published, rawFile } from "../../handlers/sample.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { zipOf } from "./zip-of.ts";

const lines = rawFile.trimEnd().split("\n");
const [header = "", ...rows] = lines;
const inLines = (of: readonly string[]) => `${of.join("\n")}\n`;
const csv = (line: string) => line.replaceAll(" ", ",");
const cells = (change: (cell: string) => string) =>
  inLines(
    [header, ...rows.map((row) => row.split(" ").map(change).join(";"))].map((line) => line.replaceAll(" ", ";")),
  );

let folder: string;
beforeAll(() => {
  folder = temporaryFolder("user-files");
});

async function curated(file: string | Uint8Array) {
  const path = join(folder, "table");
  writeFileSync(path, file);
  const { parts } = await takeIn(path);
  const files = parts.map(({ source, text }) => published(text, 65_536, source.slice(folder.length + 1)));
  return curateFiles(files, curation);
}

describe("the sample", () => {
  it.each([
    { form: "in UTF-16 of Windows", file: Buffer.from(`\ufeff${rawFile.replaceAll(" ", "\t")}`, "utf16le") },
    { form: "in UTF-16 of others", file: Buffer.from(`\ufeff${rawFile}`, "utf16le").swap16() },
    { form: "with a byte order mark, packed", file: gzipSync(`\ufeff${rawFile}`) },
    { form: "with names in capitals", file: rawFile.replace(header, header.toUpperCase()) },
    { form: "with names of both languages", file: rawFile.replace("laufzeit", "duration") },
    { form: "in columns of one width", file: inLines(lines.map((line) => `  ${line.replaceAll(" ", "   ")} `)) },
    { form: "with spaces after the commas", file: inLines(lines.map((line) => line.replaceAll(" ", ", "))) },
    { form: "with codes that became decimal numbers", file: cells((cell) => `${cell}.0`) },
  ])("$form is the same table", async ({ file }) => {
    expect((await curated(file)).csv.equals((await curated(rawFile)).csv)).toBe(true);
  });

  it.each([
    {
      what: "without its header",
      file: inLines(rows),
      says: /no header: the first line holds values; found "1", "18", "4", expected names such as status or laufkont/,
    },
    {
      what: "of the older coding",
      file: inLines(["STATUS_ACCOUNT DURATION_MONTHS CREDIT_HISTORY PURPOSE", "A11 6 A34 A43"]),
      says: /not a file of this product: the header has 2 of its 21 columns.*found "STATUS_ACCOUNT", "DURATION_MONTHS"/,
    },
    { what: "under a comment", file: `# of 2026-01-01\n${rawFile}`, says: /found "#", "of"/ },
    {
      what: "with row names",
      file: inLines(lines.map((line, index) => csv(`${index || ""} ${line}`))),
      says: /column 1 of 22 has no name.*row names/,
    },
    {
      what: "with a delimiter at each line's end",
      file: inLines(lines.map((line) => csv(`${line} `))),
      says: /column 22 of 22 has no name.*delimiter at/,
    },
    {
      what: "with a delimiter at each row's end",
      file: inLines([csv(header), ...rows.map((row) => csv(`${row} `))]),
      says: /line 2 has 22 fields, the header has 21; it ends in a delimiter/,
    },
    {
      what: "with a column under both its names",
      file: inLines([`${header} duration`, ...rows.map((row) => `${row} 7`)]),
      says: /names duration twice, as laufzeit and as duration/,
    },
    {
      what: "with a line break in a field",
      file: inLines([csv(`${header} note`), csv(`${rows[0]} x`), `${csv(rows[1] ?? "")},"a`, 'b"']),
      says: /a field in quotes has no end in its line/,
    },
    {
      what: "with a quote that is never closed",
      file: inLines([csv(header), `"${csv(rows[0] ?? "")}`]),
      says: /a field in quotes has no end/,
    },
    { what: "in lines that end in CR", file: rawFile.replaceAll("\n", "\r"), says: /its lines end in CR alone/ },
    {
      what: "in UTF-16 without a mark",
      file: Buffer.from(rawFile, "utf16le"),
      says: /a NUL byte.*UTF-16 has such bytes/,
    },
    { what: "in half of UTF-16", file: Buffer.from("fffe00d8", "hex"), says: /begins as UTF-16 and is not/ },
    {
      what: "in a field of 10 MB",
      file: `${header}\n${"1".repeat(10_000_000)} 2\n`,
      says: /line 2 is longer than 16800 characters/,
    },
    { what: "with decimal commas", file: cells((cell) => `${cell},0`), says: /status is "1,0"/ },
    {
      what: "as its description",
      file: zipOf([{ name: "codetable.txt", content: "laufkont : status\n1 : no account\n" }]),
      says: /found ":"/,
    },
    {
      what: "as a pointer of Git LFS",
      file: "version https://git-lfs.github.com/spec/v1\noid sha256:00\n",
      says: /git lfs pull/,
    },
    { what: "as a workbook", file: Buffer.from("d0cf11e0a1b11ae1", "hex"), says: /an Excel workbook/ },
    {
      what: "as a tar archive",
      file: gzipSync(Buffer.concat([Buffer.alloc(257), Buffer.from("ustar"), Buffer.alloc(250)])),
      says: /a tar archive/,
    },
    { what: "compressed with bzip2", file: Buffer.from("BZh91AY"), says: /compressed with bzip2/ },
  ])("$what is refused with what a person needs to know", async ({ file, says }) => {
    await expect(curated(file)).rejects.toThrow(says);
  });

  it("is refused in an archive for what lies beside it, by name", async () => {
    const zip = zipOf([
      { name: "a/kredit.asc", content: rawFile },
      { name: "a/read.R", content: "dat <- read.table(x)\n" },
    ]);
    await expect(curated(zip)).rejects.toMatchObject({ position: { file: "table/a/read.R", line: 1 } });
  });

  it("tells of the first row that is left out", async () => {
    const { unreadableRows, firstUnreadable } = await curated(rawFile.replace("\n1 9 4", "\n1 -9 4"));
    expect(unreadableRows).toBe(1);
    expect(firstUnreadable).toMatchObject({
      reason: 'duration is "-9", expected a whole number from 1 to 120',
      position: { file: "table", line: 3, column: 3 },
    });
  });
});
