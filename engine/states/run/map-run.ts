/**
 * Distributed Map: a map run starts child executions over its items, and fails when too many of them do.
 *
 * The run holds neither items nor results: it asks for items as it can start children (map-run-children.ts), and the host
 * keeps what the children gave. So a checkpoint is as small with the last of a million items as with the first.
 */
import type { DistributedSpec, MapState } from "../compiled.ts";
import { type Evaluation, type MaybePromise, whenReady } from "../evaluation.ts";
import type { JsonValue } from "../json.ts";
import type { Effect, InputEvent, MapRunSettings } from "../protocol.ts";
import { runtimeError, StateError } from "../state-error.ts";
import { completeAfter } from "./branches.ts";
import { failState } from "./failure.ts";
import type { Frame, MapRunWait } from "./frame.ts";
import { FrameEvaluation } from "./frame-evaluation.ts";
import { joinedRanges, rangesCount } from "./index-ranges.ts";
import { nextChildren } from "./map-run-children.ts";
import { readFloat, readInteger } from "./number-field.ts";
import type { Run } from "./run.ts";

type Start = Readonly<{
  items: readonly JsonValue[];
  /** The items are an object's members. */
  keyed: boolean;
  input: JsonValue;
  concurrency: number | undefined;
}>;

export function startMapRun(
  run: Run,
  frame: Frame,
  state: MapState,
  spec: DistributedSpec,
  start: Start,
): MaybePromise<void> {
  const evaluation = new FrameEvaluation(run, frame, start.input);
  return whenReady(readThresholds(spec, evaluation), ({ count, percentage }) => {
    const wait = openMapRun(run, frame, state, spec, start, {
      maxConcurrency: start.concurrency ?? 0,
      ...(count === undefined ? {} : { toleratedFailureCount: count }),
      ...(percentage === undefined ? {} : { toleratedFailurePercentage: percentage }),
      label: spec.label,
    });
    if (spec.reader === undefined) return nextChildren(run, frame, state, wait);
    return openReader(run, frame, state, wait, spec.reader);
  });
}

export type Thresholds = Readonly<{ count?: number | undefined; percentage?: number | undefined }>;

/** How many failed items the state tolerates, in number and in percent. */
export function readThresholds(
  spec: Pick<DistributedSpec, "toleratedCount" | "toleratedPercentage">,
  evaluation: Evaluation,
): MaybePromise<Thresholds> {
  return whenReady(readInteger(spec.toleratedCount, evaluation), (count) =>
    whenReady<number | undefined, Thresholds>(readFloat(spec.toleratedPercentage, evaluation), (percentage) => {
      if (count !== undefined && count < 0) throw runtimeError("ToleratedFailureCount cannot be negative.");
      if (percentage !== undefined && (percentage < 0 || percentage > 100)) {
        throw runtimeError("ToleratedFailurePercentage must be between 0 and 100.");
      }
      return { count, percentage };
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
  const stateStartedId = frame.lastEventId;
  const startedId = run.emit("MapRunStarted", stateStartedId, { mapRunArn: mapRunId });
  frame.lastEventId = startedId;
  const wait: MapRunWait = {
    kind: "map-run",
    mapRunId,
    settings,
    input: start.input,
    items: spec.reader === undefined ? start.items : undefined,
    ...(start.keyed ? { keyed: true } : {}),
    reader: undefined,
    consumed: 0,
    children: 0,
    allRead: false,
    pageItems: 0,
    running: [],
    unsuccessful: [],
    redriving: [],
    request: undefined,
    phase: "running",
    failedItems: 0,
    startedId,
    stateStartedId,
    redriveCount: 0,
  };
  frame.wait = wait;
  run.mapRuns.set(mapRunId, frame);
  run.effect({ kind: "map-run-started", mapRunId, stateName: state.name, settings });
  return wait;
}

function openReader(
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
      const { MaxItemsPath: _path, MaxItems: _text, ...config } = reader.config;
      const readerConfig = maxItems === undefined || maxItems === 0 ? config : { ...config, MaxItems: maxItems };
      wait.reader = { resource: reader.resource, parameters, readerConfig };
      return nextChildren(run, frame, state, wait);
    });
  });
}

/** Children ended. */
export function childrenCompleted(
  run: Run,
  frame: Frame,
  state: MapState,
  wait: MapRunWait,
  failedItems: number,
): MaybePromise<void> {
  wait.failedItems += failedItems;
  return failIfExceeded(run, frame, state, wait) ?? nextChildren(run, frame, state, wait);
}

/** Fails the run if more children failed than are tolerated; with a ResultWriter, once the results are written. */
export function failIfExceeded(
  run: Run,
  frame: Frame,
  state: MapState,
  wait: MapRunWait,
): MaybePromise<void> | undefined {
  if (wait.phase !== "running" || !exceeds(wait)) return undefined;
  const error = "States.ExceedToleratedFailureThreshold";
  const cause = "The specified tolerated failure threshold was exceeded";
  // Not undefined, so that the caller stops here.
  if (state.distributed?.writer?.resource === undefined)
    return failMapRun(run, frame, wait, error, cause) ?? Promise.resolve();
  stopChildren(run, wait);
  wait.failing = { error, cause };
  return finishMapRun(run, frame, state, wait) ?? Promise.resolve();
}

