/** The S3 objects recorded beside a case, read as the states service reads them. */
import { z } from "zod";
import type { JsonValue, ReadItemsEffect } from "../../engine/index.ts";
import { ItemReaderError } from "../../local/services/states/items/item-reader-error.ts";
import { readItems } from "../../local/services/states/items/read-items.ts";

export const RecordedObject = z.object({ bucket: z.string(), key: z.string(), body: z.string() });

/** What an ItemReader finds in the recorded objects. */
export async function recordedItems(
  objects: readonly z.infer<typeof RecordedObject>[],
  effect: ReadItemsEffect,
): Promise<JsonValue[] | { error: string; cause: string }> {
  const port = {
    async read({ Bucket, Key }: { Bucket: string; Key: string }) {
      const found = objects.find(({ bucket, key }) => bucket === Bucket && key === Key);
      if (found === undefined) throw new ItemReaderError(`no object ${Bucket}/${Key} was recorded`);
      return chunksOf(found.body);
    },
    async *list({ Bucket, Prefix }: { Bucket?: JsonValue; Prefix?: JsonValue }) {
      for (const { bucket, key: Key, body } of objects) {
        if (bucket === Bucket && Key.startsWith(String(Prefix ?? ""))) yield { Key, Size: Buffer.byteLength(body) };
      }
    },
  };
  try {
    const items: JsonValue[] = [];
    for await (const item of readItems(port, effect)) items.push(item);
    return items;
  } catch (thrown) {
    if (!(thrown instanceof ItemReaderError)) throw thrown;
    return { error: "States.ItemReaderFailed", cause: thrown.message };
  }
}

async function* chunksOf(body: string): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(body);
}
