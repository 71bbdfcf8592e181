/**
 * The compact checkpoint: every live frame with what it waits for. No history and nothing that the definition says itself.
 * `version` guards the form; a checkpoint of another version is refused, not guessed at.
 */
import type { CompiledMachine } from "../compile.ts";
import { UnknownFlowError } from "../compile.ts";
import type { ExecutionOptions } from "../engine.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import type { ExecutionOutcome, ExecutionStatus } from "../protocol.ts";
import { SeededRandom } from "../random.ts";
import type { Action, BranchesWait, Frame, MapRunWait, TaskWait, TimerWait } from "./frame.ts";
import { Run, type TimerPurpose } from "./run.ts";

const VERSION = 1;

type SavedWait = TaskWait | TimerWait | (Omit<BranchesWait, "frames"> & { frames: (SavedFrame | null)[] }) | MapRunWait;

type SavedFrame = {
  id: number;
  flow: string;
  state: string;
  slot: number;
  variables: JsonObject;
  mapItem?: JsonObject | undefined;
  input: JsonValue;
  /** The last event first, the Entered event last; earlier checkpoints have one more between them. */
  events: readonly number[];
  enteredAtMs: number;
  attempts: readonly number[];
  retryCount: number;
  dead: boolean;
  wait?: SavedWait | undefined;
};

type Saved = {
  version: number;
  options: Omit<ExecutionOptions, "taskToken">;
  status: ExecutionStatus;
  outcome?: ExecutionOutcome | undefined;
  counters: [number, number, number, number];
  redrivenAtMs?: number | undefined;
  random: number[];
  root: SavedFrame | null;
  timers: [string, number | null, TimerPurpose, number][];
  queue: [number, Action][];
};

/** A checkpoint this version cannot read. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
  readonly code = "CheckpointVersion";

  constructor(found: unknown) {
    super(`Expected an execution checkpoint of version ${VERSION} but found ${JSON.stringify(found)}`);
  }
}

/** The checkpoint as JSON text. */
export function saveRun(run: Run): string {
  const { taskToken: _port, ...options } = run.options;
  const saved: Saved = {
    version: VERSION,
    options,
    status: run.status,
    outcome: run.outcome,
    counters: [run.lastEventId, run.lastFrameId, run.lastTimerId, run.redriveCount],
    redrivenAtMs: run.redrivenAtMs,
    random: run.random.save(),
    root: run.root === undefined ? null : saveFrame(run.root),
    timers: [...run.timers].map(([id, { frame, purpose, atMs }]) => [id, frame?.id ?? null, purpose, atMs]),
    queue: run.queue
      .waiting()
      .filter(({ frame }) => !frame.dead)
      .map(({ frame, action }) => [frame.id, action]),
  };
  return JSON.stringify(saved);
}

function saveFrame(frame: Frame): SavedFrame {
  return {
    id: frame.id,
    flow: frame.flow.id,
    state: frame.state.name,
    slot: frame.slot,
    variables: frame.scope.values,
    mapItem: frame.mapItem,
    input: frame.input,
    events: [frame.lastEventId, frame.enteredId],
    enteredAtMs: frame.enteredAtMs,
    attempts: frame.attempts,
    retryCount: frame.retryCount,
    dead: frame.dead,
    wait: saveWait(frame.wait),
  };
}

function saveWait(wait: Frame["wait"]): SavedWait | undefined {
  if (wait?.kind === "branches") {
    return { ...wait, frames: Array.from(wait.frames, (branch) => (branch === undefined ? null : saveFrame(branch))) };
  }
  return wait;
}

/**
 * Brings an execution back as it was when `checkpoint()` was called.
 * @throws {CheckpointError} for a value that is no checkpoint of this version
 */
export function restoreRun(
  machine: CompiledMachine,
  checkpoint: JsonObject,
  taskToken?: ExecutionOptions["taskToken"],
): Run {
  if (!isSaved(checkpoint)) throw new CheckpointError(checkpoint.version ?? null);
  const saved = checkpoint;
  const options = taskToken === undefined ? saved.options : { ...saved.options, taskToken };
  const run = new Run(machine, options, new SeededRandom(saved.random));
  run.status = saved.status;
  run.outcome = saved.outcome;
  [run.lastEventId, run.lastFrameId, run.lastTimerId, run.redriveCount] = saved.counters;
  run.redrivenAtMs = saved.redrivenAtMs;
  // Counted when it is next asked for.
  run.assignedBytes = Number.POSITIVE_INFINITY;
  const frames = new Map<number, Frame>();
  if (saved.root !== null) run.root = restoreFrame(run, saved.root, undefined, frames);
  for (const [id, frameId, purpose, atMs] of saved.timers) {
    run.timers.set(id, { frame: frameId === null ? undefined : frames.get(frameId), purpose, atMs });
  }
  for (const [frameId, action] of saved.queue) {
    const frame = frames.get(frameId);
    if (frame !== undefined) run.queue.push(frame, action);
  }
  return run;
}

function isSaved(value: unknown): value is Saved {
  return typeof value === "object" && value !== null && "version" in value && value.version === VERSION;
}

function restoreFrame(run: Run, saved: SavedFrame, parent: Frame | undefined, frames: Map<number, Frame>): Frame {
  const flow = run.machine.flows.get(saved.flow);
  const state = flow?.states.get(saved.state);
  if (flow === undefined || state === undefined)
    throw new UnknownFlowError(`${saved.flow}/${saved.state}`, [...run.machine.flows.keys()]);
  const { variables } = run.options;
  const top = variables === undefined ? undefined : { values: variables, outer: undefined };
  const [lastEventId = 0] = saved.events;
  const frame: Frame = {
    id: saved.id,
    flow,
    parent,
    slot: saved.slot,
    scope: { values: saved.variables, outer: parent?.scope ?? top },
    mapItem: saved.mapItem,
    state,
    input: saved.input,
    payload: undefined,
    lastEventId,
    enteredId: saved.events.at(-1) ?? 0,
    enteredAtMs: saved.enteredAtMs,
    attempts: saved.attempts,
    retryCount: saved.retryCount,
    dead: saved.dead,
    wait: undefined,
  };
  frames.set(frame.id, frame);
  frame.wait = restoreWait(run, frame, saved.wait, frames);
  return frame;
}

function restoreWait(run: Run, frame: Frame, wait: SavedWait | undefined, frames: Map<number, Frame>): Frame["wait"] {
  if (wait === undefined) return undefined;
  // What an ended execution (or an aborted branch) last waited for is kept for a redrive, but awaited no more.
  const awaited = run.status === "RUNNING" && !frame.dead;
  if (wait.kind === "task" && awaited) run.tasks.set(wait.effect.taskId, frame);
  if (wait.kind === "map-run" && awaited && wait.phase !== "ended") run.mapRuns.set(wait.mapRunId, frame);
  if (wait.kind !== "branches") return wait;
  const branches = wait.frames.map((branch) =>
    branch === null ? undefined : restoreFrame(run, branch, frame, frames),
  );
  return { ...wait, frames: branches };
}
