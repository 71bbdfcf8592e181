/**
 * Runs a definition in memory with a virtual clock and stubbed tasks: a year-long workflow ends in milliseconds, the same each time.
 *
 * ```ts
 * // simulate and TaskFailure are exports of tidemill/engine
 * const { status, output, path, calls, coverage } = await simulate(text, {
 *   input: { order: 7 },
 *   tasks: {
 *     Charge: (parameters) => ({ receipt: "r1" }),
 *     Ship: { "0": { Throw: { Error: "Busy" } }, "1": { Return: { shipped: true } } },
 *     "arn:aws:states:::sns:publish": { result: '{"MessageId":"m1"}' },
 *   },
 * });
 * ```
 */
import { compile } from "./compile.ts";
import { Coverage } from "./coverage/coverage.ts";
import { InvalidDefinitionError } from "./diagnostics.ts";
import type { Decision, Definition, ExecutionOptions, Machine, MachineType } from "./engine.ts";
import { startExecution } from "./execution.ts";
import { type ApiHistoryEvent, type HistoryEvent, toApiEvent } from "./history.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { parseDefinition } from "./parse.ts";
import type { ExecutionOutcome, InputEvent } from "./protocol.ts";
import { type StubOptions, Stubs } from "./simulation/stubs.ts";
import type { TaskCall } from "./simulation/task-stub.ts";
import { World, type WorldPorts } from "./simulation/world.ts";

/**
 * All optional. Without `tasks` and `task` a task succeeds with its own parameters; with `tasks` each task that runs needs a
 * stub there or an answer from `task`.
 */
export type SimulationOptions = StubOptions &
  Readonly<{
    /** `{}` unless given. */
    input?: JsonValue;
    /** Of the state machine; `STANDARD` unless given. Ignored for a definition already parsed, which has its own. */
    type?: MachineType;
    /** Answers a distributed Map's ItemReader; it reads nothing unless given. */
    items?: WorldPorts["items"];
    /** Where the virtual clock starts, in milliseconds since the epoch; 2024-01-01T00:00:00Z unless given. */
    startTimeMs?: number;
    /** Of `$random`, `$uuid`, `States.UUID`, `States.MathRandom` and jitter; the execution's name unless given. */
    seed?: string;
    /** What the context object says of the execution: `id`, `name`, `roleArn`. */
    execution?: Partial<ExecutionOptions["execution"]>;
    stateMachine?: ExecutionOptions["stateMachine"];
    /** Stops the execution once only time could go on: what StopExecution would do then. It ends with ABORTED. */
    stopWhenIdle?: boolean;
    /** Whether StartSyncExecution started it: its context object has no RedriveCount. */
    synchronous?: boolean;
    mapItem?: JsonObject;
  }>;

/** How the execution ended, and all that happened on the way. */
export type Simulation = ExecutionOutcome &
  Readonly<{
    /** As GetExecutionHistory answers it. A distributed Map's children have histories of their own, which are not part of it. */
    history: readonly ApiHistoryEvent[];
    /** The states entered, in order. */
    path: readonly string[];
    /** The tasks asked for, in order, with the parameters they were given; a retry is a call of its own. */
    calls: readonly TaskCall[];
    /** Virtual time from start to end. */
    durationMs: number;
    /** Which of the definition's states, branches, retriers and catchers the run used; add several up with Coverage.merge. */
    coverage: Coverage;
  }>;

/** The execution waits for what nobody answers, or goes on without end. */
export class SimulationError extends Error {
  override readonly name = "SimulationError";
  readonly code: "Stuck" | "Endless";

