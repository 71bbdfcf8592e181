/** What Parallel branches and Map iterations leave in history, event by event, as AWS was seen to write it. */
import { describe, expect, it } from "vitest";
import { type Simulation, simulate } from "../../../engine/index.ts";

const flow = (name: string, state: object) => ({ StartAt: name, States: { [name]: { ...state } } });
const chain = (history: Simulation["history"]) =>
  history.map(({ type, previousEventId }) => `${type} ${previousEventId}`).slice(2);

const KEEP = flow("Keep", { Type: "Pass", End: true });
const SEND = { Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage", End: true };
const MISSING = flow("Bad", { Type: "Pass", Parameters: { "m.$": "$.nope" }, End: true });
const CALL = flow("Send", { ...SEND, Parameters: { QueueUrl: "q", MessageBody: "hi" } });
const CALL_MISSING = flow("Send", { ...SEND, Parameters: { "QueueUrl.$": "$.nope", MessageBody: "hi" } });
const UNDEFINED = { Type: "Pass", QueryLanguage: "JSONata", Output: "{% $states.input.none %}", End: true };

const parallel = (branch: object, more: object = {}) => ({ Type: "Parallel", Branches: [branch], End: true, ...more });
const map = (processor: object) => ({
  Type: "Map",
  ItemsPath: "$.items",
  MaxConcurrency: 1,
  ItemProcessor: processor,
  End: true,
});

describe("history", () => {
  it.each([
    {
      of: "a path that finds nothing in a branch: the execution fails at once",
      state: parallel(MISSING),
      events: ["ParallelStateStarted 2", "PassStateEntered 3", "ExecutionFailed 4"],
    },
    {
      of: "the same before a branch's task is called: there is nothing to abort",
      state: parallel(CALL_MISSING),
      events: ["ParallelStateStarted 2", "TaskStateEntered 3", "ExecutionFailed 4"],
    },
    {
      of: "the same in a Map's iteration: the iteration's failure is not told",
      state: map(MISSING),
      events: ["MapStateStarted 2", "MapIterationStarted 3", "PassStateEntered 4", "ExecutionFailed 5"],
    },
    {
      of: "a task that fails in a branch",
      state: parallel(CALL),
      events: [
        ...["ParallelStateStarted 2", "TaskStateEntered 3", "TaskScheduled 4", "TaskStarted 5", "TaskFailed 6"],
        ...["TaskStateAborted 7", "ParallelStateFailed 7", "ExecutionFailed 9"],
      ],
    },
    {
      of: "an expression that fails in a Map's iteration",
      state: map(flow("Bad", UNDEFINED)),
      events: [
        ...["MapStateStarted 2", "MapIterationStarted 3", "PassStateEntered 4", "EvaluationFailed 5"],
        ...["MapIterationFailed 6", "MapStateFailed 6", "ExecutionFailed 8"],
      ],
    },
    {
      of: "a Parallel whose own output fails after its branches have succeeded",
      state: parallel(KEEP, { ResultSelector: { "m.$": "$.nope" } }),
      events: [
        ...["ParallelStateStarted 2", "PassStateEntered 3", "PassStateExited 4", "ParallelStateSucceeded 5"],
        "ExecutionFailed 6",
      ],
    },
    {
      of: "a Map over nothing",
      state: { ...map(KEEP), ItemsPath: "$.none" },
      events: ["MapStateStarted 2", "MapStateSucceeded 3", "MapStateExited 3", "ExecutionSucceeded 5"],
    },
  ])("of $of", async ({ state, events }) => {
    const { history } = await simulate(JSON.stringify(flow("First", state)), {
      input: { items: [1, 2], none: [] },
      task: () => ({ failed: true, error: "Down" }),
    });
    expect(chain(history)).toEqual(events);
  });
});

// As recorded on AWS in September 2026: the second of two iterations fails while the first is still at work.
it("a Map tells how its iterations ended in their order, whichever failed", async () => {
  const activity = { Type: "Task", Resource: "arn:aws:states:us-east-1:123456789012:activity:a", End: true };
  const state = { ...map(flow("Item", activity)), MaxConcurrency: 2 };
  const { history } = await simulate(JSON.stringify(flow("First", state)), {
    input: { items: ["left", "right"] },
    task: ({ parameters }) =>
      parameters === "right" ? { failed: true, error: "Down", afterSeconds: 1 } : { output: null, afterSeconds: 2 },
  });
  const failed = history.findIndex(({ type }) => type === "ActivityFailed");
  const ends = history.slice(failed + 1).map(({ type, previousEventId }) => [type, previousEventId]);
  const at = history[failed]?.id;
  expect(ends).toEqual([
    ["MapIterationAborted", at],
    ["TaskStateAborted", at],
    ["MapIterationFailed", at],
    ["TaskStateAborted", at],
    ["MapStateFailed", at],
    ["ExecutionFailed", Number(at) + 5],
  ]);
});
