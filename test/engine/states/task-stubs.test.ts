/** simulate as a unit test of a workflow uses it, by the name it is published under. */

import { simulate, TaskFailure } from "tidemill/engine";
import { describe, expect, it } from "vitest";

const CALL = "arn:aws:states:::lambda:invoke";
const SHIP = {
  QueryLanguage: "JSONata",
  StartAt: "Charge",
  States: {
    Charge: {
      Type: "Task",
      Resource: CALL,
      Arguments: { FunctionName: "charge", Payload: "{% $states.input.amount %}" },
      Next: "Ship",
    },
    Ship: {
      Type: "Task",
      Resource: "arn:aws:states:::sqs:sendMessage",
      Arguments: "{% $states.input %}",
      TimeoutSeconds: 60,
      Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 10, MaxAttempts: 2, BackoffRate: 2 }],
      Catch: [
        { ErrorEquals: ["States.Timeout"], Output: "late", Next: "Done" },
        { ErrorEquals: ["States.ALL"], Output: "{% $states.errorOutput %}", Next: "Done" },
      ],
      Next: "Done",
    },
    Done: { Type: "Succeed" },
  },
};

describe("task stubs", () => {
  it("are functions of the parameters, found by state name before resource", async () => {
    const { output, path, calls } = await simulate(SHIP, {
      input: { amount: 5 },
      tasks: { Charge: (parameters) => ({ charged: parameters }), [CALL]: () => "not asked", Ship: { Return: "sent" } },
    });
    expect(output).toBe("sent");
    expect(path).toEqual(["Charge", "Ship", "Done"]);
    expect(calls.map(({ stateName, parameters }) => [stateName, parameters])).toEqual([
      ["Charge", { FunctionName: "charge", Payload: 5 }],
      ["Ship", { charged: { FunctionName: "charge", Payload: 5 } }],
    ]);
  });

  it("answer call by call, as Step Functions Local's mocked responses do, and time passes between", async () => {
    const busy = { Throw: { Error: "Busy", Cause: "try later" } };
    const { output, durationMs, calls } = await simulate(SHIP, {
      input: { amount: 5 },
      tasks: { [CALL]: { Return: {} }, Ship: { "0-1": busy, "2": { Return: "sent" } } },
    });
    expect({ output, durationMs }).toEqual({ output: "sent", durationMs: 30_000 });
    expect(calls.map(({ retryCount }) => retryCount)).toEqual([0, 0, 1, 2]);
  });

  it.each([
    { form: "TestState's result", stub: { result: '{"id":1}' }, output: { id: 1 } },
    {
      form: "TestState's errorOutput",
      stub: { errorOutput: { error: "No", cause: "c" } },
      output: { Error: "No", Cause: "c" },
    },
    { form: "a thrown States.Timeout", stub: { Throw: { Error: "States.Timeout" } }, output: "late" },
    {
      form: "a TaskFailure of a function",
      stub: () => {
        throw new TaskFailure("No", "because");
      },
      output: { Error: "No", Cause: "because" },
    },
  ])("take $form", async ({ stub, output }) => {
    const ended = await simulate(SHIP, { input: { amount: 5 }, tasks: { Charge: { Return: {} }, Ship: stub } });
    expect(ended).toMatchObject({ status: "SUCCEEDED", output });
  });

  it("may take time, which the state's TimeoutSeconds bounds", async () => {
    const { output, durationMs } = await simulate(SHIP, {
      input: { amount: 5 },
      task: ({ stateName }) => ({ output: stateName, afterSeconds: stateName === "Charge" ? 3600 : 61 }),
    });
    expect({ output, durationMs }).toEqual({ output: "late", durationMs: 3_660_000 });
  });

  it.each([
    { wrong: "no stub for a task", tasks: { Charge: { Return: 1 } }, says: /no stub.*sqs:sendMessage.*'Ship'/ },
    {
      wrong: "too few responses",
      tasks: { Charge: { "1": { Return: 1 } } },
      says: /calls "1", but call 0 was made: add "0"/,
    },
    {
      wrong: "a number that is none",
      tasks: { Charge: { first: { Return: 1 } } },
      says: /numbered "0", "1-3".*found "first"/,
    },
    { wrong: "a range backwards", tasks: { Charge: { "3-1": { Return: 1 } } }, says: /found "3-1"/ },
    { wrong: "a result that is no JSON", tasks: { Charge: { result: "{" } }, says: /JSON text; found "\{"/ },
  ])("refuse $wrong with the state's name", async ({ tasks, says }) => {
    await expect(simulate(SHIP, { input: { amount: 5 }, tasks })).rejects.toThrow(says);
  });

  it("let a fault of the stub through, instead of failing the task with it", async () => {
    const broken = () => {
      throw new TypeError("the stub's own bug");
    };
    await expect(simulate(SHIP, { input: { amount: 5 }, tasks: { Charge: broken } })).rejects.toThrow(TypeError);
  });

  it("count each iteration of a Map for itself", async () => {
    const each = {
      StartAt: "Each",
      States: {
        Each: {
          Type: "Map",
          ItemProcessor: {
            StartAt: "Call",
            States: {
              Call: { Type: "Task", Resource: "arn:aws:lambda:us-east-1:123456789012:function:call", End: true },
            },
          },
          End: true,
        },
      },
    };
    const { output } = await simulate(each, { input: [1, 2], tasks: { Call: { "0": { Return: "same" } } } });
    expect(output).toEqual(["same", "same"]);
  });
});

describe("simulate", () => {
  it("gives history as the API answers it", async () => {
    const { history } = await simulate(SHIP, { input: { amount: 5 } });
    expect(history[0]).toMatchObject({ type: "ExecutionStarted", timestamp: new Date("2024-01-01T00:00:00Z") });
    expect(history[2]).toMatchObject({ type: "TaskScheduled", taskScheduledEventDetails: { resourceType: "lambda" } });
  });

  it("refuses to wait for ever, and says for what", async () => {
    const answer = () => ({ timeout: true }) as const;
    await expect(simulate(SHIP, { input: { amount: 5 }, task: answer })).rejects.toMatchObject({
      code: "Stuck",
      message: expect.stringContaining("'Charge' waits"),
    });
  });

  it("ends an Express loop, of which AWS's five minutes never pass", async () => {
    const choice = { Type: "Choice", Choices: [{ Variable: "$.done", IsPresent: true, Next: "C" }], Default: "B" };
    const loop = { A: choice, B: { Type: "Pass", Next: "A" }, C: { Type: "Succeed" } };
    await expect(simulate({ StartAt: "A", States: loop }, { type: "EXPRESS" })).rejects.toMatchObject({
      code: "Endless",
    });
  });

  it("draws the same for the same seed, and says what the execution is", async () => {
    const draws = {
      QueryLanguage: "JSONata",
      StartAt: "A",
      States: { A: { Type: "Pass", Output: "{% [$random(), $uuid(), $states.context.Execution.Name] %}", End: true } },
    };
    const run = (seed: string) => simulate(draws, { seed, execution: { name: "mine" } });
    const [first, same, other] = await Promise.all([run("a"), run("a"), run("b")]);
    expect(same?.output).toEqual(first?.output);
    expect(other?.output).not.toEqual(first?.output);
    expect(first?.output).toContain("mine");
  });
});
