/** The children of a map run: asks for as many items as may run now, makes their inputs, and starts them. */
import type { MapState } from "../compiled.ts";
import { type MaybePromise, whenReady } from "../evaluation.ts";
import type { JsonValue } from "../json.ts";
import type { InputEvent } from "../protocol.ts";
import type { Frame, MapRunWait } from "./frame.ts";
import { FrameEvaluation } from "./frame-evaluation.ts";
import { inRanges, rangesCount, withIndex, withoutIndex } from "./index-ranges.ts";
import { selectItem } from "./map.ts";
import { distributedItem } from "./map-item.ts";
import { childrenCompleted, failIfExceeded, finishMapRun, request } from "./map-run.ts";
import { type Batching, type ChildInput, makeBatches, readBatching } from "./map-run-batches.ts";
import type { Run } from "./run.ts";

/** AWS's limit of parallel child executions. */
const MAX_CONCURRENCY = 10_000;
/** Items one request asks for; a host may answer fewer, see read-items in protocol.ts. */
const MAX_PAGE_ITEMS = 1_000;

/** Starts what may run now, asks for more items, or ends the run. */
export function nextChildren(run: Run, frame: Frame, state: MapState, wait: MapRunWait): MaybePromise<void> {
  if (wait.phase !== "running" || wait.request !== undefined) return;
  const open = rangesCount(wait.running);
  const free = (wait.settings.maxConcurrency || MAX_CONCURRENCY) - open - redriveChildren(run, wait, open);
  if (wait.allRead) return rangesCount(wait.running) === 0 ? finishMapRun(run, frame, state, wait) : undefined;
  if (free <= 0) return;
  return whenReady(readBatching(state, new FrameEvaluation(run, frame, wait.input)), (batching) => {
    const wanted = Math.max(free * Math.min(batching?.maxItems ?? 1, MAX_PAGE_ITEMS), wait.pageItems);
    const limit = Math.min(wanted, MAX_PAGE_ITEMS);
    const { items, reader } = wait;
    if (items === undefined && reader !== undefined) {
      const { mapRunId, consumed: from } = wait;
      request(run, wait, { kind: "read-items", mapRunId, stateName: state.name, ...reader, from, limit });
      return;
    }
    const page = (items ?? []).slice(wait.consumed, wait.consumed + limit);
    const isEnd = wait.consumed + page.length >= (items?.length ?? 0);
    return startPage(run, frame, state, wait, { items: page, isEnd, batching, free });
  });
}

/** Children of an earlier attempt come first. Returns how many were started. */
function redriveChildren(run: Run, wait: MapRunWait, open: number): number {
  const limit = wait.settings.maxConcurrency || MAX_CONCURRENCY;
  let started = 0;
  for (let [range] = wait.redriving; range !== undefined && open + started < limit; [range] = wait.redriving) {
    const [index] = range;
    wait.redriving = withoutIndex(wait.redriving, index);
    wait.running = withIndex(wait.running, index);
    run.effect({ kind: "redrive-child", mapRunId: wait.mapRunId, childId: String(index) });
    started += 1;
  }
  return started;
}

/** The host has read items. */
export function itemsRead(
  run: Run,
  frame: Frame,
  state: MapState,
  wait: MapRunWait,
  read: Extract<InputEvent, { kind: "items-read" }>,
): MaybePromise<void> {
  const { request: asked } = wait;
  if (wait.phase !== "running" || asked?.kind !== "read-items") return;
  wait.request = undefined;
  const free = (wait.settings.maxConcurrency || MAX_CONCURRENCY) - rangesCount(wait.running);
  return whenReady(readBatching(state, new FrameEvaluation(run, frame, wait.input)), (batching) =>
    startPage(run, frame, state, wait, { items: read.items, isEnd: read.more !== true, batching, free }),
  );
}

type Page = Readonly<{
  items: readonly JsonValue[];
  /** No items follow these. */
  isEnd: boolean;
  batching: Batching | undefined;
  free: number;
}>;

function startPage(run: Run, frame: Frame, state: MapState, wait: MapRunWait, page: Page): MaybePromise<void> {
  const { items, isEnd, batching, free } = page;
  return whenReady(selectAll(run, frame, state, wait, items), (selected) => {
    const children: ChildInput[] =
      batching === undefined ? selected.map((input) => ({ input, items: 1 })) : makeBatches(selected, batching, isEnd);
    const starting = children.slice(0, Math.max(free, 0));
    for (const child of starting) startChild(run, state, wait, child);
    const taken = starting.reduce((sum, child) => sum + child.items, 0);
    wait.consumed += taken;
    wait.allRead = isEnd && taken === items.length;
    // A page that fills no batch is asked for again, larger.
    wait.pageItems = taken === 0 && free > 0 ? Math.min(items.length * 2 + 1, MAX_PAGE_ITEMS) : 0;
    return failIfExceeded(run, frame, state, wait) ?? nextChildren(run, frame, state, wait);
  });
}

function selectAll(
  run: Run,
  frame: Frame,
  state: MapState,
  wait: MapRunWait,
  items: readonly JsonValue[],
): MaybePromise<readonly JsonValue[]> {
  if (state.itemSelector === undefined) return items;
  const selected = items.map((item, at) =>
    selectItem(run, frame, state, wait.input, distributedItem(wait, wait.consumed + at, item)),
  );
  return selected.every(isThere) ? selected : Promise.all(selected);
}

function isThere(value: MaybePromise<JsonValue>): value is JsonValue {
  return !(value instanceof Promise);
}

function startChild(run: Run, state: MapState, wait: MapRunWait, child: ChildInput): void {
  const index = wait.children;
  wait.children += 1;
  wait.running = withIndex(wait.running, index);
  run.effect({
    kind: "start-child",
    mapRunId: wait.mapRunId,
    childId: String(index),
    childMachine: state.flow.id,
    index,
    name: run.random.uuid(),
    executionType: state.distributed?.executionType ?? "STANDARD",
    input: child.input,
    itemCount: child.items,
  });
}

/** Children ended; one that is not awaited changes nothing. */
export function childrenEnded(
  run: Run,
  frame: Frame,
  state: MapState,
  wait: MapRunWait,
  ended: Extract<InputEvent, { kind: "children-completed" }>["children"],
): MaybePromise<void> {
  let failedItems = 0;
  for (const { childId, status, itemCount } of ended) {
    const index = Number(childId);
    if (!inRanges(wait.running, index)) continue;
    wait.running = withoutIndex(wait.running, index);
    if (status === "SUCCEEDED") continue;
    wait.unsuccessful = withIndex(wait.unsuccessful, index);
    failedItems += itemCount ?? 1;
  }
  return childrenCompleted(run, frame, state, wait, failedItems);
}
