import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../../../../engine/index.ts";
import { type ItemsWanted, readItems } from "../../../../../local/services/states/items/read-items.ts";
import { temporaryFolder } from "../../../../temporary-folder.ts";

type Objects = Record<string, string | Uint8Array>;

/** Objects of bucket `b`, handed out a few bytes at a time so that every seam is met. */
async function read(objects: Objects, readerConfig: JsonObject, rest: Partial<ItemsWanted> = {}): Promise<JsonValue[]> {
  const port = {
    read: async ({ Key }: { Key: string }) => pieces(Buffer.from(objects[Key] ?? "")),
    async *list({ Prefix }: JsonObject) {
      for (const Key of Object.keys(objects)) if (Key.startsWith(String(Prefix ?? ""))) yield { Key, Size: 1 };
    },
  };
  const wanted = {
    resource: "arn:aws:states:::s3:getObject",
    parameters: { Bucket: "b", Key: "items" },
    readerConfig,
    ...rest,
  };
  const items: JsonValue[] = [];
  for await (const item of readItems(port, wanted)) items.push(item);
  return items;
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += 3) yield bytes.subarray(at, at + 3);
}

const LISTING = { resource: "arn:aws:states:::s3:listObjectsV2", parameters: { Bucket: "b", Prefix: "data/" } };

describe("readItems", () => {
  it.each([
    { name: "plain", text: '[1, {"a": "x,]"}, ["é", "\\""], null]', items: [1, { a: "x,]" }, ["é", '"'], null] },
    { name: "empty", text: " [ ] ", items: [] },
    { name: "behind a byte order mark", text: "\ufeff[true]", items: [true] },
  ])("cuts a JSON array into its elements: $name", async ({ text, items }) => {
    expect(await read({ items: text }, { InputType: "JSON" })).toEqual(items);
  });

  it.each([
    { text: '{"Hello": "world"}', cause: "Attempting to map over non-iterable node." },
    { text: "[1, 2", cause: "Unable to parse the JSON file" },
    { text: "[1, 2] 3", cause: "Unable to parse the JSON file" },
    { text: "[1,, 2]", cause: "Unable to parse the JSON file" },
    { text: "[1,]", cause: "Unable to parse the JSON file" },
    { text: "", cause: "Unable to parse the JSON file" },
  ])("refuses the JSON document $text", async ({ text, cause }) => {
    await expect(read({ items: text }, { InputType: "JSON" })).rejects.toThrow(cause);
  });

  it("finds an array inside a document by ItemsPointer", async () => {
    const text = '{"a/b": {"list": [[1], [2, 3]]}}';
    expect(await read({ items: text }, { InputType: "JSON", ItemsPointer: "/a~1b/list/1" })).toEqual([2, 3]);
    await expect(read({ items: text }, { InputType: "JSON", ItemsPointer: "/none" })).rejects.toThrow("non-iterable");
  });

  it("reads JSON Lines up to MaxItems, blank lines passed over", async () => {
    const text = '{"a":1}\r\n\n{"a":2}\n{"a":3}';
    expect(await read({ items: text }, { InputType: "JSONL", MaxItems: 2 })).toEqual([{ a: 1 }, { a: 2 }]);
    await expect(read({ items: "{}\nno" }, { InputType: "JSONL" })).rejects.toThrow("Line 2");
  });

  it("reads delimited files with quotes, given headers and any of the delimiters", async () => {
    const config = { InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: ["x", "y"] };
    expect(await read({ items: 'a,"b\n""c"""\n' }, config)).toEqual([{ x: "a", y: 'b\n"c"' }]);
    expect(await read({ items: "a;b;c\n" }, { ...config, CSVDelimiter: "SEMICOLON" })).toEqual([{ x: "a", y: "b" }]);
    expect(await read({ items: "a\tb\n" }, { ...config, CSVDelimiter: "TAB" })).toEqual([{ x: "a", y: "b" }]);
  });

  it("lists objects, or loads and flattens what they hold", async () => {
    const objects = { "data/1": "[1,2]", "data/2": "[3]", other: "[4]" };
    expect(await read(objects, {}, LISTING)).toEqual([
      { Key: "data/1", Size: 1 },
      { Key: "data/2", Size: 1 },
    ]);
    const flatten = { InputType: "JSON", Transformation: "LOAD_AND_FLATTEN" };
    expect(await read(objects, flatten, LISTING)).toEqual([1, 2, 3]);
  });

  it("follows an S3 inventory to its compressed lists", async () => {
    const items = JSON.stringify({
      destinationBucket: "arn:aws:s3:::b",
      fileFormat: "CSV",
      fileSchema: "Bucket, Key, Size",
      files: [{ key: "list.csv.gz" }],
    });
    const objects = { items, "list.csv.gz": gzipSync('"src","k 1","5"\n"src","k2","6"\n') };
    expect(await read(objects, { InputType: "MANIFEST", ManifestType: "S3_INVENTORY" })).toEqual([
      { Bucket: "src", Key: "k 1", Size: "5" },
      { Bucket: "src", Key: "k2", Size: "6" },
    ]);
  });

  it("follows what Athena unloaded, plain or compressed", async () => {
    const objects = { items: "s3://b/1.gz\ns3://b/2\n", "1.gz": gzipSync('{"a":1}\n'), "2": '{"a":2}\n' };
    expect(await read(objects, { InputType: "JSONL", ManifestType: "ATHENA_DATA" })).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it("reads Parquet with numbers as numbers", async () => {
    const folder = temporaryFolder("parquet");
    const file = join(folder, "rows.parquet");
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT 9007199254740991::BIGINT AS id, 'n' AS name, [1.5, NULL] AS list UNION ALL SELECT 2, NULL, NULL) TO '${file}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    expect(await read({ items: readFileSync(file) }, { InputType: "PARQUET" })).toEqual([
      { id: 9007199254740991, name: "n", list: [1.5, null] },
      { id: 2, name: null, list: null },
    ]);
    await expect(read({ items: "no parquet" }, { InputType: "PARQUET" })).rejects.toThrow("Parquet");
  });

  it("names the member of ReaderConfig that does not fit", async () => {
    await expect(read({}, { InputType: "XML" })).rejects.toThrow("Invalid ReaderConfig: InputType");
  });
});
