/** The tasks under way, also by the job they watch: any execution's end is an event, and asks who watches for it. */
import type { InputEvent, ScheduleTaskEffect } from "../../../engine/states/index.ts";
import type { Principal } from "../../principal.ts";
import type { TaskCall } from "./integrations/perform.ts";

/** @param alongside writes the rows that belong to the input, with what it leads to */
export type Deliver = (input: InputEvent, alongside: () => void) => Promise<void>;

export interface RunningTask {
  readonly executionArn: string;
  readonly call: TaskCall;
  /** Of the state machine; the call's own principal may be the role of the task's Credentials. */
  readonly machineRole: Principal;
  readonly effect: ScheduleTaskEffect;
  readonly deliver: Deliver;
  readonly aborter: AbortController;
  /** Set once the task is a job that is watched. */
  reference?: string;
}

export class RunningTasks {
  readonly #tasks = new Map<string, RunningTask>();
  readonly #watching = new Map<string, Set<RunningTask>>();

  add(task: RunningTask): void {
    this.#tasks.set(taskKey(task.executionArn, task.effect.taskId), task);
  }

  has(task: RunningTask): boolean {
    return this.#tasks.get(taskKey(task.executionArn, task.effect.taskId)) === task;
  }

  /** Takes a task out: it is not under way any more. */
  take(executionArn: string, taskId: string): RunningTask | undefined {
    const key = taskKey(executionArn, taskId);
    const task = this.#tasks.get(key);
    if (task === undefined) return undefined;
    this.#tasks.delete(key);
    this.#unwatch(task);
    return task;
  }

  /** The task is a job now, unless it is not under way any more. */
  watch(task: RunningTask, reference: string): void {
    if (!this.has(task)) return;
    this.#unwatch(task);
    task.reference = reference;
    const others = this.#watching.get(reference);
    if (others === undefined) this.#watching.set(reference, new Set([task]));
    else others.add(task);
  }

  watching(reference: string): readonly RunningTask[] {
    return [...(this.#watching.get(reference) ?? [])];
  }

  abortAll(): void {
    for (const { aborter } of this.#tasks.values()) aborter.abort();
    this.#tasks.clear();
    this.#watching.clear();
  }

  #unwatch(task: RunningTask): void {
    if (task.reference === undefined) return;
    const others = this.#watching.get(task.reference);
    others?.delete(task);
    if (others?.size === 0) this.#watching.delete(task.reference);
  }
}

export function taskKey(executionArn: string, taskId: string): string {
  return `${executionArn}\n${taskId}`;
}
