/**
 * Drives executions over the engine: one input at a time, rows before effects.
 *
 *   X1. What an input brought about (events, checkpoint, tasks, end) is written in one transaction; effects wait for the commit.
 *   X2. An input's promise resolves once it is written, so an API call that carried it can be acknowledged. Rows that say it
 *       has come (a token is used up, a job was submitted) are written in the same transaction, never before: a crash
 *       while it waits its turn would else leave a token used up whose outcome nobody has.
 *   X3. After a restart every running execution is restored from its checkpoint and its pending effects performed again,
 *       with the ids they had. What comes for one of them before waits for that; what is started before is not taken for one.
 *   X4. A synchronous execution leaves no row: whoever waits for it is gone when the process is. Express ones leave no history.
 */
import {
  type Batch,
  type Execution,
  type ExecutionPorts,
  type InputEvent,
  type JsonValue,
  restoreExecution,
  startExecution,
} from "../../../engine/states/index.ts";
import type { HomePorts } from "../../define-service.ts";
import type { ActivityQueue } from "./activities/activity-queue.ts";
import type { ActivityStore } from "./activities/activity-store.ts";
import { machineName, parentMachineArn } from "./arns.ts";
import { CheckpointParts } from "./checkpoint-parts.ts";
import { Checkpoints } from "./checkpoints.ts";
import { whileDeleting } from "./deletion.ts";
import { executionEvent } from "./execution-events.ts";
import type { ExecutionRecord } from "./execution-record.ts";
import type { ExecutionStore } from "./execution-store.ts";
import type { Arrival, Live } from "./live-execution.ts";
import type { HistoryLogs } from "./logging/history-logs.ts";
import type { MachineStore } from "./machine-store.ts";
import type { MapRunStore } from "./map-runs/map-run-store.ts";
import { MapRuns } from "./map-runs/map-runs.ts";
import { hasRow, type TaskRunner } from "./task-runner.ts";

/** Inputs of one execution before others have their turn. */
const TAKEN_AT_ONCE = 32;

export interface RunnerParts {
  home: HomePorts;
  machines: MachineStore;
  executions: ExecutionStore;
  mapRuns: MapRunStore;
  activities: ActivityStore;
  queue: ActivityQueue;
  logs: HistoryLogs;
}

export class ExecutionRunner {
  readonly #parts: RunnerParts;
  readonly #tasks: TaskRunner;
  readonly #maps: MapRuns;
  readonly #checkpoints: Checkpoints;
  readonly #live = new Map<string, Live>();
  readonly #ports: ExecutionPorts;
  readonly #recovered = Promise.withResolvers<void>();
  #isRecovered = false;
  #stopped = false;

