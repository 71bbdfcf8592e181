/** Inline Map: iterations of a sub-flow over items, as many at once as MaxConcurrency lets. */

import type { MapState } from "../compiled.ts";
import { type Evaluation, type MaybePromise, whenReady } from "../evaluation.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "../json.ts";
import { unexpectedType } from "../jsonata/typed-field.ts";
import { shownJson } from "../shown.ts";
import { evaluationError, runtimeError, StateError } from "../state-error.ts";
import { abandonBranches, completeBranches } from "./branches.ts";
import { completeState } from "./finish.ts";
import type { BranchesWait, Frame } from "./frame.ts";
import { FrameEvaluation } from "./frame-evaluation.ts";
import { inspectItems } from "./inspected-items.ts";
import { readThresholds, startMapRun, type Thresholds } from "./map-run.ts";
import { readInteger } from "./number-field.ts";
import { limitedPayload } from "./payload-limit.ts";
import type { Run } from "./run.ts";

/** AWS runs at most 40 iterations of an inline Map at once. */
const MAX_INLINE_CONCURRENCY = 40;

export function attemptMap(run: Run, frame: Frame, state: MapState, evaluation: Evaluation): MaybePromise<void> {
  const fromReader = state.distributed?.reader !== undefined;
  const items = fromReader
    ? (run.inspection?.items?.() ?? [])
    : state.items === undefined
      ? evaluation.input
      : state.items(evaluation);
  return whenReady(items, (value) => {
    const list = itemList(state, value);
    return whenReady(readInteger(state.maxConcurrency, evaluation), (concurrency) => {
      if (concurrency !== undefined && concurrency < 0) throw runtimeError("MaxConcurrency cannot be negative.");
      frame.lastEventId = run.emit("MapStateStarted", frame.lastEventId, { length: list.length });
      run.inspection?.record("maxConcurrency", concurrency ?? 0);
      if (!state.jsonata && !fromReader) run.inspection?.record("afterItemsPath", list);
      if (run.inspection?.container !== undefined) return standIn(run, frame, state, evaluation, list, !isArray(value));
      if (state.distributed !== undefined) {
        const given = { items: list, keyed: !isArray(value), input: evaluation.input, concurrency };
        return startMapRun(run, frame, state, state.distributed, given);
      }
      return start(run, frame, state, list, evaluation.input, concurrency ?? 0);
    });
  });
}

/** TestState: the mocked result, once the items and the thresholds are known. */
function standIn(
  run: Run,
  frame: Frame,
  state: MapState,
  evaluation: Evaluation,
  items: readonly JsonValue[],
  keyed: boolean,
): MaybePromise<void> {
  const thresholds = state.distributed === undefined ? {} : readThresholds(state.distributed, evaluation);
  return whenReady<Thresholds, void>(thresholds, ({ count, percentage }) => {
    run.inspection?.record("toleratedFailureCount", count);
    run.inspection?.record("toleratedFailurePercentage", percentage);
    return whenReady(inspectItems(run, frame, state, evaluation.input, { items, keyed }), (iterations) => {
      const result = run.inspection?.container?.({ count, percentage, items: items.length, iterations });
      return completeState(run, frame, result ?? null);
    });
  });
}

function itemList(state: MapState, value: JsonValue): readonly JsonValue[] {
  if (isArray(value)) return value;
  if (isObject(value) && state.distributed !== undefined) {
    return Object.entries(value).map(([Key, Value]) => ({ Key, Value }));
  }
  if (!state.jsonata) {
    const path = state.itemsPath ?? "$";
    // AWS does not name the state here.
    throw new StateError("States.Runtime", `Reference path "${path}" must point to array.`);
  }
  if (state.items === undefined) throw evaluationError(`Map state input must be an array but was: ${shownJson(value)}`);
  throw unexpectedType(state.itemsText ?? "", "Items", "array", value);
}

function start(
  run: Run,
  frame: Frame,
  state: MapState,
  items: readonly JsonValue[],
  input: JsonValue,
  concurrency: number,
): MaybePromise<void> {
  const wait: BranchesWait = {
    kind: "branches",
    frames: [],
    outputs: [],
    items,
    input,
    limit: concurrency > 0 ? Math.min(concurrency, MAX_INLINE_CONCURRENCY) : MAX_INLINE_CONCURRENCY,
    next: 0,
    open: 0,
    summaryId: frame.lastEventId,
  };
  frame.wait = wait;
  if (items.length === 0) return completeBranches(run, frame, wait);
  return startIterations(run, frame, state, wait, frame.lastEventId);
}

/** Starts iterations until the limit is reached; each points at event `after`. What ItemSelector raises fails the Map. */
export function startIterations(
  run: Run,
  frame: Frame,
  state: MapState,
  wait: BranchesWait,
  after: number,
): MaybePromise<void> {
  const failed = (thrown: unknown) => {
    abandonBranches(run, frame);
    frame.wait = undefined;
    return run.failed(frame, thrown);
  };
  try {
    const started = startNext(run, frame, state, wait, after);
    return started instanceof Promise ? started.catch(failed) : started;
  } catch (thrown) {
    return failed(thrown);
  }
}

function startNext(run: Run, frame: Frame, state: MapState, wait: BranchesWait, after: number): MaybePromise<void> {
  while (wait.open < wait.limit && wait.next < (wait.items?.length ?? 0)) {
    const slot = wait.next;
    const mapItem = { Index: slot, Value: wait.items?.[slot] ?? null };
    wait.next += 1;
    wait.open += 1;
    const selected = selectItem(run, frame, state, wait.input, mapItem);
    if (selected instanceof Promise) {
      return selected.then((input) => {
        startIteration(run, frame, state, wait, { slot, input, mapItem, after });
        return startNext(run, frame, state, wait, after);
      });
    }
    startIteration(run, frame, state, wait, { slot, input: selected, mapItem, after });
  }
}

/**
 * The input of one iteration or child: the item, or what ItemSelector makes of it.
 * @throws {StateError} States.DataLimitExceeded
 */
export function selectItem(
  run: Run,
  frame: Frame,
  state: MapState,
  input: JsonValue,
  mapItem: JsonObject,
): MaybePromise<JsonValue> {
  if (state.itemSelector === undefined) return mapItem.Value ?? null;
  return whenReady(state.itemSelector(new FrameEvaluation(run, frame, input, { mapItem })), (selected) => {
    limitedPayload(run, frame, selected, state.name, "provided parameters");
    return selected;
  });
}

type Iteration = Readonly<{ slot: number; input: JsonValue; mapItem: JsonObject; after: number }>;

function startIteration(run: Run, frame: Frame, state: MapState, wait: BranchesWait, iteration: Iteration): void {
  const { slot, input, mapItem, after } = iteration;
  const startedId = run.emitIteration("MapIterationStarted", after, frame, slot);
  const payload = run.payload(input);
  const branch = run.newFrame(state.flow, input, startedId, {
    parent: frame,
    slot,
    scope: frame.scope,
    mapItem,
    payload,
  });
  wait.frames[slot] = branch;
  run.queue.push(branch, "enter");
}
