/** Distributed Map: a map run starts child executions over its items, and fails when too many of them do. */
import type { DistributedSpec, MapState } from "../compiled.ts";
import { type MaybePromise, whenReady } from "../evaluation.ts";
import { type JsonValue, utf8Length } from "../json.ts";
import type { Effect, MapChildResult, MapRunSettings, StartChildEffect } from "../protocol.ts";
import { runtimeError, StateError } from "../state-error.ts";
import { failState } from "./failure.ts";
import { completeState } from "./finish.ts";
import type { Frame, MapRunWait } from "./frame.ts";
import { FrameEvaluation } from "./frame-evaluation.ts";
import { selectItem } from "./map.ts";
import { readFloat, readInteger } from "./number-field.ts";
import type { Run } from "./run.ts";

/** AWS's limit of parallel child executions. */
const MAX_CONCURRENCY = 10_000;

type Start = Readonly<{ items: readonly JsonValue[]; input: JsonValue; concurrency: number | undefined }>;

export function startMapRun(
  run: Run,
  frame: Frame,
  state: MapState,
  spec: DistributedSpec,
  start: Start,
): MaybePromise<void> {
  const evaluation = new FrameEvaluation(run, frame, start.input);
  return whenReady(readInteger(spec.toleratedCount, evaluation), (count) =>
    whenReady(readFloat(spec.toleratedPercentage, evaluation), (percentage) => {
      if (count !== undefined && count < 0) throw runtimeError("ToleratedFailureCount cannot be negative.");
      if (percentage !== undefined && (percentage < 0 || percentage > 100)) {
        throw runtimeError("ToleratedFailurePercentage must be between 0 and 100.");
      }
      const wait = openMapRun(run, frame, state, spec, start, {
        maxConcurrency: start.concurrency ?? 0,
        ...(count === undefined ? {} : { toleratedFailureCount: count }),
        ...(percentage === undefined ? {} : { toleratedFailurePercentage: percentage }),
        label: spec.label,
      });
      if (spec.reader === undefined) return itemsRead(run, frame, state, wait, start.items);
      return requestItems(run, frame, state, wait, spec.reader);
    }),
  );
}

function openMapRun(
  run: Run,
  frame: Frame,
  state: MapState,
  spec: DistributedSpec,
  start: Start,
  settings: MapRunSettings,
): MapRunWait {
  const { stateMachine, region = "us-east-1", accountId = "000000000000" } = run.options;
  const mapRunId = `arn:aws:states:${region}:${accountId}:mapRun:${stateMachine.name}/${spec.label}:${run.random.uuid()}`;
  const startedId = run.emit("MapRunStarted", frame.lastEventId, { mapRunArn: mapRunId });
  frame.lastEventId = startedId;
  const wait: MapRunWait = {
    kind: "map-run",
    mapRunId,
    settings,
    input: start.input,
    pending: [],
    running: new Map(),
    request: undefined,
    results: [],
    phase: "reading",
    total: 0,
    failedItems: 0,
    startedId,
  };
  frame.wait = wait;
  run.mapRuns.set(mapRunId, frame);
  run.effect({ kind: "map-run-started", mapRunId, stateName: state.name, settings });
  return wait;
}

function requestItems(
  run: Run,
  frame: Frame,
  state: MapState,
  wait: MapRunWait,
  reader: NonNullable<DistributedSpec["reader"]>,
): MaybePromise<void> {
  const evaluation = new FrameEvaluation(run, frame, wait.input);
  return whenReady(readInteger(reader.maxItems, evaluation), (maxItems) => {
    if (maxItems !== undefined && maxItems < 0)
      return failMapRun(run, frame, wait, "States.ItemReaderFailed", "field MaxItems must be positive");
    return whenReady(reader.parameters(evaluation), (parameters) => {
      const { MaxItemsPath: _path, ...config } = reader.config;
      request(run, wait, {
        kind: "read-items",
        mapRunId: wait.mapRunId,
        stateName: state.name,
        resource: reader.resource,
        parameters,
        readerConfig: maxItems === undefined || maxItems === 0 ? config : { ...config, MaxItems: maxItems },
      });
    });
  });
}

