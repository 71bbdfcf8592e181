import { describe, expect, it } from "vitest";
import { type TestStateRequest, testState } from "../../../engine/index.ts";

const tested = (state: object, rest: Partial<TestStateRequest> = {}) =>
  testState(
    { definition: JSON.stringify(state), inspectionLevel: "DEBUG", ...rest },
    { nowMs: 0, seed: "s", task: () => ({ output: null }) },
  );
const INNER = { StartAt: "I", States: { I: { Type: "Pass", End: true } } };
const DISTRIBUTED = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...INNER };
const mapped = (fields: object) => ({ Type: "Map", ItemProcessor: DISTRIBUTED, End: true, ...fields });
const RESULT = { result: "[1, 2, 3]" };
const input = JSON.stringify({ list: [1, 2, 3], own: "o" });

describe("TestState of a mocked Map", () => {
  it("shows what each iteration would have been given", async () => {
    const fields = {
      QueryLanguage: "JSONata",
      Items: "{% $states.input.list %}",
      ItemSelector: { at: "{% $states.context.Map.Item.Index %}", own: "{% $states.input.own %}" },
    };
    const { inspectionData } = await tested(mapped(fields), { input, mock: RESULT });
    expect(inspectionData?.afterItemSelector).toEqual([0, 1, 2].map((at) => ({ at, own: "o" })));
    expect(inspectionData).not.toHaveProperty("afterItemBatcher");
  });

  it("knows the item also in a context object that was given", async () => {
    const fields = {
      ItemsPath: "$.list",
      ItemSelector: { "value.$": "$$.Map.Item.Value", "name.$": "$$.Execution.Name" },
    };
    const context = JSON.stringify({ Execution: { Name: "n" } });
    const { inspectionData } = await tested(mapped(fields), { input, context, mock: RESULT });
    expect(inspectionData?.afterItemSelector).toEqual([1, 2, 3].map((value) => ({ value, name: "n" })));
  });

  it("shows the batches", async () => {
    const fields = { ItemsPath: "$.list", ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { "own.$": "$.own" } } };
    const { inspectionData } = await tested(mapped(fields), { input, mock: { result: "[1,2]" } });
    const batch = (...Items: string[]) => ({ Items, BatchInput: { own: "o" } });
    expect(inspectionData?.afterItemBatcher).toEqual([batch("1", "2"), batch("3")]);
  });

  // What AWS answered in September 2026 (docs/decisions/0056).
  it.each([
    { result: "[1,2]", count: undefined, message: "Input array does not equal the mocked result array's size" },
    {
      result: "[1,2,3]",
      count: 4,
      message: "Map iteration failure count must be less than or equal to the number of Map iterations",
    },
  ])("refuses a result $result and $count failures for three iterations", async ({ result, count, message }) => {
    const stateConfiguration = { mapIterationFailureCount: count };
    const tests = tested(mapped({ ItemsPath: "$.list" }), { input, mock: { result }, stateConfiguration });
    await expect(tests).rejects.toMatchObject({ code: "ValidationException", message });
  });

  it("judges the failures before the result's length", async () => {
    const fields = { ItemsPath: "$.list", ToleratedFailureCount: 1 };
    const stateConfiguration = { mapIterationFailureCount: 2 };
    const answer = await tested(mapped(fields), { input, mock: { result: "[]" }, stateConfiguration });
    expect(answer).toMatchObject({ status: "FAILED", error: "States.ExceedToleratedFailureThreshold" });
  });

  it("needs the data of an ItemReader", async () => {
    const ItemReader = { Resource: "arn:aws:states:::s3:getObject", Parameters: { Bucket: "b", Key: "k" } };
    await expect(tested(mapped({ ItemReader }), { mock: RESULT })).rejects.toMatchObject({
      message: "ItemReader data must be specified when testing a Map state with ItemReader specified.",
    });
  });

  it("fails for thresholds that a map run would not take", async () => {
    const fields = { ItemsPath: "$.list", ToleratedFailureCountPath: "$.count" };
    const answer = await tested(mapped(fields), { input: '{"list":[],"count":-1}', mock: RESULT });
    expect(answer).toMatchObject({
      status: "FAILED",
      error: "States.Runtime",
      cause: expect.stringMatching(/ToleratedFailureCount cannot be negative\.$/),
    });
  });

  it("fails for an item selector that cannot be evaluated", async () => {
    const fields = { ItemsPath: "$.list", ItemSelector: { "none.$": "$.none" } };
    const answer = await tested(mapped(fields), { input, mock: RESULT });
    expect(answer).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  });
});

it("TestState tells a cause without the state's place", async () => {
  const answer = await tested({ Type: "Pass", InputPath: "$.missing", End: true }, { input: "{}" });
  expect(answer).toMatchObject({ cause: "Invalid path '$.missing' : No results for path: $['missing']" });
});

it("TestState shows variables as they are after the state", async () => {
  const state = { Type: "Pass", QueryLanguage: "JSONata", Assign: { made: "{% $given + 1 %}" }, Next: "N" };
  const { inspectionData } = await tested(state, { variables: '{"given":1}' });
  expect(inspectionData?.variables).toEqual({ given: 1, made: 2 });
});

const SUCCEED = { Type: "Succeed" };
const TASK = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: "f" }, End: true };
it.each([
  {
    state: SUCCEED,
    rest: { context: "{}" },
    message: "TestState does not support Context when a mock is not specified.",
  },
  {
    state: SUCCEED,
    rest: { stateConfiguration: { retrierRetryCount: 1 } },
    message: "TestState does not support RetrierRetryCount when a mock is not specified.",
  },
  {
    state: TASK,
    rest: { context: '{"State":{"RetryCount":"1"}}', mock: { result: "{}" } },
    message: expect.stringMatching(/State\.RetryCount must be a number$/),
  },
])("TestState refuses $rest", async ({ state, rest, message }) => {
  await expect(tested(state, rest)).rejects.toMatchObject({ code: "ValidationException", message });
});
