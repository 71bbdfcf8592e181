import { describe, expect, it } from "vitest";
import type { Effect, HistoryEvent } from "../../../engine/index.ts";
import { executionOf } from "./execution-of.ts";

const CALL = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: "f" }, End: true };
const branch = (name: string, more: object) => ({ StartAt: name, States: { [name]: { ...CALL, ...more } } });

/** Starts a Parallel of the branches and lets their time pass; nobody answers the tasks. */
async function timeOut(...branches: object[]) {
  const source = { StartAt: "All", States: { All: { Type: "Parallel", Branches: branches, End: true } } };
  const execution = executionOf(source);
  const { effects } = await execution.apply({ kind: "start" }, 0);
  const [timer] = effects.filter((effect) => effect.kind === "start-timer");
  const batch = await execution.apply({ kind: "timer-fired", timerId: timer?.timerId ?? "" }, 5000);
  return { events: batch.events, effects: batch.effects, outcome: execution.outcome };
}

const types = (events: readonly HistoryEvent[]) => events.map(({ type }) => type);
const cancelled = (effects: readonly Effect[]) => effects.filter(({ kind }) => kind === "cancel-task");

describe("tasks that time out in the same instant", () => {
  it("are all recorded before the first of them fails the Parallel, and cancelled once each", async () => {
    const late = { TimeoutSeconds: 5 };
    const { events, effects, outcome } = await timeOut(branch("A", late), branch("B", late), branch("C", {}));
    expect(types(events)).toEqual([
      "TaskTimedOut",
      "TaskTimedOut",
      "TaskStateAborted",
      "TaskStateAborted",
      "TaskStateAborted",
      "ParallelStateFailed",
      "ExecutionFailed",
    ]);
    expect(cancelled(effects)).toHaveLength(3);
    expect(outcome).toEqual({ status: "FAILED", error: "States.Timeout" });
  });

  it("are each retried if their states say so", async () => {
    const retried = { TimeoutSeconds: 5, Retry: [{ ErrorEquals: ["States.Timeout"] }] };
    const { events, effects, outcome } = await timeOut(branch("A", retried), branch("B", retried));
    expect(types(events)).toEqual(["TaskTimedOut", "TaskTimedOut"]);
    expect(effects.filter(({ kind }) => kind === "start-timer")).toHaveLength(2);
    expect(outcome).toBeUndefined();
  });

  it("leave a task alone whose time is not up", async () => {
    const caught = { TimeoutSeconds: 5, Catch: [{ ErrorEquals: ["States.ALL"], Next: "Done" }] };
    const handled = branch("A", caught);
    const withHandler = { ...handled, States: { ...handled.States, Done: { Type: "Succeed" } } };
    const { effects, outcome } = await timeOut(withHandler, branch("B", { TimeoutSeconds: 6 }));
    expect(cancelled(effects)).toHaveLength(1);
    expect(outcome).toBeUndefined();
  });
});