function request(run: Run, wait: MapRunWait, effect: Effect): void {
  wait.request = effect;
  run.effect(effect);
}

/** The items are there: batch them and start as many children as may run at once. */
export function itemsRead(
  run: Run,
  frame: Frame,
  state: MapState,
  wait: MapRunWait,
  items: readonly JsonValue[],
): MaybePromise<void> {
  wait.phase = "running";
  wait.request = undefined;
  wait.total = items.length;
  const { batcher } = state.distributed ?? {};
  if (batcher === undefined) {
    wait.pending = items.map((item, index) => ({ input: null, items: 1, index, item }));
    return startChildren(run, frame, state, wait);
  }
  const evaluation = new FrameEvaluation(run, frame, wait.input);
  return whenReady(readInteger(batcher.maxItems, evaluation), (maxItems) =>
    whenReady(readInteger(batcher.maxBytes, evaluation), (maxBytes) =>
      whenReady<JsonValue | undefined, void>(batcher.batchInput?.(evaluation), (batchInput) =>
        whenReady(selectAll(run, frame, state, wait.input, items), (selected) => {
          wait.pending = batches(selected, maxItems ?? Number.POSITIVE_INFINITY, maxBytes ?? 262_144).map(
            (batch, index) => ({
              input: batchInput === undefined ? { Items: batch } : { BatchInput: batchInput, Items: batch },
              items: batch.length,
              index,
              item: null,
            }),
          );
          return startChildren(run, frame, state, wait);
        }),
      ),
    ),
  );
}

async function settled(values: readonly MaybePromise<JsonValue>[]): Promise<JsonValue[]> {
  return Promise.all(values);
}

function selectAll(
  run: Run,
  frame: Frame,
  state: MapState,
  input: JsonValue,
  items: readonly JsonValue[],
): MaybePromise<JsonValue[]> {
  const selected: JsonValue[] = [];
  for (const [index, item] of items.entries()) {
    const value = selectItem(run, frame, state, input, { Index: index, Value: item });
    if (value instanceof Promise) {
      const rest = items
        .slice(index + 1)
        .map((Value, at) => selectItem(run, frame, state, input, { Index: index + 1 + at, Value }));
      return settled([...selected, value, ...rest]);
    }
    selected.push(value);
  }
  return selected;
}

