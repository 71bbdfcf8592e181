/** What `$$.Map.Item` shows of an item. Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
import { isObject, type JsonObject, type JsonValue } from "../json.ts";
import type { ItemReader } from "../protocol.ts";

/** Of a distributed Map: where the item is from too, and its key if it is a member of an object. An inline Map shows neither. */
export function distributedItem(
  { keyed, reader }: Readonly<{ keyed?: boolean; reader: ItemReader | undefined }>,
  Index: number,
  item: JsonValue,
): JsonObject {
  const shown =
    keyed === true && isObject(item) ? { Key: item.Key ?? null, Value: item.Value ?? null } : { Value: item };
  return { Index, ...shown, Source: reader === undefined ? "STATE_DATA" : sourceOf(reader) };
}

/** The object read; for listed objects, their bucket. */
function sourceOf({ resource, parameters }: ItemReader): string {
  const { Bucket, Key } = isObject(parameters) ? parameters : {};
  return resource.endsWith(":listObjectsV2") ? `s3://${Bucket}` : `s3://${Bucket}/${Key}`;
}
