/** TestState, and what takes longer than it lets a state take. */
import { TestStateCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { manualClock } from "../../manual-clock.ts";
import { standInLambda } from "../../stand-in-services.ts";
import { ROLE, StatesHome } from "./states-home.ts";

const HANG = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: "f" }, End: true };
const CATCH = [{ ErrorEquals: ["States.ALL"], Next: "Handle" }];

describe("a state under test", () => {
  const clock = manualClock("2026-01-01T00:00:00Z");
  const ended: string[] = [];
  let asked = 0;
  let states: StatesHome;
  beforeAll(async () => {
    const hanging = standInLambda({
      handle: (_input, { signal }) =>
        new Promise((_resolve, reject) => {
          asked++;
          signal.addEventListener("abort", () => {
            ended.push("aborted");
            reject(signal.reason);
          });
        }),
    });
    states = await new StatesHome([hanging], clock).open();
  });
  afterAll(() => states.close());

  const test = (definition: object, more: object = {}) =>
    states.client.send(new TestStateCommand({ definition: JSON.stringify(definition), roleArn: ROLE, ...more }));

  const answerAfter = async (definition: object, ms: number) => {
    const before = asked;
    const answer = test(definition);
    await clock.until(() => asked > before, 0);
    clock.advance(ms);
    return answer;
  };

  it("has five minutes, whatever it catches", async () => {
    expect(await answerAfter({ ...HANG, Catch: CATCH }, 300_000)).toMatchObject({
      status: "FAILED",
      error: "States.Timeout",
    });
    expect(ended).toEqual(["aborted"]);
  });

  it("times out by its own TimeoutSeconds before that, which it may catch", async () => {
    expect(await answerAfter({ ...HANG, TimeoutSeconds: 60, Catch: CATCH }, 60_000)).toMatchObject({
      status: "CAUGHT_ERROR",
      error: "States.Timeout",
      nextState: "Handle",
    });
  });

  it("waits no time, but no longer than that", async () => {
    expect(await test({ Type: "Wait", Seconds: 300, End: true })).toMatchObject({ status: "SUCCEEDED" });
    const answer = await test({ Type: "Wait", Seconds: 301, End: true });
    expect(answer).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    expect(answer.output).toBeUndefined();
  });
});

describe("the data inspected", () => {
  let states: StatesHome;
  beforeAll(async () => {
    states = await new StatesHome().open();
  });
  afterAll(() => states.close());

  const inspected = async (definition: object, more: object) => {
    const command = new TestStateCommand({ definition: JSON.stringify(definition), inspectionLevel: "DEBUG", ...more });
    const { status, error, inspectionData } = await states.client.send(command);
    return { status, error, ...inspectionData };
  };
  const DISTRIBUTED = {
    ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
    StartAt: "Each",
    States: { Each: { Type: "Pass", End: true } },
  };
  const mock = (iterations: number) => ({ result: JSON.stringify(Array(iterations).fill(0)) });

  it("has the variables given and those assigned", async () => {
    const state = { Type: "Pass", Assign: { b: 3, "c.$": "$.c" }, End: true };
    const { variables = "{}" } = await inspected(state, { input: '{"c":4}', variables: '{"a":1,"b":2}' });
    expect(JSON.parse(variables)).toEqual({ a: 1, b: 3, c: 4 });
  });

  it("has a Map's items after ItemSelector and after ItemBatcher", async () => {
    const state = {
      Type: "Map",
      ItemsPath: "$.list",
      ItemSelector: { "n.$": "$$.Map.Item.Value", "at.$": "$$.Map.Item.Index" },
      ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { "of.$": "$.of" } },
      ItemProcessor: DISTRIBUTED,
      End: true,
    };
    const data = await inspected(state, { input: '{"list":[7,8,9],"of":"x"}', mock: mock(2) });
    const selected = [7, 8, 9].map((n, at) => JSON.stringify({ n, at }));
    const batch = (Items: string[]) => JSON.stringify({ BatchInput: { of: "x" }, Items });
    // The texts are those of Java lists, as AWS gives them.
    expect(data).toMatchObject({
      status: "SUCCEEDED",
      afterItemsPath: "[7, 8, 9]",
      afterItemSelector: `[${selected.join(", ")}]`,
      afterItemBatcher: `[${batch(selected.slice(0, 2))}, ${batch(selected.slice(2))}]`,
    });
  });

  const read = (ReaderConfig: object) => ({
    Type: "Map",
    ItemReader: { Resource: "arn:aws:states:::s3:getObject", ReaderConfig, Parameters: { Bucket: "b", Key: "k" } },
    ItemSelector: { "v.$": "$$.Map.Item.Value" },
    ItemProcessor: DISTRIBUTED,
    End: true,
  });

  it.each([
    { config: { InputType: "JSON" }, data: "[1,2]", items: [1, 2] },
    { config: { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" }, data: "a,b\n1,2\n", items: [{ a: "1", b: "2" }] },
    { config: { InputType: "JSONL", MaxItems: 1 }, data: '{"a":1}\n{"a":2}\n', items: [{ a: 1 }] },
    { config: { InputType: "JSON", ItemsPointer: "/o/list" }, data: '{"o":{"list":[3]}}', items: [3] },
  ])("has what the ItemReader would read: $config", async ({ config, data, items }) => {
    const stateConfiguration = { mapItemReaderData: data };
    const found = await inspected(read(config), { mock: mock(items.length), stateConfiguration });
    expect(JSON.parse(found.afterItemSelector ?? "")).toEqual(items.map((v) => ({ v })));
    expect(found.afterItemsPointer).toBe("ItemsPointer" in config ? JSON.stringify(items) : undefined);
  });

  it("fails as the ItemReader does with data of another kind", async () => {
    const stateConfiguration = { mapItemReaderData: "{" };
    expect(await inspected(read({ InputType: "JSON" }), { mock: mock(0), stateConfiguration })).toMatchObject({
      status: "FAILED",
      error: "States.ItemReaderFailed",
    });
  });
});