function batches(items: readonly JsonValue[], maxItems: number, maxBytes: number): JsonValue[][] {
  const made: JsonValue[][] = [];
  let batch: JsonValue[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = utf8Length(JSON.stringify(item)) + 1;
    if (batch.length > 0 && (batch.length >= maxItems || bytes + size > maxBytes)) {
      made.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) made.push(batch);
  return made;
}

function startChildren(run: Run, frame: Frame, state: MapState, wait: MapRunWait): MaybePromise<void> {
  const limit = wait.settings.maxConcurrency > 0 ? wait.settings.maxConcurrency : MAX_CONCURRENCY;
  while (wait.running.size < limit && wait.pending.length > 0) {
    const child = wait.pending.shift();
    if (child === undefined) break;
    const isBatch = state.distributed?.batcher !== undefined;
    const input = isBatch
      ? child.input
      : selectItem(run, frame, state, wait.input, { Index: child.index, Value: child.item });
    if (input instanceof Promise) {
      return input.then((ready) => {
        startChild(run, state, wait, { ...child, input: ready });
        return startChildren(run, frame, state, wait);
      });
    }
    startChild(run, state, wait, { ...child, input });
  }
  if (wait.running.size === 0 && wait.pending.length === 0) return finishMapRun(run, frame, state, wait);
}

function startChild(
  run: Run,
  state: MapState,
  wait: MapRunWait,
  child: Readonly<{ input: JsonValue; items: number; index: number }>,
): void {
  const childId = String(child.index);
  const effect: StartChildEffect = {
    kind: "start-child",
    mapRunId: wait.mapRunId,
    childId,
    childMachine: state.flow.id,
    index: child.index,
    name: run.random.uuid(),
    executionType: state.distributed?.executionType ?? "STANDARD",
    input: child.input,
    itemCount: child.items,
  };
  wait.running.set(childId, effect);
  run.effect(effect);
}

/** A child execution ended. */
export function childCompleted(
  run: Run,
  frame: Frame,
  state: MapState,
  wait: MapRunWait,
  result: Omit<MapChildResult, "index" | "input">,
): MaybePromise<void> {
  const child = wait.running.get(result.childId);
  if (child === undefined) return;
  wait.running.delete(result.childId);
  wait.results.push({ ...result, index: child.index, input: child.input });
  if (result.status !== "SUCCEEDED") wait.failedItems += child.itemCount;
  if (exceeds(wait)) {
    return failMapRun(
      run,
      frame,
      wait,
      "States.ExceedToleratedFailureThreshold",
      "The specified tolerated failure threshold was exceeded",
    );
  }
  return startChildren(run, frame, state, wait);
}

/** Without a threshold no failure is tolerated; with both, either of them counts. */
function exceeds({ settings, failedItems, total }: MapRunWait): boolean {
  const { toleratedFailureCount: count, toleratedFailurePercentage: percentage } = settings;
  if (failedItems === 0) return false;
  if (count === undefined && percentage === undefined) return true;
  return (
    (count !== undefined && failedItems > count) ||
    (percentage !== undefined && (failedItems / total) * 100 > percentage)
  );
}

function finishMapRun(run: Run, frame: Frame, state: MapState, wait: MapRunWait): MaybePromise<void> {
  wait.results.sort((left, right) => left.index - right.index);
  const writer = state.distributed?.writer;
  if (writer === undefined) return mapRunSucceeded(run, frame, wait, wait.results.map(outputOf));
  wait.phase = "writing";
  return whenReady(writer.parameters(new FrameEvaluation(run, frame, wait.input)), (parameters) => {
    request(run, wait, {
      kind: "write-results",
      mapRunId: wait.mapRunId,
      resource: writer.resource,
      parameters,
      writerConfig: writer.config,
      results: wait.results,
    });
  });
}

function outputOf(result: MapChildResult): JsonValue {
  if (result.output !== undefined) return result.output;
  return { Error: result.error ?? null, Cause: result.cause ?? null };
}

/** The map run is over; its output goes on as the state's result. */
export function mapRunSucceeded(run: Run, frame: Frame, wait: MapRunWait, output: JsonValue): MaybePromise<void> {
  run.mapRuns.delete(wait.mapRunId);
  run.effect({ kind: "map-run-completed", mapRunId: wait.mapRunId, status: "SUCCEEDED" });
  const succeededId = run.emit("MapRunSucceeded", wait.startedId);
  run.emit("MapStateSucceeded", succeededId);
  // The summary events are skipped, since autumn 2024 (before, the exit pointed at MapRunSucceeded).
  frame.lastEventId = wait.startedId;
  frame.wait = undefined;
  return completeState(run, frame, output);
}

/** Fails the map run and its state; children that still run are stopped. */
export function failMapRun(run: Run, frame: Frame, wait: MapRunWait, error: string, cause: string): MaybePromise<void> {
  abandonMapRun(run, wait, "FAILED");
  frame.lastEventId = run.emit("MapRunFailed", wait.startedId, { error, cause });
  frame.wait = undefined;
  return failState(run, frame, new StateError(error, cause));
}

/** Stops the run's children and closes it. */
export function abandonMapRun(run: Run, wait: MapRunWait, status: "FAILED" | "ABORTED"): void {
  for (const childId of wait.running.keys()) run.effect({ kind: "cancel-child", mapRunId: wait.mapRunId, childId });
  wait.running.clear();
  if (run.mapRuns.delete(wait.mapRunId)) run.effect({ kind: "map-run-completed", mapRunId: wait.mapRunId, status });
}

/** UpdateMapRun. */
export function updateMapRun(
  run: Run,
  frame: Frame,
  state: MapState,
  wait: MapRunWait,
  changes: Partial<MapRunSettings>,
): MaybePromise<void> {
  wait.settings = { ...wait.settings, ...changes };
  if (exceeds(wait)) {
    return failMapRun(
      run,
      frame,
      wait,
      "States.ExceedToleratedFailureThreshold",
      "The specified tolerated failure threshold was exceeded",
    );
  }
  return wait.phase === "running" ? startChildren(run, frame, state, wait) : undefined;
}
