/**
 * The run of one execution: its frames, what they wait for, and the queue of frames that can step.
 *
 * Implements the `Execution` that hosts see (engine.ts, where the protocol and its invariants are written down). Stepping is a
 * loop over a queue, never a recursion, so that no definition or input can exhaust the stack.
 */
import type { CompiledMachine } from "../compile.ts";
import type { Flow } from "../compiled.ts";
import type { Execution, ExecutionOptions } from "../engine.ts";
import type { MaybePromise } from "../evaluation.ts";
import { eventKind, type IterationEventType, type PlainEventType } from "../event-kinds.ts";
import type { HistoryDetails, HistoryEvent } from "../history.ts";
import { historyEvents } from "../history-reader.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import type { Batch, Effect, ExecutionOutcome, ExecutionStatus, InputEvent } from "../protocol.ts";
import type { SeededRandom } from "../random.ts";
import { type RecordedHistory, Recording, SharedText } from "../recording.ts";
import { StateError } from "../state-error.ts";
import { abandonBranches } from "./branches.ts";
import { saveRun } from "./checkpoint.ts";
import type { PartsWriter } from "./checkpoint-parts.ts";
import { failState } from "./failure.ts";
import type { Action, Frame, Scope } from "./frame.ts";
import { endsExecution, HISTORY_FULL_CAUSE, HistoryFullError, MAX_EVENTS } from "./history-limit.ts";
import { handleInput } from "./inputs.ts";
import type { Inspection } from "./inspection.ts";
import { tooDeep } from "./payload-limit.ts";
import { pendingEffects } from "./pending.ts";
import { performAction } from "./step.ts";
import { StepQueue } from "./step-queue.ts";

/** Steps in one batch before others get their turn. */
const STEP_BUDGET = 5_000;
/** Of a state not retried yet; never written to. */
const NO_ATTEMPTS: readonly number[] = [];

/** What every state's code works on: it emits events, asks for effects and moves frames from state to state. */
export class Run implements Execution {
  readonly machine: CompiledMachine;
  readonly options: ExecutionOptions;
  readonly random: SeededRandom;
  status: ExecutionStatus = "RUNNING";
  outcome: ExecutionOutcome | undefined;
  outputText: string | undefined;
  lastEventId = 0;
  redriveCount = 0;
  redrivenAtMs: number | undefined;
  lastFrameId = 0;
  lastTimerId = 0;
  /** At least as many bytes as all variables of the execution have now. */
  assignedBytes = 0;
  nowMs: number;
  root: Frame | undefined;
  inspection: Inspection | undefined;
  /** The last error a state of the run failed with, caught or not. */
  lastFailure: StateError | undefined;
  readonly queue = new StepQueue();
  readonly tasks = new Map<string, Frame>();
  readonly timers = new Map<string, RunningTimer>();
  readonly mapRuns = new Map<string, Frame>();
  readonly #eventsBeforeLast: number;
  readonly #recording = new Recording();
  #effects: Effect[] = [];
  #lastValue: JsonValue = null;
  #lastPayload = new SharedText("null");

  constructor(machine: CompiledMachine, options: ExecutionOptions, random: SeededRandom) {
    this.machine = machine;
    this.options = options;
    this.random = random;
    this.nowMs = options.execution.startTimeMs;
    this.#eventsBeforeLast = machine.type === "STANDARD" ? MAX_EVENTS - 1 : Number.POSITIVE_INFINITY;
  }

