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
const RESULT = { result: "[1]" };
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
    const { inspectionData } = await tested(mapped(fields), { input, mock: RESULT });
    const batch = (...Items: number[]) => ({ Items, BatchInput: { own: "o" } });
    expect(inspectionData?.afterItemBatcher).toEqual([batch(1, 2), batch(3)]);
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
