/**
 * Runs a definition in memory with a virtual clock and stubbed tasks: a year-long workflow ends in milliseconds.
 *
 * ```ts
 * const { status, output, history } = await simulate(text, { input, task: ({ stateName }) => ({ output: answers[stateName] }) });
 * ```
 */
import { compile } from "./compile.ts";
import { InvalidDefinitionError } from "./diagnostics.ts";
import type { Definition, ExecutionOptions, Machine, MachineType } from "./engine.ts";
import { startExecution } from "./execution.ts";
import type { HistoryEvent } from "./history.ts";
import { isObject, type JsonObject, type JsonValue } from "./json.ts";
import { parseDefinition } from "./parse.ts";
import type { Effect, ExecutionOutcome, InputEvent, ReadItemsEffect, ScheduleTaskEffect } from "./protocol.ts";

/** How a stubbed task ends. `timeout` leaves it to the state's own TimeoutSeconds or HeartbeatSeconds. */
export type SimulatedTask = Readonly<
  | { output: JsonValue; submitted?: JsonValue; workerName?: string }
  | { error?: string; cause?: string; submitted?: JsonValue; workerName?: string; failed: true }
  | { timeout: true; submitted?: JsonValue; workerName?: string }
>;

export type ReadItemsAnswer = readonly JsonValue[] | Readonly<{ error: string; cause: string }>;

export type SimulationOptions = Readonly<{
  input?: JsonValue;
  type?: MachineType;
  /** Called for each scheduled task. Without it a task succeeds with its parameters. */
  task?: (effect: ScheduleTaskEffect) => SimulatedTask;
  /** Answers a distributed map's ItemReader. */
  items?: (effect: ReadItemsEffect) => ReadItemsAnswer | Promise<ReadItemsAnswer>;
  startTimeMs?: number;
  seed?: string;
  execution?: Partial<ExecutionOptions["execution"]>;
  stateMachine?: ExecutionOptions["stateMachine"];
  /** Aborts the execution once nothing but time could go on: what StopExecution would do then. */
  stopWhenIdle?: boolean;
  mapItem?: JsonObject;
}>;

export type Simulation = ExecutionOutcome & Readonly<{ history: readonly HistoryEvent[] }>;

const ACCOUNT = "123456789012";
const START_MS = Date.UTC(2024, 0, 1);

/**
 * Runs `definition` (its text, or already parsed) to its end.
 * @throws {InvalidDefinitionError}
 */
export async function simulate(definition: string | Definition, options: SimulationOptions = {}): Promise<Simulation> {
  const parsed =
    typeof definition === "string"
      ? parseDefinition(definition, { type: options.type ?? "STANDARD" })
      : { definition, diagnostics: [] };
  if (parsed.definition === undefined) throw new InvalidDefinitionError(parsed.diagnostics);
  return simulateMachine(compile(parsed.definition), options);
}

/** The same for a compiled machine, such as a distributed map's child. */
export async function simulateMachine(machine: Machine, options: SimulationOptions = {}): Promise<Simulation> {
  const name = options.execution?.name ?? "simulation";
  const startTimeMs = options.startTimeMs ?? START_MS;
  const stateMachine = options.stateMachine ?? {
    id: `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:simulated`,
    name: "simulated",
  };
  const execution = startExecution(machine, {
    input: options.input ?? {},
    execution: {
      id: `arn:aws:states:us-east-1:${ACCOUNT}:execution:${stateMachine.name}:${name}`,
      name,
      roleArn: `arn:aws:iam::${ACCOUNT}:role/simulated`,
      startTimeMs,
      ...options.execution,
    },
    stateMachine,
    seed: options.seed ?? name,
    accountId: ACCOUNT,
    ...(options.mapItem === undefined ? {} : { mapItem: options.mapItem }),
  });
  const world = new World(machine, options, startTimeMs);
  const history: HistoryEvent[] = [];
  for (
    let input: InputEvent | undefined = { kind: "start" };
    input !== undefined && execution.outcome === undefined;
  ) {
    const batch = await execution.apply(input, world.nowMs);
    history.push(...batch.events);
    for (const effect of batch.effects) await world.perform(effect);
    input = batch.more ? { kind: "continue" } : world.next();
  }
  return { ...(execution.outcome ?? { status: "ABORTED" }), history };
}