  apply(input: InputEvent, nowMs: number): Batch | Promise<Batch> {
    this.nowMs = nowMs;
    const handled = handleInput(this, input);
    if (handled instanceof Promise) return handled.then(() => this.#settle());
    return this.#settle();
  }

  checkpoint(): JsonObject {
    return JSON.parse(this.checkpointText());
  }

  checkpointText(parts?: PartsWriter): string {
    return saveRun(this, parts);
  }

  pendingEffects(): readonly Effect[] {
    return pendingEffects(this);
  }

  /** Writes down a history event and returns its id. */
  emit(type: PlainEventType, previousEventId: number, details?: HistoryDetails): number {
    const { number } = eventKind(type);
    const id = this.#newEventId(number);
    this.#recording.plain(id, id - previousEventId, number, details);
    return id;
  }

  /** The same for the events of a Map's iterations. */
  emitIteration(type: IterationEventType, previousEventId: number, map: Frame, slot: number): number {
    const { number } = eventKind(type);
    const id = this.#newEventId(number);
    this.#recording.iteration(id, id - previousEventId, number, map.state.label, slot);
    return id;
  }

  /** The same for the state that the frame is in. @throws {HistoryFullError} */
  emitEntered({ state, lastEventId }: Frame, payload: SharedText): number {
    const id = this.#newEventId(state.enteredKind);
    this.#recording.entered(id, id - lastEventId, state.enteredKind, state.label, payload);
    return id;
  }

  /**
   * @param variables JSON texts, of an Assign that assigns any
   * @throws {HistoryFullError}
   */
  emitExited({ state, lastEventId }: Frame, payload: SharedText, variables: HistoryDetails | undefined): number {
    const id = this.#newEventId(state.exitedKind);
    this.#recording.exited(id, id - lastEventId, state.exitedKind, state.label, payload, variables);
    return id;
  }

  /** Asks the host for something; it goes out with the batch. */
  effect(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** A value as JSON text; one value is often asked for again at once, as a task's output and its state's. */
  payload(value: JsonValue): SharedText {
    if (value !== this.#lastValue || typeof value !== "object" || value === null) {
      this.#lastPayload = new SharedText(JSON.stringify(value));
      this.#lastValue = value;
    }
    return this.#lastPayload;
  }

  text(value: JsonValue): string {
    return this.payload(value).text;
  }

  /**
   * @param frame whose timer it is; undefined for the execution's own
   * @returns the timer's id, the same again when a journal is replayed
   */
  startTimer(frame: Frame | undefined, purpose: TimerPurpose, atMs: number): string {
    this.lastTimerId += 1;
    const timerId = `t${this.lastTimerId}`;
    this.timers.set(timerId, { frame, purpose, atMs });
    this.effect({ kind: "start-timer", timerId, atMs });
    return timerId;
  }

  cancelTimer(timerId: string | undefined): void {
    if (timerId !== undefined && this.timers.delete(timerId)) this.effect({ kind: "cancel-timer", timerId });
  }

  newFrame(flow: Flow, input: JsonValue, lastEventId: number, place: FramePlace): Frame {
    this.lastFrameId += 1;
    return {
      id: this.lastFrameId,
      flow,
      parent: place.parent,
      slot: place.slot,
      scope: { values: {}, outer: place.scope },
      mapItem: place.mapItem,
      state: flow.startAt,
      input,
      payload: place.payload,
      lastEventId,
      enteredId: 0,
      enteredAtMs: this.nowMs,
      attempts: NO_ATTEMPTS,
      retryCount: 0,
      wait: undefined,
      dead: false,
    };
  }

  /** Moves the frame to the state of that name. */
  goTo(frame: Frame, next: string, input: JsonValue, payload: SharedText): void {
    const { successor, next: usual } = frame.state;
    const state = (next === usual ? successor : undefined) ?? frame.flow.states.get(next);
    if (state === undefined) throw new StateError("States.Runtime", `The state '${next}' does not exist.`);
    frame.state = state;
    frame.input = input;
    frame.payload = payload;
    frame.attempts = NO_ATTEMPTS;
    frame.retryCount = 0;
    frame.wait = undefined;
    this.queue.push(frame, "enter");
  }

  /** @param outputText the output as JSON text */
  end(outcome: ExecutionOutcome, outputText?: string): void {
    this.status = outcome.status;
    this.outcome = outcome;
    this.outputText = outputText;
    this.queue.clear();
    for (const [timerId, { frame }] of this.timers) if (frame === undefined) this.cancelTimer(timerId);
    this.effect({ kind: "completed", ...outcome });
  }

  #newEventId(kind: number): number {
    if (this.lastEventId >= this.#eventsBeforeLast && !endsExecution(kind)) throw new HistoryFullError();
    this.lastEventId += 1;
    return this.lastEventId;
  }

  #settle(): Batch | Promise<Batch> {
    const drained = this.#drain(STEP_BUDGET);
    return drained instanceof Promise ? drained.then(() => this.#batch()) : this.#batch();
  }

  #batch(): Batch {
    const recorded = { timestampMs: this.nowMs, chunks: this.#recording.take() };
    const batch = new RunBatch(recorded, this.#effects, this.queue.length > 0);
    this.#effects = [];
    return batch;
  }

  #drain(budget: number): MaybePromise<undefined> {
    const { queue } = this;
    for (let left = budget; left > 0 && this.status === "RUNNING"; left -= 1) {
      const frame = queue.shift();
      if (frame === undefined) break;
      if (frame.dead) continue;
      const { action } = queue;
      const stepped = this.#step(frame, action);
      if (stepped instanceof Promise) return stepped.then(() => this.#drain(left - 1));
    }
    return undefined;
  }

  #step(frame: Frame, action: Action): MaybePromise<void> {
    try {
      const stepped = performAction(this, frame, action);
      return stepped instanceof Promise ? stepped.catch((thrown: unknown) => this.failed(frame, thrown)) : stepped;
    } catch (thrown) {
      return this.failed(frame, thrown);
    }
  }

  /** What a step threw: an error of the state, or a fault of ours that must not pass for one. */
  failed(frame: Frame, thrown: unknown): MaybePromise<void> {
    try {
      if (thrown instanceof HistoryFullError) throw thrown;
      const failed = failState(this, frame, this.asStateError(thrown));
      return failed instanceof Promise ? failed.catch((again: unknown) => this.#failIfFull(again)) : failed;
    } catch (again) {
      this.#failIfFull(again);
    }
  }

  /** The error a state fails with. @throws what is none: a fault of ours must not be caught by a definition */
  asStateError(thrown: unknown): StateError {
    if (thrown instanceof StateError) return thrown;
    // Data nested so deeply that writing it as JSON exhausts the stack.
    if (thrown instanceof RangeError) return tooDeep();
    throw thrown;
  }

  #failIfFull(thrown: unknown): void {
    if (!(thrown instanceof HistoryFullError)) throw thrown;
    this.failAll({ error: "States.Runtime", cause: HISTORY_FULL_CAUSE });
  }

  /** Fails the execution wherever it is: no state can catch it. */
  failAll({ error, cause }: Readonly<{ error: string; cause: string }>): void {
    if (this.root !== undefined) abandonBranches(this, this.root);
    this.emit("ExecutionFailed", this.lastEventId, { error, cause });
    this.end({ status: "FAILED", error, cause });
  }
}

class RunBatch implements Batch {
  readonly recorded: RecordedHistory;
  readonly effects: readonly Effect[];
  readonly more: boolean;
  #events: readonly HistoryEvent[] | undefined;

  constructor(recorded: RecordedHistory, effects: readonly Effect[], more: boolean) {
    this.recorded = recorded;
    this.effects = effects;
    this.more = more;
  }

  get events(): readonly HistoryEvent[] {
    this.#events ??= historyEvents(this.recorded);
    return this.#events;
  }
}

/** A timer without a frame is the execution's own. */
export type RunningTimer = Readonly<{ frame: Frame | undefined; purpose: TimerPurpose; atMs: number }>;
/** What happens when a timer fires; `execution` is the definition's own TimeoutSeconds. */
export type TimerPurpose = "wait" | "retry" | "timeout" | "heartbeat" | "execution";

export type FramePlace = Readonly<{
  parent: Frame | undefined;
  slot: number;
  scope: Scope | undefined;
  mapItem: JsonObject | undefined;
  /** The input's text, where it is known. */
  payload?: SharedText;
}>;
