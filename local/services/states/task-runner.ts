/**
 * Performs the tasks executions schedule, and brings their outcomes back.
 *
 * A task is performed at least once. What it started is recognised when it is performed again after a crash: a job by the
 * name the task gave it, a nested execution and a query by a token made from the task's id.
 */
import { createHash } from "node:crypto";
import type { InputEvent, JsonValue, ScheduleTaskEffect } from "../../../engine/states/index.ts";
import { toAwsError } from "../../aws-error.ts";
import type { DeliveredEvent, HomePorts } from "../../define-service.ts";
import type { Principal } from "../../principal.ts";
import type { ActivityQueue } from "./activities/activity-queue.ts";
import type { ExecutionRecord } from "./execution-record.ts";
import type { ExecutionStore, TaskRecord } from "./execution-store.ts";
import { describeJob, perform, type Started, stopJob, type TaskCall } from "./integrations/perform.ts";
import { parseResource } from "./integrations/resource.ts";
import { jobsToldBy, syncJob } from "./integrations/sync-jobs.ts";
import { TaskFailure } from "./integrations/task-failure.ts";
import { assumeTaskRole, taskRole } from "./integrations/task-role.ts";
import { type Deliver, type RunningTask, RunningTasks, taskKey } from "./running-tasks.ts";
import { Turns } from "./turns.ts";

const STARTS_AT_ONCE = 32;

export class TaskRunner {
  readonly #home: HomePorts;
  readonly #executions: ExecutionStore;
  readonly #queue: ActivityQueue;
  readonly #running = new RunningTasks();
  /** Tasks whose outcome has come and waits to be written. */
  readonly #ending = new Set<string>();
  readonly #starts = new Turns(STARTS_AT_ONCE);
  readonly #unlisten: () => void;

  constructor(home: HomePorts, executions: ExecutionStore, queue: ActivityQueue) {
    this.#home = home;
    this.#executions = executions;
    this.#queue = queue;
    this.#unlisten = home.listen((event) => this.#heard(event));
  }

  /** @param again the task may have been performed before, by a process that has ended */
  run(record: ExecutionRecord, effect: ScheduleTaskEffect, again: boolean, deliver: Deliver): void {
    const aborter = new AbortController();
    const call: TaskCall = {
      resource: effect.resource,
      parameters: withIdempotency(record, effect),
      principal: {
        kind: "role",
        roleArn: taskRole(effect.credentials, record.roleArn),
        sessionName: sessionName(record.name),
      },
      executionArn: record.arn,
      requestId: this.#home.uuid(),
      signal: aborter.signal,
    };
    const machineRole: Principal = { kind: "role", roleArn: record.roleArn, sessionName: sessionName(record.name) };
    const running = { executionArn: record.arn, call, machineRole, effect, deliver, aborter };
    this.#running.add(running);
    void this.#perform(running, again);
  }

