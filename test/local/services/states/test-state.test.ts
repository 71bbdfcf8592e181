import { TestStateCommand, type TestStateCommandInput } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROLE, StatesHome } from "./states-home.ts";

const sdk = (action: string, Parameters: object = {}) => ({
  Type: "Task",
  Resource: `arn:aws:states:::aws-sdk:${action}`,
  Parameters,
  End: true,
});
const PASS = { Type: "Pass", End: true };
const GET = sdk("dynamodb:getItem", { TableName: "t", Key: {} });
const constraint = (value: string, member: string, rule: string) =>
  `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${rule}`;

describe("TestState in the home", () => {
  let states: StatesHome;
  beforeAll(async () => {
    states = await new StatesHome().open();
  });
  afterAll(() => states.close());

  const test = (definition: object, rest: Partial<TestStateCommandInput> = {}) =>
    states.client.send(new TestStateCommand({ definition: JSON.stringify(definition), ...rest }));

  it("calls what the state calls, and shows the data on the way as texts", async () => {
    const state = sdk("sfn:createActivity", { "Name.$": "$.name" });
    const answer = await test(state, { roleArn: ROLE, input: '{"name":"made"}', inspectionLevel: "DEBUG" });
    expect(answer.status).toBe("SUCCEEDED");
    expect(JSON.parse(answer.output ?? "")).toMatchObject({ ActivityArn: expect.stringMatching(/:activity:made$/) });
    expect(answer.inspectionData).toMatchObject({ input: '{"name":"made"}', afterParameters: '{"Name":"made"}' });
  });

  it.each([
    { flag: true, isFirst: false },
    { flag: "true", isFirst: false },
    { flag: " TRUE ", isFirst: false },
    { flag: -1, isFirst: false },
    { flag: "False", isFirst: true },
    { flag: 0, isFirst: true },
    { flag: "", isFirst: true },
    { flag: "null", isFirst: true },
  ])("reads $flag as a truth value for what it calls", async ({ flag, isFirst }) => {
    const { executionArn = "" } = await states.run(
      await states.create({ StartAt: "P", States: { P: PASS } }),
      {},
      `run-${JSON.stringify(flag).replaceAll(/\W/g, "_")}`,
    );
    const state = sdk("sfn:getExecutionHistory", { ExecutionArn: executionArn, ReverseOrder: flag });
    const { output = "{}" } = await test(state, { roleArn: ROLE });
    expect(JSON.parse(output)).toMatchObject({ Events: { 0: { Id: isFirst ? 1 : 4 } } });
  });

  it("tells the error of what was called", async () => {
    const state = sdk("sfn:describeActivity", { ActivityArn: "arn:aws:states:us-east-1:000000000000:activity:none" });
    const catcher = { ErrorEquals: ["Sfn.ActivityDoesNotExistException"], Next: "Handle" };
    expect(await test({ ...state, Catch: [catcher] }, { roleArn: ROLE })).toMatchObject({
      status: "CAUGHT_ERROR",
      error: "Sfn.ActivityDoesNotExistException",
      nextState: "Handle",
    });
  });

  it("puts a mock in the place of the call, checked against the API, without a role", async () => {
    expect(await test(GET, { mock: { result: '{"Item":{"id":{"N":"1"}}}' } })).toMatchObject({
      status: "SUCCEEDED",
      output: '{"Item":{"id":{"N":"1"}}}',
    });
    await expect(test(GET, { mock: { result: '{"Item":[]}' } })).rejects.toMatchObject({
      name: "ValidationException",
      message: "Mock result schema validation error: Field 'Item' must be an object",
    });
  });

  it("refuses an SDK integration that AWS does not have", async () => {
    await expect(test(sdk("dynamodb:getItems"), { mock: { result: "{}" } })).rejects.toMatchObject({
      name: "InvalidDefinition",
      message: expect.stringContaining("aws-sdk:dynamodb:getItems is not recognized"),
    });
  });

  const only = "A test mock should have only one of the following fields: [result, errorOutput].";
  it.each([
    {
      rest: { stateConfiguration: { retrierRetryCount: -1 } },
      message: constraint("-1", "stateConfiguration.retrierRetryCount", "have value greater than or equal to 0"),
    },
    {
      rest: { stateName: "s".repeat(81) },
      message: constraint("s".repeat(81), "stateName", "have length less than or equal to 80"),
    },
    { rest: { stateName: "unknown" }, message: "State not found in definition" },
    {
      state: GET,
      rest: { context: "no JSON", mock: { result: "{}" } },
      message: "Invalid Context object provided: must be valid JSON",
    },
    { rest: { variables: "no JSON" }, message: "Variables must be valid JSON" },
    { rest: { variables: "[]" }, message: "Variables must be a JSON object" },
    { rest: { input: "no JSON" }, message: "Input must be valid JSON" },
    { state: GET, rest: {}, message: "RoleArn must be specified when testing a Task state" },
    {
      state: GET,
      rest: { mock: {} },
      message: "One of the following fields is required for a test mock: [result, errorOutput].",
    },
    {
      state: GET,
      rest: { mock: { errorOutput: {} } },
      message: "An error was not specified in the mocked error output.",
    },
    { state: GET, rest: { mock: { result: "null" } }, message: "Mocked result must be a valid JSON object." },
    {
      state: GET,
      rest: { mock: { result: "{}" }, stateConfiguration: { mapIterationFailureCount: 1 } },
      message: "MapIterationFailureCount is only supported when testing a Map state.",
    },
    { state: GET, rest: { mock: { result: "{}", errorOutput: { error: "E" } } }, message: only },
  ])("refuses $rest as no valid request", async ({ state = PASS, rest, message }) => {
    await expect(test(state, rest)).rejects.toMatchObject({ name: "ValidationException", message });
  });

  it.each([
    { definition: "[]", message: "Definition must be a valid JSON object" },
    { definition: "{", message: "Definition must be a valid JSON object" },
    {
      definition: `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`,
      message: expect.stringContaining("TOO_DEEPLY_NESTED"),
    },
  ])("refuses a definition that is no state: $message", async ({ definition, message }) => {
    await expect(states.client.send(new TestStateCommand({ definition }))).rejects.toMatchObject({
      name: "InvalidDefinition",
      message,
    });
  });

  it("calls nothing that does not answer at once", async () => {
    const state = { Type: "Task", Resource: "arn:aws:states:us-east-1:000000000000:activity:a", End: true };
    await expect(test(state, { roleArn: ROLE })).rejects.toMatchObject({ name: "InvalidDefinition" });
    const resource = "arn:aws:states:::glue:startJobRun.sync";
    const job = { Type: "Task", Resource: resource, Parameters: { JobName: "j" }, End: true };
    await expect(test(job, { roleArn: ROLE })).rejects.toMatchObject({ name: "InvalidDefinition" });
  });
});
