/** ItemBatcher: groups items into the inputs of children. Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html */
import type { MapState } from "../compiled.ts";
import { type Evaluation, type MaybePromise, whenReady } from "../evaluation.ts";
import { type JsonValue, utf8Length } from "../json.ts";
import { runtimeError } from "../state-error.ts";
import { readInteger } from "./number-field.ts";
import { MAX_PAYLOAD_BYTES } from "./payload-limit.ts";

/** A child's input and how many items it has. */
export type ChildInput = Readonly<{ input: JsonValue; items: number }>;

export type Batching = Readonly<{ maxItems: number; maxBytes: number; batchInput: JsonValue | undefined }>;

/** The batcher's fields, evaluated; undefined when each item is a child of its own. */
export function readBatching(state: MapState, evaluation: Evaluation): MaybePromise<Batching | undefined> {
  const batcher = state.distributed?.batcher;
  if (batcher === undefined) return undefined;
  return whenReady(readInteger(batcher.maxItems, evaluation), (maxItems) =>
    whenReady(readInteger(batcher.maxBytes, evaluation), (maxBytes) =>
      whenReady<JsonValue | undefined, Batching>(batcher.batchInput?.(evaluation), (batchInput) => {
        if (maxItems !== undefined && maxItems < 0) throw runtimeError("field MaxItemsPerBatch must be positive");
        if (maxBytes !== undefined && maxBytes < 0) throw runtimeError("field MaxInputBytesPerBatch must be positive");
        return {
          maxItems: maxItems || Number.MAX_SAFE_INTEGER,
          maxBytes: Math.min(maxBytes || MAX_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES),
          batchInput,
        };
      }),
    ),
  );
}

/** The batches that are full, and the last one too if nothing follows it. */
export function makeBatches(items: readonly JsonValue[], batching: Batching, isEnd: boolean): ChildInput[] {
  const { maxItems, maxBytes, batchInput } = batching;
  const wrap = (Items: readonly JsonValue[]) =>
    batchInput === undefined ? { Items } : { BatchInput: batchInput, Items };
  const around = utf8Length(JSON.stringify(wrap([])));
  const made: ChildInput[] = [];
  let open: JsonValue[] = [];
  let bytes = around;
  const close = () => {
    made.push({ input: wrap(open), items: open.length });
    open = [];
    bytes = around;
  };
  for (const item of items) {
    const comma = open.length === 0 ? 0 : 1;
    const size = utf8Length(JSON.stringify(item));
    if (open.length > 0 && bytes + comma + size > maxBytes) close();
    bytes += size + (open.length === 0 ? 0 : 1);
    open.push(item);
    if (open.length >= maxItems) close();
  }
  if (isEnd && open.length > 0) close();
  return made;
}