  /** The state stopped waiting (timeout, stop, a failed sibling): a job is asked to stop. */
  cancel(record: ExecutionRecord, taskId: string): void {
    const running = this.#running.take(record.arn, taskId);
    this.#removeRows(record.arn, taskId, running);
    if (running === undefined) return;
    running.aborter.abort();
    const { reference } = running;
    if (reference === undefined) return;
    const { signal: _ended, ...call } = running.call;
    this.#home.store.afterCommit(() => {
      stopJob(this.#home, call, reference).catch((thrown) =>
        this.#home.log("warn", "a job could not be stopped", { reference, error: String(thrown) }),
      );
    });
  }

  /**
   * The task's outcome has come: nothing is left to watch, and no other outcome counts.
   * @returns what to write together with what the outcome leads to
   */
  ending(executionArn: string, taskId: string): () => void {
    const id = taskKey(executionArn, taskId);
    const running = this.#running.take(executionArn, taskId);
    this.#ending.add(id);
    return () => {
      this.#ending.delete(id);
      this.#removeRows(executionArn, taskId, running);
    };
  }

  isEnding(executionArn: string, taskId: string): boolean {
    return this.#ending.has(taskKey(executionArn, taskId));
  }

  #removeRows(executionArn: string, taskId: string, running: RunningTask | undefined): void {
    if (running !== undefined && !hasRow(running.effect)) return;
    this.#executions.endTask(executionArn, taskId);
    this.#queue.remove(executionArn, taskId);
  }

  stop(): void {
    this.#unlisten();
    this.#running.abortAll();
  }

  async #perform(running: RunningTask, again: boolean): Promise<void> {
    const { executionArn, effect } = running;
    try {
      const known = again ? this.#executions.task(executionArn, effect.taskId) : undefined;
      if (known?.job !== undefined) return await this.#watch(running, known.job.reference);
      if (known?.submitted) return;
      if (effect.integration.kind === "activity") return this.#queue.wake(effect.integration.activityArn);
      if (effect.credentials !== undefined)
        await assumeTaskRole(this.#home, running.call.principal, running.machineRole);
      if (again && (await this.#resumeJob(running))) return;
      const started = await this.#start(running);
      if (started === undefined) return;
      if (started.kind === "output")
        return await this.#end(running, {
          kind: "task-succeeded",
          taskId: effect.taskId,
          output: json(started.output),
        });
      await this.#submitted(running, started.kind === "job" ? started : undefined, started.answer);
    } catch (thrown) {
      await this.#fail(running, thrown);
    }
  }

  /**
   * Undefined: the task was cancelled before its turn. Executions that start executions take turns: one that starts itself
   * over and over would leave no time for anything else. @throws TaskFailure
   */
  async #start({ call, aborter }: RunningTask): Promise<Started | undefined> {
    const resource = parseResource(call.resource);
    const starts = resource !== undefined && "action" in resource && resource.action === "startExecution";
    if (!starts) return await perform(this.#home, call);
    return await this.#starts.take(async () => (aborter.signal.aborted ? undefined : await perform(this.#home, call)));
  }

  async #submitted(running: RunningTask, job: TaskRecord["job"], answer: unknown): Promise<void> {
    const { executionArn, effect } = running;
    const { taskId } = effect;
    await running.deliver({ kind: "task-submitted", taskId, output: json(answer) }, () =>
      this.#executions.taskSubmitted(executionArn, taskId, job),
    );
    if (job !== undefined) await this.#watch(running, job.reference);
  }

  /** A job started before the crash, but not noted: known by the name the task gives it. */
  async #resumeJob(running: RunningTask): Promise<boolean> {
    const resource = parseResource(running.call.resource);
    const job =
      resource?.kind === "optimized" && resource.pattern.startsWith("SYNC")
        ? syncJob(resource.service, resource.action)
        : undefined;
    if (resource?.kind !== "optimized" || job === undefined) return false;
    const reference = job.reference(running.call.parameters, {});
    if (reference === "") return false;
    try {
      await describeJob(this.#home, running.call, reference);
    } catch {
      return false;
    }
    await this.#submitted(running, { service: resource.service, action: resource.action, reference }, {});
    return true;
  }

  async #watch(running: RunningTask, reference: string): Promise<void> {
    this.#running.watch(running, reference);
    const resource = parseResource(running.call.resource);
    if (resource === undefined || !("action" in resource)) return;
    const verdict = syncJob(resource.service, resource.action)?.verdict(
      await describeJob(this.#home, running.call, reference),
      resource.pattern,
    );
    if (verdict === undefined || verdict.kind === "running") return;
    if (verdict.kind === "failed") throw verdict.failure;
    await this.#end(running, {
      kind: "task-succeeded",
      taskId: running.effect.taskId,
      output: json(verdict.output),
    });
  }

  /** Any event that may tell a job's end wakes the tasks waiting for that job. */
  #heard(event: DeliveredEvent): void {
    for (const job of jobsToldBy(event.source, event["detail-type"])) {
      const reference = job.event.reference(event.detail);
      if (reference === undefined) continue;
      for (const running of this.#running.watching(reference))
        this.#watch(running, reference).catch((thrown) => this.#fail(running, thrown));
    }
  }

  async #fail(running: RunningTask, thrown: unknown): Promise<void> {
    const { taskId } = running.effect;
    if (running.aborter.signal.aborted) return;
    const failure =
      thrown instanceof TaskFailure ? thrown : new TaskFailure("States.TaskFailed", toAwsError(thrown).message);
    const input = { kind: "task-failed", taskId, error: failure.error, cause: failure.causeText } as const;
    // What could not be written is logged by whom it was delivered to, and the task is performed again after a restart.
    await this.#end(running, input).catch(() => undefined);
  }

  async #end(running: RunningTask, input: InputEvent): Promise<void> {
    if (!this.#running.has(running)) return;
    await running.deliver(input, this.ending(running.executionArn, running.effect.taskId));
  }
}

/**
 * Whether the task has a row of its own, because others end it: a token's holder, an activity's worker, a job. Of any other the
 * execution's checkpoint says all there is.
 */
export function hasRow({ integration }: ScheduleTaskEffect): boolean {
  if (integration.kind === "service") return integration.pattern !== "request-response";
  return integration.kind === "activity";
}

/** Makes starts repeatable: a nested execution gets a name and a query a token, both from the task's id. */
function withIdempotency(record: ExecutionRecord, effect: ScheduleTaskEffect): unknown {
  const resource = parseResource(effect.resource);
  const { parameters } = effect;
  if (
    resource?.kind !== "optimized" ||
    typeof parameters !== "object" ||
    parameters === null ||
    Array.isArray(parameters)
  )
    return parameters;
  if (resource.service === "states" && resource.action === "startExecution")
    return { Name: idempotencyToken(record, effect), ...parameters };
  if (resource.service === "athena" && resource.action === "startQueryExecution")
    return { ClientRequestToken: idempotencyToken(record, effect), ...parameters };
  return parameters;
}

function idempotencyToken(record: ExecutionRecord, effect: ScheduleTaskEffect): string {
  return createHash("sha256").update(`${record.arn}\n${effect.taskId}`).digest("hex").slice(0, 32);
}

function sessionName(name: string): string {
  return name.replaceAll(/[^\w+=,.@-]/g, "-").slice(0, 64);
}

/** Outputs come from JSON or from SDK shapes made JSON; this drops what JSON cannot say. */
function json(value: unknown): JsonValue {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