  constructor(parts: RunnerParts, tasks: TaskRunner) {
    this.#parts = parts;
    this.#tasks = tasks;
    this.#ports = { activityExists: (arn) => parts.activities.find(arn) !== undefined };
    this.#maps = new MapRuns(parts.home, parts.executions, parts.mapRuns, () => this);
    this.#checkpoints = new Checkpoints(parts.home, parts.executions, (arn, cause) =>
      this.#tell(arn, { kind: "fail", error: "States.DataLimitExceeded", cause }),
    );
  }

  /** Executions that run, or wait. */
  get open(): number {
    return this.#live.size;
  }

  /** Starts an execution; resolves once its row and first batch are written. @param input what record.input says */
  start(record: ExecutionRecord, input: JsonValue): Promise<void> {
    this.#begin(record, input, { inserted: false });
    this.#parts.home.foresee(this.#parts.machines.foreseen(record.revision));
    return this.input(record.arn, { kind: "start" });
  }

  /** Runs an execution whose caller waits; resolves with its record once it has ended. */
  runToEnd(record: ExecutionRecord, input: JsonValue): Promise<ExecutionRecord> {
    const waiter = Promise.withResolvers<ExecutionRecord>();
    this.#begin(record, input, { inserted: true, waiter });
    this.input(record.arn, { kind: "start" }).catch(waiter.reject);
    return waiter.promise;
  }

  /** Runs an unsuccessful execution again from where it failed. @param token the caller's, which makes a repeated call the same redrive */
  redrive(arn: string, nowMs: number, token?: string): Promise<void> {
    const { executions, home } = this.#parts;
    home.store.transaction(() => {
      executions.redrive(arn, nowMs, token);
      const record = executions.find(arn);
      if (record !== undefined) this.#announce(record);
    });
    return this.input(arn, { kind: "redrive" });
  }

  /**
   * Takes in an input; resolves once what it led to is written. An execution that has ended ignores it.
   * @param alongside writes rows that belong to the input, in the transaction of what it led to
   */
  input(arn: string, input: InputEvent, alongside?: () => void): Promise<void> {
    if (this.#waitsForRecovery(arn, input))
      return this.#recovered.promise.then(() => this.input(arn, input, alongside));
    const live = this.#live.get(arn) ?? this.#restore(arn, input.kind === "redrive");
    if (this.#stopped) return Promise.resolve();
    if (live === undefined) {
      alongside?.();
      return Promise.resolve();
    }
    return new Promise((written, refused) => {
      live.queue.push({ input, alongside, written, refused });
      if (!live.draining) void this.#drain(live);
    });
  }

  /** After a restart: every running execution goes on. One that cannot be read stays as it is, and holds up no other. */
  recover(): void {
    for (const arn of this.#parts.executions.runningArns()) {
      // Services that started before may have started it just now.
      if (this.#live.has(arn)) continue;
      try {
        this.#resume(arn);
      } catch (thrown) {
        const message =
          "a running execution could not be read; it stays as it is: go on with the version that wrote it";
        this.#parts.home.log("error", message, { execution: arn, error: String(thrown) });
      }
    }
    this.#isRecovered = true;
    this.#recovered.resolve();
  }

  /** Whether the execution is an earlier home's whose effects are not performed again yet. */
  #waitsForRecovery(arn: string, input: InputEvent): boolean {
    if (this.#isRecovered || this.#live.has(arn) || input.kind === "redrive") return false;
    return this.#parts.executions.find(arn)?.status === "RUNNING";
  }

  #resume(arn: string): void {
    const live = this.#restore(arn, false);
    if (live === undefined) return;
    if (live.execution.lastEventId === 0) this.#tell(arn, { kind: "start" });
    else this.#perform(live, live.execution.pendingEffects(), true);
  }

  stop(): void {
    this.#stopped = true;
    for (const live of this.#live.values()) for (const cancel of live.timers.values()) cancel();
    this.#tasks.stop();
    this.#maps.stop();
  }

  /** EventBridge hears of Standard executions, not of Express ones nor of a map run's children. */
  #announce(record: ExecutionRecord): void {
    if (record.type === "STANDARD" && record.mapRunArn === undefined)
      this.#parts.home.emit(executionEvent(record, this.#parts.home.clock.now()));
  }

  #begin(
    record: ExecutionRecord,
    input: JsonValue,
    more: Pick<Live, "inserted"> & Partial<Pick<Live, "waiter">>,
  ): Live {
    const { machines, home } = this.#parts;
    const execution = startExecution(machines.compiled(record.revision, record.flow), {
      input,
      execution: { id: record.arn, name: record.name, roleArn: record.roleArn, startTimeMs: record.startMs },
      stateMachine: { id: record.machineArn, name: machineName(parentMachineArn(record.machineArn)) },
      seed: record.seed,
      region: home.region,
      accountId: home.accountId,
      ...(more.waiter === undefined ? {} : { synchronous: true }),
      ...this.#ports,
    });
    const held = new CheckpointParts(this.#parts.executions.parts(record.arn));
    return this.#keep(record, execution, held, more);
  }

  #keep(
    record: ExecutionRecord,
    execution: Execution,
    parts: CheckpointParts,
    { inserted, waiter }: Pick<Live, "inserted"> & Partial<Pick<Live, "waiter">>,
  ): Live {
    const machineArn = record.mapRunArn === undefined ? record.machineArn : parentMachineArn(record.machineArn);
    const logTarget = this.#parts.machines.find(machineArn)?.logTarget;
    const live = {
      record,
      machineArn,
      execution,
      parts,
      queue: [],
      draining: false,
      inserted,
      timers: new Map(),
      logTarget,
      waiter,
    };
    this.#live.set(record.arn, live);
    return live;
  }

  #restore(arn: string, ended: boolean): Live | undefined {
    const { executions, machines } = this.#parts;
    const record = executions.find(arn);
    if (record === undefined || (record.status !== "RUNNING" && !ended)) return undefined;
    const checkpoint = executions.checkpoint(arn);
    // Its process ended while the first step was still evaluating.
    if (checkpoint === undefined) return this.#begin(record, JSON.parse(record.input), { inserted: true });
    const parts = new CheckpointParts(executions.parts(arn)).read();
    const execution = restoreExecution(machines.compiled(record.revision, record.flow), checkpoint, {
      ...this.#ports,
      parts,
    });
    return this.#keep(record, execution, parts, { inserted: true });
  }

  async #drain(live: Live): Promise<void> {
    live.draining = true;
    let taken = 0;
    for (let next = live.queue.shift(); next !== undefined; next = live.queue.shift()) {
      try {
        const isDeleting = this.#parts.machines.isDeleting(live.machineArn);
        const input = isDeleting ? whileDeleting(live.machineArn, next.input) : next.input;
        const applied = live.execution.apply(input, this.#parts.home.clock.now());
        if (applied instanceof Promise && !live.inserted) this.#insert(live);
        const batch = applied instanceof Promise ? await applied : applied;
        // The store is closed: what is not written was not acknowledged, and comes again.
        if (this.#stopped) return;
        this.#write(live, batch, next.alongside);
        next.written();
        taken += 1;
        if (batch.more) live.queue.unshift(quietly({ kind: "continue" }));
        if (batch.more || taken % TAKEN_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
      } catch (thrown) {
        live.parts.undone();
        this.#parts.home.log("error", "an execution could not take in an input", {
          execution: live.record.arn,
          input: next.input.kind,
          error: String(thrown),
        });
        next.refused(thrown);
        live.waiter?.reject(thrown);
      }
    }
    live.draining = false;
    if (live.execution.status !== "RUNNING" || !live.inserted) this.#live.delete(live.record.arn);
  }

  #write(live: Live, batch: Batch, alongside: Arrival["alongside"]): void {
    const { home, logs } = this.#parts;
    const { record, execution, logTarget } = live;
    const ended = execution.status !== "RUNNING";
    if (live.waiter === undefined) {
      home.store.transaction(() => {
        alongside?.();
        this.#writeRows(live, batch, ended);
      });
    } else {
      alongside?.();
      if (ended) this.#close(live);
    }
    live.inserted = true;
    if (logTarget !== undefined) {
      const { events } = batch;
      home.store.afterCommit(() => logs.write(logTarget, record, events));
    }
    const { effects } = batch;
    const justEnded = effects.length === 1 && effects[0]?.kind === "completed" && live.timers.size === 0;
    if (effects.length > 0 && !justEnded) this.#performAfterCommit(live, effects);
    if (ended) live.waiter?.resolve(record);
  }

  #writeRows(live: Live, batch: Batch, ended: boolean): void {
    const { executions, queue } = this.#parts;
    const { record, execution } = live;
    const first = !live.inserted;
    const express = record.type === "EXPRESS";
    if (first) this.#announce(record);
    if (ended) this.#close(live);
    // Of an Express execution nothing is left but its logs, unless a map run still has to gather its result.
    const isGone = ended && express && record.mapRunArn === undefined;
    const isDone = isGone || execution.status === "SUCCEEDED";
    if (isDone) this.#checkpoints.drop(live);
    const text = () => (isDone ? undefined : this.#checkpoints.text(live));
    if (isGone) executions.remove(record.arn);
    else if (first) executions.insert(record, text());
    else if (ended) executions.end(record, text());
    else this.#checkpoints.changed(live);
    if (!express) executions.appendHistory(record.arn, batch.recorded);
    for (const effect of batch.effects) {
      if (effect.kind === "schedule-task" && !ended) {
        if (hasRow(effect)) executions.putTask(record.arn, effect.taskId, effect.taskToken);
        if (effect.integration.kind === "activity") queue.put(record.arn, effect);
      }
      if (effect.kind === "cancel-task") this.#tasks.cancel(record, effect.taskId);
      if ("mapRunId" in effect) this.#maps.record(record, effect);
    }
    if (ended) this.#ended(live);
  }

  #ended({ record, machineArn }: Live): void {
    this.#parts.queue.removeAll(record.arn);
    this.#announce(record);
    if (record.mapRunArn !== undefined) this.#maps.childEnded(record);
    this.#parts.machines.finishDeleting(machineArn);
  }

  /** By itself, so that only the effects are kept until then: the batch's history, which is most of it, is written. */
  #performAfterCommit(live: Live, effects: Batch["effects"]): void {
    this.#parts.home.store.afterCommit(() => this.#perform(live, effects, false));
  }

  /** The row of an execution whose first step has to wait for an evaluation: it exists from now on. */
  #insert(live: Live): void {
    const { executions, home } = this.#parts;
    home.store.transaction(() => {
      this.#announce(live.record);
      executions.insert(live.record);
    });
    live.inserted = true;
  }

  /** Notes the end in the record. */
  #close({ record, execution }: Live): void {
    const { status, outcome } = execution;
    record.status = status;
    record.stopMs = this.#parts.home.clock.now();
    record.output = execution.outputText;
    record.error = outcome?.error;
    record.cause = outcome?.cause;
  }

  #perform(live: Live, effects: Batch["effects"], again: boolean): void {
    if (this.#stopped) return;
    const { arn } = live.record;
    for (const effect of effects) {
      switch (effect.kind) {
        case "schedule-task":
          this.#tasks.run(live.record, effect, again, (input, alongside) => this.input(arn, input, alongside));
          break;
        case "start-timer":
          live.timers.set(
            effect.timerId,
            this.#parts.home.clock.at(effect.atMs, () => this.#fire(live, effect.timerId)),
          );
          break;
        case "cancel-timer":
          live.timers.get(effect.timerId)?.();
          live.timers.delete(effect.timerId);
          break;
        case "completed":
          for (const cancel of live.timers.values()) cancel();
          live.timers.clear();
          break;
        case "cancel-task":
          break;
        default:
          this.#maps.perform(live.record, effect);
      }
    }
  }

  #fire(live: Live, timerId: string): void {
    live.timers.delete(timerId);
    this.#tell(live.record.arn, { kind: "timer-fired", timerId });
  }

  /** An input nobody waits for; what it could not lead to is logged. */
  #tell(arn: string, input: InputEvent): void {
    this.input(arn, input).catch(() => undefined);
  }
}

/** An input nobody waits for. */
function quietly(input: InputEvent): Arrival {
  return { input, alongside: undefined, written: () => undefined, refused: () => undefined };
}
