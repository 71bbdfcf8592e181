/** TestState's `mapItemReaderData`: the items in a text, as an ItemReader would find them in an object. */
import { Readable } from "node:stream";
import { ItemsError, type JsonObject, type JsonValue } from "../../../../engine/states/index.ts";
import { ItemReaderError } from "./item-reader-error.ts";
import { dataItems } from "./read-items.ts";
import { parseReaderConfig } from "./reader-config.ts";

/** @throws ItemsError */
export async function givenItems(data: string, readerConfig: JsonObject): Promise<JsonValue[]> {
  try {
    const config = parseReaderConfig(readerConfig);
    const items: JsonValue[] = [];
    for await (const item of dataItems(Readable.from([Buffer.from(data)]), config)) items.push(item);
    return items.slice(0, config.MaxItems);
  } catch (thrown) {
    if (thrown instanceof ItemReaderError) throw new ItemsError(thrown.message, { cause: thrown });
    throw thrown;
  }
}