/** Answers effects at once, and lets time pass only when nothing else is left to do. */
class World {
  nowMs: number;
  readonly #machine: Machine;
  readonly #options: SimulationOptions;
  readonly #inputs: InputEvent[] = [];
  readonly #timers = new Map<string, number>();
  #stopped = false;

  constructor(machine: Machine, options: SimulationOptions, nowMs: number) {
    this.#machine = machine;
    this.#options = options;
    this.nowMs = nowMs;
  }

  next(): InputEvent | undefined {
    const input = this.#inputs.shift();
    if (input !== undefined) return input;
    if (this.#options.stopWhenIdle === true && !this.#stopped) {
      this.#stopped = true;
      return { kind: "stop" };
    }
    let earliest: string | undefined;
    for (const [timerId, atMs] of this.#timers) {
      if (earliest === undefined || atMs < (this.#timers.get(earliest) ?? 0)) earliest = timerId;
    }
    if (earliest === undefined) return undefined;
    this.nowMs = Math.max(this.nowMs, this.#timers.get(earliest) ?? 0);
    this.#timers.delete(earliest);
    return { kind: "timer-fired", timerId: earliest };
  }

  async perform(effect: Effect): Promise<void> {
    switch (effect.kind) {
      case "start-timer":
        this.#timers.set(effect.timerId, effect.atMs);
        break;
      case "cancel-timer":
        this.#timers.delete(effect.timerId);
        break;
      case "schedule-task":
        this.#answer(effect, this.#options.task?.(effect) ?? { output: effect.parameters });
        break;
      case "read-items":
        await this.#readItems(effect);
        break;
      case "start-child":
        await this.#runChild(effect);
        break;
      case "write-results": {
        const output = { MapRunArn: effect.mapRunId, ResultWriterDetails: writtenTo(effect) };
        this.#inputs.push({ kind: "results-written", mapRunId: effect.mapRunId, output });
        break;
      }
      default:
        break;
    }
  }

  #answer({ taskId }: ScheduleTaskEffect, answer: SimulatedTask): void {
    const { workerName, submitted } = answer;
    this.#inputs.push({ kind: "task-started", taskId, ...(workerName === undefined ? {} : { workerName }) });
    if (submitted !== undefined) this.#inputs.push({ kind: "task-submitted", taskId, output: submitted });
    if ("timeout" in answer) return;
    if ("output" in answer) this.#inputs.push({ kind: "task-succeeded", taskId, output: answer.output });
    else {
      const { error, cause } = answer;
      this.#inputs.push({
        kind: "task-failed",
        taskId,
        ...(error === undefined ? {} : { error }),
        ...(cause === undefined ? {} : { cause }),
      });
    }
  }

  async #readItems(effect: ReadItemsEffect): Promise<void> {
    const items = (await this.#options.items?.(effect)) ?? [];
    const { mapRunId } = effect;
    if ("error" in items) this.#inputs.push({ kind: "items-failed", mapRunId, error: items.error, cause: items.cause });
    else this.#inputs.push({ kind: "items-read", mapRunId, items });
  }

  async #runChild(effect: Extract<Effect, { kind: "start-child" }>): Promise<void> {
    const { mapRunId, childId } = effect;
    const { mapItem: _own, execution: _execution, stopWhenIdle: _stop, ...shared } = this.#options;
    const { history: _history, ...outcome } = await simulateMachine(this.#machine.child(effect.childMachine), {
      ...shared,
      input: effect.input,
      execution: { name: effect.name },
      startTimeMs: this.nowMs,
    });
    this.#inputs.push({ kind: "child-completed", mapRunId, childId, ...outcome });
  }
}

/** Where the service would have put the manifest. */
function writtenTo({ mapRunId, parameters }: Extract<Effect, { kind: "write-results" }>): JsonValue {
  const { Bucket = null, Prefix = "" } = isObject(parameters) ? parameters : {};
  const folder = Prefix === "" ? "" : `${String(Prefix).replace(/\/$/, "")}/`;
  return { Bucket, Key: `${folder}${mapRunId.slice(mapRunId.lastIndexOf(":") + 1)}/manifest.json` };
}
