/**
 * The compact checkpoint: every live frame with what it waits for. No history and nothing that the definition says itself.
 * `version` guards the form; a checkpoint of another version is refused, not guessed at. Version 2 has large values apart
 * (checkpoint-parts.ts): of an execution with branches, whose host keeps them.
 */
import type { CompiledMachine } from "../compile.ts";
import { UnknownFlowError } from "../compile.ts";
import type { ExecutionOptions, ExecutionPorts } from "../engine.ts";
import { isArray, type JsonObject, type JsonValue } from "../json.ts";
import type { ExecutionOutcome, ExecutionStatus } from "../protocol.ts";
import { SeededRandom } from "../random.ts";
import {
  type Packing,
  type PartsReader,
  type PartsWriter,
  packMembers,
  packTo,
  unpacked,
  unpackFrom,
} from "./checkpoint-parts.ts";
import type { Action, BranchesWait, Frame, MapRunWait, TaskWait, TimerWait } from "./frame.ts";
import { Run, type TimerPurpose } from "./run.ts";

const VERSION = 1;
const WITH_PARTS = 2;

type SavedBranches = Omit<BranchesWait, "frames" | "items"> & {
  frames: (SavedFrame | null)[];
  items: JsonValue | undefined;
};
type SavedMapRun = Omit<MapRunWait, "items"> & { items: JsonValue | undefined };
type SavedWait = TaskWait | TimerWait | SavedBranches | SavedMapRun;

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
  options: Omit<ExecutionOptions, keyof ExecutionPorts>;
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
    super(`Expected an execution checkpoint of version ${VERSION} or ${WITH_PARTS} but found ${JSON.stringify(found)}`);
  }
}

/**
 * The checkpoint as JSON text.
 * @param parts where large values may be kept apart from it
 */
export function saveRun(run: Run, parts?: PartsWriter): string {
  const wait = run.root?.wait?.kind;
  const apart = wait === "branches" || wait === "map-run" ? parts : undefined;
  const pack = apart === undefined ? unpacked : packTo(apart);
  const { taskToken: _token, activityExists: _exists, observe: _observe, ...options } = run.options;
  const saved: Saved = {
    version: apart === undefined ? VERSION : WITH_PARTS,
    options: apart === undefined ? options : packedOptions(options, pack),
    status: run.status,
    outcome: run.outcome,
    counters: [run.lastEventId, run.lastFrameId, run.lastTimerId, run.redriveCount],
    redrivenAtMs: run.redrivenAtMs,
    random: run.random.save(),
    root: run.root === undefined ? null : saveFrame(run.root, pack),
    timers: [...run.timers].map(([id, { frame, purpose, atMs }]) => [id, frame?.id ?? null, purpose, atMs]),
    queue: run.queue
      .waiting()
      .filter(({ frame }) => !frame.dead)
      .map(({ frame, action }) => [frame.id, action]),
  };
  return JSON.stringify(saved);
}

function packedOptions(options: Saved["options"], packing: Packing): Saved["options"] {
  const { input, variables, mapItem } = options;
  return {
    ...options,
    input: packing(input),
    ...(variables === undefined ? {} : { variables: packMembers(variables, packing) }),
    ...(mapItem === undefined ? {} : { mapItem: packMembers(mapItem, packing) }),
  };
}

function saveFrame(frame: Frame, pack: Packing): SavedFrame {
  const { scope, mapItem } = frame;
  return {
    id: frame.id,
    flow: frame.flow.id,
    state: frame.state.name,
    slot: frame.slot,
    variables: packMembers(scope.values, pack),
    mapItem: mapItem && packMembers(mapItem, pack),
    input: pack(frame.input),
    events: [frame.lastEventId, frame.enteredId],
    enteredAtMs: frame.enteredAtMs,
    attempts: frame.attempts,
    retryCount: frame.retryCount,
    dead: frame.dead,
    wait: saveWait(frame.wait, pack),
  };
}

function saveWait(wait: Frame["wait"], pack: Packing): SavedWait | undefined {
  if (wait === undefined || wait.kind === "timer") return wait;
  if (wait.kind === "task") return { ...wait, effect: { ...wait.effect, parameters: pack(wait.effect.parameters) } };
  const packed = { input: pack(wait.input), items: wait.items && pack(wait.items) };
  if (wait.kind === "map-run") return { ...wait, ...packed };
  return {
    ...wait,
    ...packed,
    outputs: Array.from(wait.outputs, (output) => (output === undefined ? null : pack(output))),
    frames: Array.from(wait.frames, (branch) => (branch === undefined ? null : saveFrame(branch, pack))),
  };
}