  constructor(code: SimulationError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

const ACCOUNT = "123456789012";
const START_MS = Date.UTC(2024, 0, 1);
/** Standard executions end at 25,000 by themselves; an Express loop would go on for its five minutes, of which none pass here. */
const MAX_EVENTS = 100_000;

/**
 * Runs `definition` (its text, an object, or what parseDefinition gave) to its end.
 * @throws {InvalidDefinitionError} with every diagnostic AWS would give
 * @throws {StubError} for a task without a stub, or a stub that cannot be meant
 * @throws {SimulationError} for an execution that cannot end
 */
export async function simulate(
  definition: string | JsonObject | Definition,
  options: SimulationOptions = {},
): Promise<Simulation> {
  const parsed = definitionOf(definition, options.type ?? "STANDARD");
  return simulateCompiled(compile(parsed), options);
}

/** The same for a machine that was compiled once, for many runs. */
export async function simulateCompiled(machine: Machine, options: SimulationOptions = {}): Promise<Simulation> {
  const coverage = Coverage.of(machine.definition);
  const calls: TaskCall[] = [];
  const startTimeMs = options.startTimeMs ?? START_MS;
  const { history, endTimeMs, ...outcome } = await simulateMachine(machine, options, {
    decided: (decision) => coverage.decided(decision),
    happened: (events) => coverage.happened(events),
    called: (call) => calls.push(call),
  });
  return {
    ...outcome,
    history: history.map((event) => toApiEvent(event)),
    path: history.flatMap(({ type, details }) => (type.endsWith("StateEntered") ? [String(details?.name)] : [])),
    calls,
    durationMs: endTimeMs - startTimeMs,
    coverage,
  };
}

/** Told of what happens in the execution and in the children of its distributed Maps. */
export type Watch = Readonly<{
  decided?: (decision: Decision) => void;
  happened?: (events: readonly HistoryEvent[]) => void;
  called?: (call: TaskCall) => void;
}>;

export type MachineRun = ExecutionOutcome & Readonly<{ history: readonly HistoryEvent[]; endTimeMs: number }>;

/** Runs a machine and keeps nothing but its history. */
export async function simulateMachine(
  machine: Machine,
  options: SimulationOptions = {},
  watch: Watch = {},
): Promise<MachineRun> {
  const execution = startExecution(machine, executionOptions(options, watch));
  const world = worldOf(machine, options, watch);
  const history: HistoryEvent[] = [];
  let stopped = false;
  for (
    let input: InputEvent | undefined = { kind: "start" };
    input !== undefined && execution.outcome === undefined;
  ) {
    const batch = await execution.apply(input, world.nowMs);
    for (const event of batch.events) history.push(event);
    watch.happened?.(batch.events);
    if (history.length > MAX_EVENTS) throw endless();
    for (const effect of batch.effects) await world.perform(effect);
    input = batch.more ? { kind: "continue" } : world.ready();
    if (input === undefined && options.stopWhenIdle === true && !stopped) {
      stopped = true;
      input = { kind: "stop" };
    }
    if (execution.outcome === undefined) input ??= world.later();
  }
  if (execution.outcome === undefined) throw stuck(execution.pendingEffects());
  return { ...execution.outcome, history, endTimeMs: world.nowMs };
}

function definitionOf(definition: string | JsonObject | Definition, type: MachineType): Definition {
  if (typeof definition !== "string" && isParsed(definition)) return definition;
  const text = typeof definition === "string" ? definition : JSON.stringify(definition);
  const parsed = parseDefinition(text, { type });
  if (parsed.definition === undefined) throw new InvalidDefinitionError(parsed.diagnostics);
  return parsed.definition;
}

/** A definition as an object has States; a parsed one has that in its `source`. */
function isParsed(definition: JsonObject | Definition): definition is Definition {
  return !("States" in definition) && "source" in definition;
}

function executionOptions(options: SimulationOptions, watch: Watch): ExecutionOptions {
  const name = options.execution?.name ?? "simulation";
  const stateMachine = options.stateMachine ?? {
    id: `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:simulated`,
    name: "simulated",
  };
  return {
    input: options.input === undefined ? {} : options.input,
    execution: {
      id: `arn:aws:states:us-east-1:${ACCOUNT}:execution:${stateMachine.name}:${name}`,
      name,
      roleArn: `arn:aws:iam::${ACCOUNT}:role/simulated`,
      startTimeMs: options.startTimeMs ?? START_MS,
      ...options.execution,
    },
    stateMachine,
    seed: options.seed ?? name,
    accountId: ACCOUNT,
    synchronous: options.synchronous ?? false,
    ...(watch.decided === undefined ? {} : { observe: watch.decided }),
    ...(options.mapItem === undefined ? {} : { mapItem: options.mapItem }),
  };
}

function worldOf(machine: Machine, options: SimulationOptions, watch: Watch): World {
  const { mapItem: _own, execution: _execution, stopWhenIdle: _stop, ...shared } = options;
  const ports: WorldPorts = {
    stubs: new Stubs(options),
    ...(options.items === undefined ? {} : { items: options.items }),
    ...(watch.called === undefined ? {} : { called: watch.called }),
    child: async (child, effect, nowMs) => {
      const ofChild = { ...shared, input: effect.input, execution: { name: effect.name }, startTimeMs: nowMs };
      const { history: _history, endTimeMs: _end, ...outcome } = await simulateMachine(child, ofChild, watch);
      return outcome;
    },
  };
  return new World(machine, ports, options.startTimeMs ?? START_MS);
}

function endless(): SimulationError {
  return new SimulationError("Endless", `the execution goes on after ${MAX_EVENTS} history events: it loops`);
}

function stuck(pending: readonly { kind: string; stateName?: string }[]): SimulationError {
  const waiting = pending.flatMap(({ stateName }) => (stateName === undefined ? [] : [`'${stateName}'`]));
  return new SimulationError(
    "Stuck",
    `nothing can happen any more: ${waiting.join(", ")} waits for an answer that its stub never gives, and has no TimeoutSeconds`,
  );
}
