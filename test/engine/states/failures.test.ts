/** Failures where one does not expect them, and what they leave in history. */
import { describe, expect, it } from "vitest";
import { type Simulation, simulate } from "../../../engine/index.ts";
import { executionOf } from "./execution-of.ts";

const CALL = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Arguments: { FunctionName: "f" } };
/** Each event with its id before it and behind it the one that it points at. */
const chain = (history: Simulation["history"]) =>
  history.map(({ id, type, previousEventId }) => `${id} ${type} ${previousEventId}`);
const text = (states: object) => JSON.stringify({ QueryLanguage: "JSONata", StartAt: "First", States: states });

describe("a catcher", () => {
  it.each([
    { field: "Output", expression: "{% $nothing %}" },
    { field: "Output", expression: "{% $sum('needs the evaluator') %}" },
    { field: "Assign", expression: { kept: "{% $nothing %}" } },
  ])("whose $field fails ($expression) fails the execution, and is not asked again", async ({ field, expression }) => {
    const catcher = { ErrorEquals: ["States.ALL"], [field]: expression, Next: "Last" };
    const { status, error, history } = await simulate(
      text({ First: { ...CALL, Catch: [catcher], Next: "Last" }, Last: { Type: "Succeed" } }),
      { task: () => ({ failed: true, error: "Down" }) },
    );
    expect({ status, error }).toEqual({ status: "FAILED", error: "States.QueryEvaluationError" });
    expect(history.map(({ type }) => type).slice(-2)).toEqual(["EvaluationFailed", "ExecutionFailed"]);
  });

  it("that fails makes its Parallel fail a second time, from where it stood before the first", async () => {
    const branch = { StartAt: "Boom", States: { Boom: { Type: "Fail", Error: "Mine", Cause: "my cause" } } };
    const Catch = [
      { ErrorEquals: ["Other"], Next: "Last" },
      { ErrorEquals: ["States.ALL"], Output: { v: "{% $states.input.missing %}" }, Next: "Last" },
    ];
    const { history } = await simulate(
      text({ First: { Type: "Parallel", Branches: [branch], Catch, Next: "Last" }, Last: { Type: "Succeed" } }),
    );
    expect(chain(history).slice(3)).toEqual([
      "4 FailStateEntered 3",
      "5 ParallelStateFailed 4",
      "6 EvaluationFailed 4",
      "7 ParallelStateFailed 6",
      "8 ExecutionFailed 7",
    ]);
    expect(history.at(5)?.evaluationFailedEventDetails).toMatchObject({
      location: "Catch[1]/Output/v",
      state: "First",
    });
  });
});

describe("an expression that fails", () => {
  it("is an event that follows the state's own, once for each attempt", async () => {
    const Retry = [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }];
    const task = {
      ...CALL,
      Arguments: { FunctionName: "f", Payload: "{% $states.input.missing %}" },
      Retry,
      End: true,
    };
    expect(chain((await simulate(text({ First: task }))).history)).toEqual([
      "1 ExecutionStarted 0",
      "2 TaskStateEntered 0",
      "3 EvaluationFailed 2",
      "4 EvaluationFailed 3",
      "5 ExecutionFailed 4",
    ]);
  });

  it.each(["Output", "Assign"])("is found in the %s of the rule that was chosen", async (field) => {
    const rule = { Condition: true, [field]: { v: "{% $nothing %}" }, Next: "Last" };
    const Choices = [{ Condition: false, Next: "Last" }, rule];
    const { history } = await simulate(text({ First: { Type: "Choice", Choices }, Last: { Type: "Succeed" } }));
    expect(history.at(2)?.evaluationFailedEventDetails).toMatchObject({ location: `Choices[1]/${field}/v` });
  });

  it.each([
    [{ ItemBatcher: { MaxItemsPerBatch: "{% 'x' %}" } }, "ItemBatcher/MaxItemsPerBatch"],
    [{ ItemReader: { ReaderConfig: { MaxItems: "{% 'x' %}" } } }, "ItemReader/ReaderConfig/MaxItems"],
  ])("places a number that a Map has deeper in: %j", async (fields, location) => {
    const ItemReader = { Resource: "arn:aws:states:::s3:getObject", Arguments: { Bucket: "b", Key: "k" } };
    const flow = { StartAt: "P", States: { P: { Type: "Pass", End: true } } };
    const All = {
      Type: "Map",
      ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...flow },
      End: true,
      ...fields,
      ...("ItemReader" in fields ? { ItemReader: { ...ItemReader, ...fields.ItemReader } } : {}),
    };
    const { cause, history } = await simulate(
      JSON.stringify({ QueryLanguage: "JSONata", StartAt: "All", States: { All } }),
      { input: [1] },
    );
    expect(cause).toContain(`specified for the field '${location}' returned an unexpected result type.`);
    expect(history.find(({ type }) => type === "EvaluationFailed")?.evaluationFailedEventDetails).toMatchObject({
      location,
    });
  });
});

