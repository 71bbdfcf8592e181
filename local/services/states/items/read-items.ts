/**
 * ItemReader: the items of a distributed map, streamed from the objects that hold them.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 */
import { z } from "zod";
import type { JsonObject, JsonValue } from "../../../../engine/states/index.ts";
import { csvItems } from "./csv-items.ts";
import { gunzipped } from "./gunzip-chunks.ts";
import { ItemReaderError } from "./item-reader-error.ts";
import { jsonItems } from "./json-items.ts";
import { athenaFiles, inventoryItems } from "./manifest-items.ts";
import type { ObjectLocation, ObjectPort } from "./object-port.ts";
import { parquetItems } from "./parquet-items.ts";
import { parseReaderConfig, type ReaderConfig } from "./reader-config.ts";
import { linesOf } from "./text-chunks.ts";

export interface ItemsWanted {
  /** The reader's Resource, `arn:aws:states:::s3:getObject` or `…:listObjectsV2`. */
  resource: string;
  parameters: JsonValue;
  readerConfig: JsonObject;
}

const Location = z.object({ Bucket: z.string(), Key: z.string(), VersionId: z.string().optional() });
const Listed = z.looseObject({ Bucket: z.string() });

/** At most MaxItems items, in order. @throws ItemReaderError */
export async function* readItems(objects: ObjectPort, wanted: ItemsWanted): AsyncGenerator<JsonValue, void> {
  const config = parseReaderConfig(wanted.readerConfig);
  let left = config.MaxItems ?? Number.POSITIVE_INFINITY;
  for await (const item of allItems(objects, wanted, config)) {
    yield item;
    left -= 1;
    if (left <= 0) return;
  }
}

function allItems(objects: ObjectPort, wanted: ItemsWanted, config: ReaderConfig): AsyncIterable<JsonValue> {
  const action = wanted.resource.slice(wanted.resource.lastIndexOf(":") + 1);
  if (action === "listObjectsV2") return listedItems(objects, checked(Listed, wanted.parameters), config);
  if (action === "getObject") return objectItems(objects, checked(Location, wanted.parameters), config);
  throw new ItemReaderError(
    `The ItemReader Resource '${wanted.resource}' is neither s3:getObject nor s3:listObjectsV2.`,
  );
}

function checked<T>(schema: z.ZodType<T>, parameters: JsonValue): T {
  const parsed = schema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ItemReaderError(`The ItemReader's field ${issue?.path.join("/")} is invalid: ${issue?.message}`);
}

async function* listedItems(
  objects: ObjectPort,
  parameters: z.infer<typeof Listed>,
  config: ReaderConfig,
): AsyncGenerator<JsonValue, void> {
  for await (const object of objects.list(parameters as JsonObject)) {
    if (config.Transformation !== "LOAD_AND_FLATTEN") yield object;
    else yield* objectItems(objects, { Bucket: parameters.Bucket, Key: String(object.Key) }, config);
  }
}

async function* objectItems(
  objects: ObjectPort,
  location: ObjectLocation,
  config: ReaderConfig,
): AsyncGenerator<JsonValue, void> {
  const bytes = await objects.read(location);
  if (config.ManifestType === "ATHENA_DATA") {
    for await (const file of athenaFiles(bytes)) yield* dataItems(gunzipped(await objects.read(file)), config);
  } else if (config.InputType === "MANIFEST") yield* inventoryItems(objects, bytes, config);
  else yield* dataItems(bytes, config);
}

/** The items in the bytes of one data file. @throws ItemReaderError */
export async function* dataItems(
  bytes: AsyncIterable<Uint8Array>,
  config: ReaderConfig,
): AsyncGenerator<JsonValue, void> {
  if (config.InputType === "CSV") yield* csvItems(bytes, config);
  else if (config.InputType === "JSONL") yield* jsonLines(bytes);
  else if (config.InputType === "PARQUET") yield* parquetItems(bytes);
  else yield* jsonItems(bytes, config.ItemsPointer);
}

async function* jsonLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<JsonValue, void> {
  let number = 0;
  for await (const line of linesOf(bytes)) {
    number += 1;
    if (line.trim() === "") continue;
    try {
      yield JSON.parse(line);
    } catch (cause) {
      throw new ItemReaderError(`Line ${number} of the JSON Lines file is not JSON.`, { cause });
    }
  }
}
