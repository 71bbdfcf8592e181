/**
 * The face of the engine towards a host.
 *
 * How a host drives an execution:
 *
 * ```ts
 * const { definition, diagnostics } = parseDefinition(text, { type: "STANDARD" });
 * const machine = compile(definition);                       // once a state machine revision
 * const execution = startExecution(machine, options);
 * let batch = await execution.apply({ kind: "start" }, nowMs); // a plain value unless JSONata needed its evaluator
 * journal.append(input, nowMs, batch.events, execution.checkpoint()); commit();
 * for (const effect of batch.effects) perform(effect);
 * ```
 *
 * Invariants between the two:
 *   E1. One input at a time: never call `apply` while an earlier call's promise is pending.
 *   E2. Journal first: what `apply` returned is appended and committed before any of its effects is performed. A crash
 *       in between loses nothing, because `pendingEffects()` of a restored execution lists all work outstanding
 *       (scheduled tasks, timers, reads, children) with the ids it had; performing one twice is recognised by its id.
 *   E3. Deterministic: the same checkpoint, inputs and times give the same batches. Randomness comes from `seed` alone, so a
 *       host may write `checkpoint()` only now and then and re-apply the journal's later inputs after a crash (ignoring
 *       the effects and events they give again). Writing it with every batch also works and needs no re-applying.
 *   E4. An input for a task, timer or child that is no longer awaited gives an empty batch; it is never an error.
 *   E5. `apply` runs until every branch is blocked or the step budget is spent; then `more` is set, and the host serves
 *       other executions before it applies `{ kind: "continue" }`.
 */
import type { Diagnostic } from "./diagnostics.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import type { Batch, Effect, ExecutionOutcome, ExecutionStatus, InputEvent } from "./protocol.ts";
import type { PartsWriter } from "./run/checkpoint-parts.ts";

/** https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html */
export type MachineType = "STANDARD" | "EXPRESS";

/** A definition without errors, ready to compile. */
export type Definition = Readonly<{ type: MachineType; source: JsonObject }>;

/** What `parseDefinition` answers. */
export type ParseResult = Readonly<{
  /** Absent if any diagnostic is an ERROR. */
  definition?: Definition;
  diagnostics: readonly Diagnostic[];
}>;

/** A definition compiled to closures: immutable, shared by all its executions. */
export interface Machine {
  readonly type: MachineType;
  readonly definition: Definition;
  /** The item processor of a distributed map, by the `childMachine` of its start-child effects, with a definition of its own. */
  child(childMachine: string): Machine;
}

/** What an execution is started with; all but its functions goes into the checkpoint. */
export type ExecutionOptions = Readonly<{
  input: JsonValue;
  /** What the context object says; `startTimeMs` is also the first event's timestamp. */
  execution: Readonly<{ id: string; name: string; roleArn: string | null; startTimeMs: number }>;
  stateMachine: Readonly<{ id: string; name: string }>;
  /** Any text; two executions with one seed draw the same jitter, `$random` and uuids. */
  seed: string;
  region?: string;
  /** StartSyncExecution and TestState: such runs cannot be redriven, and their context says so by leaving RedriveCount out. */
  synchronous?: boolean;
  accountId?: string;
  /** Of a distributed map's child: what `$$.Map.Item` says, and the parent's variables. */
  mapItem?: JsonObject;
  variables?: JsonObject;
  /** Makes the token that SendTaskSuccess and its kin name a task by; made of execution id and task id unless given. */
  taskToken?: (taskId: string) => string;
  /** Whether there is such an activity, asked when a task for it is to be scheduled; without this there always is. */
  activityExists?: (activityArn: string) => boolean;
  /** Told of decisions that history does not show. */
  observe?: (decision: Decision) => void;
}>;

/** The options that are functions: no part of a checkpoint, so they are given again when it is restored. */
export type ExecutionPorts = Pick<ExecutionOptions, "taskToken" | "activityExists" | "observe">;

/** Which Choice rule was taken (one past the last rule: the default), which retrier retries, which catcher catches. */
export type Decision = Readonly<{ kind: "branch" | "retrier" | "catcher"; state: string; index: number }>;

/** One execution, driven from outside by the rules E1 to E5. */
export interface Execution {
  readonly status: ExecutionStatus;
  /** Set once the execution has ended. */
  readonly outcome: ExecutionOutcome | undefined;
  /** The outcome's output as JSON text, once the execution has ended in this process. */
  readonly outputText: string | undefined;
  /** Id of the last history event. */
  readonly lastEventId: number;
  /** The execution's own options, as given (or as restored). */
  readonly options: ExecutionOptions;
  /**
   * Takes in one input and steps until every branch is blocked.
   * @param nowMs current time, milliseconds since the epoch; never earlier than in the call before
   */
  apply(input: InputEvent, nowMs: number): Batch | Promise<Batch>;
  /** All that is needed to go on, as a JSON value: live branches with their data and variables, no history. */
  checkpoint(): JsonObject;
  /**
   * The same as text, in one pass: for a host that writes it with every batch.
   * @param parts keeps large values of an execution with branches, which the text then only names; it is asked for all of them
   * each time, and may forget what it was not asked for
   */
  checkpointText(parts?: PartsWriter): string;
  /** The effects not answered yet, for a host that has just restored the execution. */
  pendingEffects(): readonly Effect[];
}
