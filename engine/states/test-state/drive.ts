/** Runs a state under test until it is left or would be retried; waits take no time, but AWS's limit counts them. */
import type { HistoryEvent } from "../history.ts";
import type { InputEvent, ScheduleTaskEffect } from "../protocol.ts";
import type { Run } from "../run/run.ts";
import type { SimulatedTask } from "../simulation/task-stub.ts";

/** A test that takes longer fails, whatever the state's Retry and Catch say. */
export const MAX_TEST_MS = 300_000;

/** The history until the state was left, or until the test's time was over. */
export type Driven = Readonly<{ events: readonly HistoryEvent[]; outOfTime: boolean }>;

/** @param task answers `out-of-time` for a task that does not end within the test's time */
export async function drive(
  run: Run,
  task: (effect: ScheduleTaskEffect) => Promise<SimulatedTask | "out-of-time">,
): Promise<Driven> {
  const events: HistoryEvent[] = [];
  const inputs: InputEvent[] = [{ kind: "start" }];
  for (let input = inputs.shift(); input !== undefined; input = inputs.shift()) {
    const batch = await run.apply(input, run.nowMs);
    events.push(...batch.events);
    for (const effect of batch.effects) {
      if (effect.kind === "start-timer" && run.timers.get(effect.timerId)?.purpose === "wait") {
        if (effect.atMs - run.nowMs > MAX_TEST_MS) return { events, outOfTime: true };
        inputs.push({ kind: "timer-fired", timerId: effect.timerId });
      } else if (effect.kind === "schedule-task") {
        const answer = await task(effect);
        if (answer === "out-of-time") return { events, outOfTime: true };
        inputs.push(taskInput(effect.taskId, answer));
      }
    }
    if (batch.more) inputs.unshift({ kind: "continue" });
  }
  return { events, outOfTime: false };
}

function taskInput(taskId: string, answer: SimulatedTask): InputEvent {
  if ("output" in answer) return { kind: "task-succeeded", taskId, output: answer.output };
  if ("timeout" in answer || "timedOut" in answer) return { kind: "task-timed-out", taskId };
  const { error, cause } = answer;
  return {
    kind: "task-failed",
    taskId,
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
}