describe("a Choice that no rule matches", () => {
  it("fails with States.Runtime, also inside a Parallel that would catch everything", async () => {
    const choose = { Type: "Choice", Choices: [{ Condition: false, Next: "After" }] };
    const branch = { StartAt: "Choose", States: { Choose: choose, After: { Type: "Succeed" } } };
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Last" }];
    const { error, cause } = await simulate(
      text({ First: { Type: "Parallel", Branches: [branch], Catch, Next: "Last" }, Last: { Type: "Succeed" } }),
    );
    const where = "An error occurred while executing the state 'Choose' (entered at the event id #4). ";
    const why = "Failed to transition out of the state. The state does not point to a next state.";
    expect({ error, cause }).toEqual({ error: "States.Runtime", cause: where + why });
  });
});

describe("a task that sends no heartbeat", () => {
  it.each([
    { name: "States.HeartbeatTimeout", caught: true },
    { name: "States.Timeout", caught: true },
    { name: "States.TaskFailed", caught: false },
  ])("is caught as $name: $caught", async ({ name, caught }) => {
    const Catch = [{ ErrorEquals: [name], Next: "Last" }];
    const task = { ...CALL, Resource: `${CALL.Resource}.waitForTaskToken`, HeartbeatSeconds: 1, TimeoutSeconds: 9 };
    const { status, output, error } = await simulate(
      text({ First: { ...task, Arguments: { FunctionName: "f" }, Catch, Next: "Last" }, Last: { Type: "Succeed" } }),
      { task: () => ({ timeout: true }) },
    );
    expect({ status, output, error }).toEqual(
      caught
        ? { status: "SUCCEEDED", output: { Error: "States.Timeout", Cause: "" }, error: undefined }
        : { status: "FAILED", output: undefined, error: "States.Timeout" },
    );
  });
});

describe("an ItemSelector that fails for a later item", () => {
  const each = {
    Type: "Map",
    Items: "{% $states.input %}",
    MaxConcurrency: 1,
    ItemSelector: { n: "{% $states.context.Map.Item.Value.n %}" },

    Catch: [{ ErrorEquals: ["States.ALL"], Output: "{% $states.context.State.Name %}", Next: "Last" }],
    Next: "Last",
  };
  const inner = { ...CALL, Catch: [{ ErrorEquals: ["States.ALL"], Next: "After" }], Next: "After" };
  const flow = { StartAt: "Call", States: { Call: inner, After: { Type: "Pass", End: true } } };

  it("fails the Map and not the iteration that ended before it", async () => {
    const { output } = await simulate(text({ First: { ...each, ItemProcessor: flow }, Last: { Type: "Succeed" } }), {
      input: [{ n: 1 }, {}],
    });
    expect(output).toBe("First");
  });

  it("lets a redrive run the Map again", async () => {
    const { Catch: _catch, ...uncaught } = each;
    const execution = executionOf(text({ First: { ...uncaught, ItemProcessor: flow }, Last: { Type: "Succeed" } }), [
      {},
    ]);
    await execution.apply({ kind: "start" }, 0);
    expect(execution.status).toBe("FAILED");
    await execution.apply({ kind: "redrive" }, 1);
    expect(execution.outcome).toMatchObject({ status: "FAILED", error: "States.QueryEvaluationError" });
  });
});
