/**
 * Activity tasks waiting for a worker, first come first served, and workers waiting for a task.
 * A task is a row from the batch that schedules it until its state stops waiting; a worker is given it once.
 */
import { z } from "zod";
import type { ScheduleTaskEffect } from "../../../../engine/states/index.ts";
import type { HomePorts } from "../../../define-service.ts";
import type { Statement } from "../../../store/index.ts";

export interface ActivityTask {
  executionArn: string;
  taskId: string;
  token: string;
  /** JSON text. */
  input: string;
}

const Row = z.object({ execution_arn: z.string(), task_id: z.string(), token: z.string(), input: z.string() });

type Worker = (task: ActivityTask | undefined) => void;

export class ActivityQueue {
  readonly #home: HomePorts;
  readonly #sql: Record<"put" | "next" | "take" | "remove" | "removeAll", Statement>;
  readonly #workers = new Map<string, Set<Worker>>();
  /** Executions with rows here: others need no look at their end. */
  readonly #busy: Set<string>;

  constructor(home: HomePorts) {
    this.#home = home;
    const { store } = home;
    const remove = "DELETE FROM states_activity_tasks WHERE execution_arn = ?";
    this.#sql = {
      put: store.prepare(
        "INSERT INTO states_activity_tasks (activity_arn, execution_arn, task_id, token, input) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
      ),
      next: store.prepare(
        "SELECT execution_arn, task_id, token, input FROM states_activity_tasks WHERE activity_arn = ? AND taken = 0 ORDER BY sequence LIMIT 1",
      ),
      take: store.prepare("UPDATE states_activity_tasks SET taken = 1 WHERE execution_arn = ? AND task_id = ?"),
      remove: store.prepare(`${remove} AND task_id = ?`),
      removeAll: store.prepare(remove),
    };
    const executions = store.prepare("SELECT DISTINCT execution_arn FROM states_activity_tasks").all();
    this.#busy = new Set(executions.map((row) => String(row.execution_arn)));
  }

  /** In the transaction of the batch that schedules the task. */
  put(executionArn: string, { integration, taskId, taskToken = "", parameters }: ScheduleTaskEffect): void {
    if (integration.kind !== "activity") return;
    this.#busy.add(executionArn);
    this.#sql.put.run(integration.activityArn, executionArn, taskId, taskToken, JSON.stringify(parameters));
  }

  /** Once a task for it is durable. */
  wake(activityArn: string): void {
    for (const worker of this.#workers.get(activityArn) ?? []) {
      const task = this.#take(activityArn);
      if (task === undefined) return;
      worker(task);
    }
  }

  /** The next task for a worker, waiting until `untilMs` for one; undefined when none came or the worker went away. */
  next(activityArn: string, untilMs: number, signal: AbortSignal): Promise<ActivityTask | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    const waiting = this.#take(activityArn);
    if (waiting !== undefined) return Promise.resolve(waiting);
    const workers = this.#workers.get(activityArn) ?? new Set();
    this.#workers.set(activityArn, workers);
    return new Promise((resolve) => {
      const done = (task: ActivityTask | undefined) => {
        cancel();
        signal.removeEventListener("abort", gone);
        workers.delete(done);
        if (workers.size === 0) this.#workers.delete(activityArn);
        resolve(task);
      };
      const gone = () => done(undefined);
      const cancel = this.#home.clock.at(untilMs, gone);
      signal.addEventListener("abort", gone);
      workers.add(done);
    });
  }

  remove(executionArn: string, taskId: string): void {
    if (this.#busy.has(executionArn)) this.#sql.remove.run(executionArn, taskId);
  }

  removeAll(executionArn: string): void {
    if (this.#busy.delete(executionArn)) this.#sql.removeAll.run(executionArn);
  }

  #take(activityArn: string): ActivityTask | undefined {
    const row = this.#sql.next.get(activityArn);
    if (row === undefined) return undefined;
    const { execution_arn: executionArn, task_id: taskId, token, input } = Row.parse(row);
    this.#sql.take.run(executionArn, taskId);
    return { executionArn, taskId, token, input };
  }
}