/** What is no part of a checkpoint: the functions given to `startExecution`, and where the large values were put. */
export type RestorePorts = ExecutionPorts & Readonly<{ parts?: PartsReader }>;

/**
 * Brings an execution back as it was when `checkpoint()` was called.
 * @throws {CheckpointError} for a value that is no checkpoint of this version
 */
export function restoreRun(
  machine: CompiledMachine,
  checkpoint: JsonObject,
  { parts, ...ports }: RestorePorts = {},
): Run {
  if (!isSaved(checkpoint)) throw new CheckpointError(checkpoint.version ?? null);
  const saved = checkpoint;
  const unpack = unpacking(saved, parts);
  const options = { ...packedOptions(saved.options, unpack), ...ports };
  const run = new Run(machine, options, new SeededRandom(saved.random));
  run.status = saved.status;
  run.outcome = saved.outcome;
  [run.lastEventId, run.lastFrameId, run.lastTimerId, run.redriveCount] = saved.counters;
  run.redrivenAtMs = saved.redrivenAtMs;
  // Counted when it is next asked for.
  run.assignedBytes = Number.POSITIVE_INFINITY;
  const frames = new Map<number, Frame>();
  if (saved.root !== null) run.root = restoreFrame(run, saved.root, undefined, { frames, unpack });
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
  if (typeof value !== "object" || value === null || !("version" in value)) return false;
  return value.version === VERSION || value.version === WITH_PARTS;
}

function unpacking({ version }: Saved, parts: PartsReader | undefined): Packing {
  if (version === VERSION) return unpacked;
  if (parts === undefined) throw new CheckpointError(`${version}, without its parts`);
  return unpackFrom(parts);
}

type Restoring = Readonly<{ frames: Map<number, Frame>; unpack: Packing }>;

function restoreFrame(run: Run, saved: SavedFrame, parent: Frame | undefined, restoring: Restoring): Frame {
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
    scope: { values: packMembers(saved.variables, restoring.unpack), outer: parent?.scope ?? top },
    mapItem: saved.mapItem && packMembers(saved.mapItem, restoring.unpack),
    state,
    input: restoring.unpack(saved.input),
    payload: undefined,
    lastEventId,
    enteredId: saved.events.at(-1) ?? 0,
    enteredAtMs: saved.enteredAtMs,
    attempts: saved.attempts,
    retryCount: saved.retryCount,
    dead: saved.dead,
    wait: undefined,
  };
  restoring.frames.set(frame.id, frame);
  frame.wait = restoreWait(run, frame, saved.wait, restoring);
  return frame;
}

function restoreWait(run: Run, frame: Frame, saved: SavedWait | undefined, restoring: Restoring): Frame["wait"] {
  if (saved === undefined) return undefined;
  const wait = unpackedWait(saved, restoring.unpack);
  // What an ended execution (or an aborted branch) last waited for is kept for a redrive, but awaited no more.
  const awaited = run.status === "RUNNING" && !frame.dead;
  if (wait.kind === "task" && awaited) run.tasks.set(wait.effect.taskId, frame);
  if (wait.kind === "map-run" && awaited && wait.phase !== "ended") run.mapRuns.set(wait.mapRunId, frame);
  if (wait.kind !== "branches") return wait;
  const frames = wait.frames.map((branch) =>
    branch === null ? undefined : restoreFrame(run, branch, frame, restoring),
  );
  return { ...wait, frames };
}

function unpackedWait(saved: SavedWait, unpack: Packing) {
  if (saved.kind === "timer") return saved;
  if (saved.kind === "task")
    return { ...saved, effect: { ...saved.effect, parameters: unpack(saved.effect.parameters) } };
  const items = saved.items === undefined ? undefined : unpack(saved.items);
  const given = { input: unpack(saved.input), items: isArray(items) ? items : undefined };
  if (saved.kind === "map-run") return { ...saved, ...given };
  return { ...saved, ...given, outputs: saved.outputs.map(unpack) };
}
