/** Archives as `publish` takes them in: what they hold, and what of hostile ones is refused. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { takeIn } from "../../../cli/intake/take-in.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { refusalOf } from "./refusal-of.ts";
import { type ZipEntry, zipOf } from "./zip-of.ts";

const TEXT = "a b\n1 2\n";
/** More than is published at once, packed small. */
const zeroes = gzipSync(Buffer.alloc(300 * 1024 ** 2), { level: 1 });
const one: ZipEntry = { name: "t.csv", content: TEXT };

let folder: string;
beforeAll(() => {
  folder = temporaryFolder("packed");
});

function fileOf(bytes: Uint8Array): string {
  const file = join(folder, "table.bin");
  writeFileSync(file, bytes);
  return file;
}

describe("a packed table", () => {
  it.each([
    { form: "gzip", bytes: () => gzipSync(TEXT), keys: ["table.bin/table.bin"] },
    {
      form: "gzip in two members",
      bytes: () => Buffer.concat([gzipSync("a b\n"), gzipSync("1 2\n")]),
      keys: ["table.bin/table.bin"],
    },
    { form: "zip", bytes: () => zipOf([one]), keys: ["table.bin/t.csv"] },
    { form: "zip64", bytes: () => zipOf([{ ...one, zip64: true }]), keys: ["table.bin/t.csv"] },
    {
      form: "zip with folders",
      bytes: () =>
        zipOf([
          { name: "d/", content: "" },
          { ...one, name: "d/t.csv" },
        ]),
      keys: ["table.bin/d/t.csv"],
    },
    { form: "gzip of zip", bytes: () => gzipSync(zipOf([one])), keys: ["table.bin/table.bin/t.csv"] },
    {
      form: "zip of gzip",
      bytes: () => zipOf([{ name: "t.csv.gz", content: gzipSync(TEXT) }]),
      keys: ["table.bin/t.csv.gz/t.csv"],
    },
  ])("is taken out of $form", async ({ bytes, keys }) => {
    const { parts } = await takeIn(fileOf(bytes()));
    expect(parts.map(({ key }) => key)).toEqual(keys);
    expect(parts.map(({ text }) => text.toString())).toEqual([TEXT]);
  });

  it.each([
    {
      what: "a name that climbs out of the archive",
      zip: [{ ...one, name: "../../t.csv" }],
      says: /cannot be read \(invalid relative path/,
    },
    { what: "an absolute name", zip: [{ ...one, name: "/etc/t.csv" }], says: /cannot be read \(absolute path/ },
    {
      what: "a name of Windows that climbs out",
      zip: [{ ...one, name: "..\\t.csv" }],
      says: /cannot be read \(invalid/,
    },
    { what: "a name twice", zip: [one, one], says: /table.bin\/t.csv: the archive holds this name twice/ },
    {
      what: "a link",
      zip: [{ ...one, content: "/etc/passwd", mode: 0o120777 }],
      says: /table.bin\/t.csv: a link or a device/,
    },
    {
      what: "an encrypted file",
      zip: [{ ...one, flags: 1 }],
      says: /table.bin\/t.csv: encrypted; pack it without a password/,
    },
    {
      what: "other content than was packed",
      zip: [{ ...one, crc: 7 }],
      says: /table.bin\/t.csv: its content is not what was packed/,
    },
    {
      what: "a spreadsheet",
      zip: [{ ...one, name: "[Content_Types].xml" }, one],
      says: /a spreadsheet or another document; save the table in it as CSV/,
    },
    { what: "nothing", zip: [], says: /the archive holds no file/ },
    { what: "hidden files alone", zip: [{ ...one, name: "__MACOSX/t.csv" }], says: /the archive holds no file/ },
    {
      what: "300 MB of zeroes",
      zip: [{ ...one, content: Buffer.alloc(300 * 1024 ** 2) }],
      says: /t.csv: more than 256 MB, unpacked/,
    },
    {
      what: "five times 60 MB",
      zip: ["a", "b", "c", "d", "e"].map((name) => ({ name, content: Buffer.alloc(60 * 1024 ** 2) })),
      says: /table.bin\/e: more than 256 MB, unpacked/,
    },
  ])("is refused as a zip archive with $what", async ({ zip, says }) => {
    const { exitCode, message } = await refusalOf(fileOf(zipOf(zip)));
    expect(exitCode).toBe(3);
    expect(message).toMatch(says);
  });

  it.each([
    {
      what: "gzip that unpacks to 300 MB",
      bytes: () => zeroes,
      says: /more than 256 MB, unpacked/,
    },
    {
      what: "gzip of gzip that does",
      bytes: () => gzipSync(zeroes),
      says: /more than 256 MB, unpacked/,
    },
    {
      what: "cut gzip",
      bytes: () => gzipSync(TEXT).subarray(0, -9),
      says: /compressed with gzip, and broken or cut off/,
    },
    {
      what: "gzip's first bytes alone",
      bytes: () => Buffer.from("1f8b", "hex"),
      says: /compressed with gzip, and broken or cut off/,
    },
    {
      what: "a cut zip archive",
      bytes: () => zipOf([one]).subarray(0, -10),
      says: /a zip archive that cannot be read/,
    },
    {
      what: "four archives in one another",
      bytes: () => gzipSync(gzipSync(gzipSync(gzipSync(TEXT)))),
      says: /an archive within 3 archives/,
    },
  ])("is refused as $what", async ({ bytes, says }) => {
    const { exitCode, message } = await refusalOf(fileOf(bytes()));
    expect(exitCode).toBe(3);
    expect(message).toMatch(says);
  });

  it("is text to it in a form it does not know, which curation refuses", async () => {
    const bytes = brotliCompressSync(TEXT);
    expect((await takeIn(fileOf(bytes))).parts[0]?.text.equals(bytes)).toBe(true);
  });
});
