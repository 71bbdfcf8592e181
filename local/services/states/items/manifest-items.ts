/**
 * Items named by a manifest: an S3 inventory (its files list objects), or what Athena's UNLOAD leaves (a file of URIs, one
 * data file each). Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 */
import { z } from "zod";
import type { JsonValue } from "../../../../engine/states/index.ts";
import { csvItems } from "./csv-items.ts";
import { gunzipped } from "./gunzip-chunks.ts";
import { ItemReaderError } from "./item-reader-error.ts";
import type { ObjectLocation, ObjectPort } from "./object-port.ts";
import { parquetItems } from "./parquet-items.ts";
import type { ReaderConfig } from "./reader-config.ts";
import { linesOf, textOf } from "./text-chunks.ts";

const Inventory = z.object({
  destinationBucket: z.string(),
  fileFormat: z.string(),
  fileSchema: z.string(),
  files: z.array(z.object({ key: z.string() })),
});
const MAX_MANIFEST_CHARACTERS = 16 * 1024 * 1024;

/** Each listed object is an item: `{Bucket, Key, Size, …}` with the inventory's own columns. */
export async function* inventoryItems(
  objects: ObjectPort,
  manifest: AsyncIterable<Uint8Array>,
  config: ReaderConfig,
): AsyncGenerator<JsonValue, void> {
  const inventory = await parseInventory(manifest);
  const columns = inventory.fileSchema.split(",").map((name) => name.trim());
  const Bucket = inventory.destinationBucket.replace(/^arn:aws[\w-]*:s3:::/, "");
  for (const { key } of inventory.files) {
    const bytes = gunzipped(await objects.read({ Bucket, Key: key }));
    if (inventory.fileFormat.toUpperCase() === "PARQUET") yield* parquetItems(bytes);
    else yield* csvItems(bytes, { ...config, CSVHeaderLocation: "GIVEN", CSVHeaders: columns, CSVDelimiter: "COMMA" });
  }
}

async function parseInventory(manifest: AsyncIterable<Uint8Array>): Promise<z.infer<typeof Inventory>> {
  let text = "";
  for await (const piece of textOf(manifest)) {
    text += piece;
    if (text.length > MAX_MANIFEST_CHARACTERS)
      throw new ItemReaderError(`The manifest is larger than ${MAX_MANIFEST_CHARACTERS} characters.`);
  }
  try {
    const inventory = Inventory.parse(JSON.parse(text));
    if (!["CSV", "PARQUET"].includes(inventory.fileFormat.toUpperCase()))
      throw new ItemReaderError(`The inventory's fileFormat must be CSV or Parquet but was ${inventory.fileFormat}.`);
    return inventory;
  } catch (cause) {
    if (cause instanceof ItemReaderError) throw cause;
    throw new ItemReaderError("The manifest is not an S3 inventory manifest.json.", { cause });
  }
}

/** The data files an Athena manifest names. */
export async function* athenaFiles(manifest: AsyncIterable<Uint8Array>): AsyncGenerator<ObjectLocation, void> {
  for await (const line of linesOf(gunzipped(manifest))) {
    const uri = line.trim().replace(/^"(.*)"$/, "$1");
    if (uri === "") continue;
    const match = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri);
    if (match === null) throw new ItemReaderError(`The manifest must hold one s3:// URI a line but has: ${uri}`);
    yield { Bucket: match[1] ?? "", Key: match[2] ?? "" };
  }
}
