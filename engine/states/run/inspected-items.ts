/** TestState of a Map: what its iterations or children would be given, shown without running them. */
import type { MapState } from "../compiled.ts";
import { type MaybePromise, whenReady } from "../evaluation.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Frame } from "./frame.ts";
import { FrameEvaluation } from "./frame-evaluation.ts";
import { selectItem } from "./map.ts";
import { distributedItem } from "./map-item.ts";
import { type Batching, makeBatches, readBatching } from "./map-run-batches.ts";
import type { Run } from "./run.ts";

type Items = Readonly<{ items: readonly JsonValue[]; keyed: boolean }>;

/** Records the items after ItemSelector and after ItemBatcher, where the state has them; tells how many iterations they make. */
export function inspectItems(
  run: Run,
  frame: Frame,
  state: MapState,
  input: JsonValue,
  items: Items,
): MaybePromise<number> {
  return whenReady(selectedItems(run, frame, state, input, items), (selected) => {
    if (state.itemSelector !== undefined) run.inspection?.record("afterItemSelector", selected);
    return whenReady<Batching | undefined, number>(
      readBatching(state, new FrameEvaluation(run, frame, input)),
      (batching) => {
        if (batching === undefined) return selected.length;
        const batches = makeBatches(selected, batching, true).map((batch) => batch.input);
        run.inspection?.record("afterItemBatcher", batches.map(withItemTexts));
        return batches.length;
      },
    );
  });
}

/** AWS shows a batch's items as JSON texts. */
function withItemTexts(batch: JsonValue): JsonValue {
  if (!isObject(batch) || !isArray(batch.Items)) return batch;
  return { ...batch, Items: batch.Items.map((item) => JSON.stringify(item)) };
}

function selectedItems(
  run: Run,
  frame: Frame,
  state: MapState,
  input: JsonValue,
  { items, keyed }: Items,
): MaybePromise<readonly JsonValue[]> {
  if (state.itemSelector === undefined) return items;
  const shown = (Value: JsonValue, Index: number): JsonObject =>
    state.distributed === undefined ? { Index, Value } : distributedItem({ keyed, reader: undefined }, Index, Value);
  const selected = items.map((item, index) => selectItem(run, frame, state, input, shown(item, index)));
  return Promise.all(selected);
}