/** Without a threshold no failure is tolerated; with both, either of them counts. A percentage is of all items, so it waits for them. */
function exceeds({ settings, failedItems, consumed, allRead }: MapRunWait): boolean {
  const { toleratedFailureCount: count, toleratedFailurePercentage: percentage } = settings;
  if (failedItems === 0) return false;
  if (count === undefined && percentage === undefined) return true;
  if (count !== undefined && failedItems > count) return true;
  if (percentage === undefined) return false;
  return percentage === 0 || (allRead && (failedItems / consumed) * 100 > percentage);
}

/** No child is to come any more: their results are written, or become the state's result. */
export function finishMapRun(run: Run, frame: Frame, state: MapState, wait: MapRunWait): MaybePromise<void> {
  const writer = state.distributed?.writer;
  wait.phase = "writing";
  const effect = { kind: "write-results", mapRunId: wait.mapRunId, stateName: state.name } as const;
  if (writer?.resource === undefined) {
    request(run, wait, { ...effect, writerConfig: writer?.config ?? {} });
    return;
  }
  const { resource, config } = writer;
  return whenReady(writer.parameters(new FrameEvaluation(run, frame, wait.input)), (parameters) => {
    request(run, wait, { ...effect, writerConfig: config, destination: { resource, parameters } });
  });
}

export function request(run: Run, wait: MapRunWait, effect: Effect): void {
  wait.request = effect;
  run.effect(effect);
}

/** The results are there, or cannot be had. */
export function resultsEnded(
  run: Run,
  frame: Frame,
  wait: MapRunWait,
  ended: Extract<InputEvent, { kind: "results-written" | "results-failed" }>,
): MaybePromise<void> {
  const failure = wait.failing ?? (ended.kind === "results-failed" ? ended : undefined);
  if (failure !== undefined) return failMapRun(run, frame, wait, failure.error, failure.cause);
  return ended.kind === "results-written" ? mapRunSucceeded(run, frame, wait, ended.output) : undefined;
}

/** The map run is over; its output goes on as the state's result. */
function mapRunSucceeded(run: Run, frame: Frame, wait: MapRunWait, output: JsonValue): MaybePromise<void> {
  run.mapRuns.delete(wait.mapRunId);
  run.effect({ kind: "map-run-completed", mapRunId: wait.mapRunId, status: "SUCCEEDED" });
  const succeededId = run.emit("MapRunSucceeded", wait.startedId);
  const stateSucceededId = run.emit("MapStateSucceeded", succeededId);
  // The summary events are skipped, since autumn 2024 (before, the exit pointed at MapRunSucceeded).
  frame.lastEventId = wait.startedId;
  frame.wait = undefined;
  return completeAfter(run, frame, output, stateSucceededId);
}

/** Fails the map run and its state; children that still run are stopped. */
export function failMapRun(run: Run, frame: Frame, wait: MapRunWait, error: string, cause: string): MaybePromise<void> {
  abandonMapRun(run, wait, "FAILED");
  frame.lastEventId = run.emit("MapRunFailed", wait.startedId, { error, cause });
  // A redrive then starts a new run, as it does for errors of the definition: closeMapRun.
  if (error === "States.DataLimitExceeded") frame.wait = undefined;
  return failState(run, frame, new StateError(error, cause));
}

/** The state failed by itself, say in its ItemSelector, while the map run was open. */
export function closeMapRun(run: Run, frame: Frame, wait: MapRunWait, { error, detail }: StateError): void {
  abandonMapRun(run, wait, "FAILED");
  const details = { error, cause: detail };
  frame.lastEventId = run.emit("MapRunFailed", wait.startedId, details);
  frame.wait = undefined;
}

/** Stops the run's children and closes it. What it knows of them stays, for a redrive. */
export function abandonMapRun(run: Run, wait: MapRunWait, status: "FAILED" | "ABORTED"): void {
  if (!run.mapRuns.delete(wait.mapRunId)) return;
  wait.phase = "ended";
  wait.request = undefined;
  wait.failing = undefined;
  stopChildren(run, wait);
  run.effect({ kind: "map-run-completed", mapRunId: wait.mapRunId, status });
}

function stopChildren(run: Run, wait: MapRunWait): void {
  wait.unsuccessful = joinedRanges(joinedRanges(wait.unsuccessful, wait.redriving), wait.running);
  if (rangesCount(wait.running) > 0) run.effect({ kind: "stop-children", mapRunId: wait.mapRunId });
  wait.running = [];
  wait.redriving = [];
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
  return failIfExceeded(run, frame, state, wait) ?? nextChildren(run, frame, state, wait);
}

/** Whether a redrive goes on with this run's children; a run without any starts anew. */
export function canResume(wait: MapRunWait): boolean {
  return wait.phase === "ended" && wait.children > 0;
}

/** Redrive: children that failed, timed out or were aborted run again; those that succeeded do not. */
export function resumeMapRun(run: Run, frame: Frame, state: MapState, wait: MapRunWait): MaybePromise<void> {
  wait.redriveCount += 1;
  const details = { mapRunArn: wait.mapRunId, redriveCount: wait.redriveCount };
  // As recorded on AWS in September 2026: it points at MapStateStarted, not at the redrive.
  wait.startedId = run.emit("MapRunRedriven", wait.stateStartedId ?? frame.lastEventId, details);
  frame.lastEventId = wait.startedId;
  wait.phase = "running";
  wait.failedItems = 0;
  wait.redriving = wait.unsuccessful;
  wait.unsuccessful = [];
  run.mapRuns.set(wait.mapRunId, frame);
  run.effect({ kind: "map-run-redriven", mapRunId: wait.mapRunId });
  return nextChildren(run, frame, state, wait);
}
