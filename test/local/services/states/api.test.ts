import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  GetActivityTaskCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  ListTagsForResourceCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ManualClock, manualClock } from "../../manual-clock.ts";
import { ROLE, StatesHome } from "./states-home.ts";

const DAY = 24 * 3_600_000;
const ACTIVITY = "arn:aws:states:us-east-1:000000000000:activity:work";
const MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:m";
const EXECUTION = "arn:aws:states:us-east-1:000000000000:execution:m:run";
const PASS = { StartAt: "P", States: { P: { Type: "Pass", End: true } } };
const WAIT = {
  StartAt: "W",
  States: { W: { Type: "Task", Resource: ACTIVITY, Next: "P" }, P: { Type: "Wait", Seconds: 60, End: true } },
};
const definition = JSON.stringify(PASS);

describe("the Step Functions API", () => {
  let states: StatesHome;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = manualClock("2026-03-01T00:00:00Z");
    states = await new StatesHome([], clock).open();
    await states.client.send(new CreateActivityCommand({ name: "work" }));
  });
  afterEach(() => states.close());

  const start = (stateMachineArn: string, name = "run", input = "{}") =>
    states.client.send(new StartExecutionCommand({ stateMachineArn, name, input }));
  const describeExecution = () => states.client.send(new DescribeExecutionCommand({ executionArn: EXECUTION }));

  describe("refuses", () => {
    const big = JSON.stringify("x".repeat(262_144));
    it.each([
      {
        what: "a name with a space",
        ask: () => states.client.send(new CreateStateMachineCommand({ name: "a b", definition, roleArn: ROLE })),
        name: "InvalidName",
        message: "Invalid Name: 'a b'",
      },
      {
        what: "a name of 81 characters",
        ask: () =>
          states.client.send(new CreateStateMachineCommand({ name: "a".repeat(81), definition, roleArn: ROLE })),
        name: "InvalidName",
        message: `Invalid Name: '${"a".repeat(81)}'`,
      },
      {
        what: "a role that is no ARN",
        ask: () => states.client.send(new CreateStateMachineCommand({ name: "m", definition, roleArn: "role" })),
        name: "InvalidArn",
        message: "Invalid Arn: 'role'",
      },
      {
        what: "a definition that is none",
        ask: () => states.client.send(new CreateStateMachineCommand({ name: "m", definition: "{}", roleArn: ROLE })),
        name: "InvalidDefinition",
        message: /^Invalid State Machine Definition: '/,
      },
      {
        what: "an ARN of nothing",
        ask: () => states.client.send(new StartExecutionCommand({ stateMachineArn: "m" })),
        name: "InvalidArn",
        message: "Invalid Arn: 'Invalid ARN prefix: m'",
      },
      {
        what: "an ARN of another kind",
        ask: () => states.client.send(new DescribeExecutionCommand({ executionArn: MACHINE })),
        name: "InvalidArn",
        message: "Invalid Arn: 'Resource type not valid in this context: stateMachine'",
      },
      {
        what: "a state machine that is not there",
        ask: () => states.client.send(new StartExecutionCommand({ stateMachineArn: MACHINE })),
        name: "StateMachineDoesNotExist",
        message: `State Machine Does Not Exist: '${MACHINE}'`,
      },
      {
        what: "an execution that is not there",
        ask: () => states.client.send(new StopExecutionCommand({ executionArn: EXECUTION })),
        name: "ExecutionDoesNotExist",
        message: `Execution Does Not Exist: '${EXECUTION}'`,
      },
      {
        what: "a list without scope",
        ask: () => states.client.send(new ListExecutionsCommand({})),
        name: "ValidationException",
        message: "Must specify stateMachineArn or mapRunArn",
      },
      {
        what: "a page of 1,001",
        ask: () => states.client.send(new ListStateMachinesCommand({ maxResults: 1001 })),
        name: "ValidationException",
        message:
          "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
      },
      {
        what: "a token it did not give",
        ask: () => states.client.send(new ListStateMachinesCommand({ nextToken: "abc" })),
        name: "InvalidToken",
        message: "Invalid Token: 'Invalid token'",
      },
      {
        what: "tags of what is not there",
        ask: () => states.client.send(new ListTagsForResourceCommand({ resourceArn: MACHINE })),
        name: "ResourceNotFound",
        message: `Resource not found: '${MACHINE}'`,
      },
      {
        what: "an update of what is not there",
        ask: () => states.client.send(new UpdateStateMachineCommand({ stateMachineArn: MACHINE, definition })),
        name: "StateMachineDoesNotExist",
        message: `State Machine Does Not Exist: '${MACHINE}'`,
      },
    ])("$what", async ({ ask, name, message }) => {
      await expect(ask()).rejects.toMatchObject({
        name,
        message: typeof message === "string" ? message : expect.stringMatching(message),
      });
    });

    it.each([
      {
        what: "an execution's name with a slash",
        input: { name: "a/b" },
        name: "InvalidName",
        message: /^Invalid Name: 'a\/b'$/,
      },
      {
        what: "input that is not JSON",
        input: { input: "{" },
        name: "InvalidExecutionInput",
        message: /^Invalid State Machine Execution Input: '/,
      },
      {
        what: "input nested too deep to walk",
        input: { input: `${"[".repeat(100_000)}${"]".repeat(100_000)}` },
        name: "InvalidExecutionInput",
        message: /nested deeper than 1000 levels/,
      },
      { what: "input beyond 256 KiB", input: { input: big }, name: "InvalidExecutionInput", message: /262144/ },
    ])("$what", async ({ input, name, message }) => {
      const stateMachineArn = await states.create(PASS);
      await expect(states.client.send(new StartExecutionCommand({ stateMachineArn, ...input }))).rejects.toMatchObject({
        name,
        message: expect.stringMatching(message),
      });
    });

    it("an update that changes nothing, and one to a broken definition", async () => {
      const stateMachineArn = await states.create(PASS);
      await expect(states.client.send(new UpdateStateMachineCommand({ stateMachineArn }))).rejects.toMatchObject({
        name: "MissingRequiredParameter",
      });
      await expect(
        states.client.send(new UpdateStateMachineCommand({ stateMachineArn, definition: "{}" })),
      ).rejects.toMatchObject({ name: "InvalidDefinition" });
    });
  });

  it("creates a state machine once, and refuses another of its name", async () => {
    const arn = await states.create(PASS, { tags: [{ key: "k", value: "v" }] });
    expect(await states.create(PASS)).toBe(arn);
    await expect(states.create(WAIT)).rejects.toMatchObject({
      name: "StateMachineAlreadyExists",
      message: `State Machine Already Exists: '${arn}'`,
    });
  });

  it("describes a state machine with its configuration, and changes what an update names", async () => {
    const stateMachineArn = await states.create(PASS, {
      tracingConfiguration: { enabled: true },
      encryptionConfiguration: {
        type: "CUSTOMER_MANAGED_KMS_KEY",
        kmsKeyId: "alias/k",
        kmsDataKeyReusePeriodSeconds: 300,
      },
    });
    const before = await states.client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(before).toMatchObject({
      name: "m",
      status: "ACTIVE",
      type: "STANDARD",
      loggingConfiguration: { level: "OFF", includeExecutionData: false },
      tracingConfiguration: { enabled: true },
      encryptionConfiguration: { type: "CUSTOMER_MANAGED_KMS_KEY", kmsKeyId: "alias/k" },
    });
    const { revisionId } = await states.client.send(
      new UpdateStateMachineCommand({ stateMachineArn, roleArn: `${ROLE}2` }),
    );
    const after = await states.client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(after).toMatchObject({
      roleArn: `${ROLE}2`,
      definition,
      tracingConfiguration: { enabled: true },
      revisionId,
    });
    expect(revisionId).not.toBe(before.revisionId);
  });

  it("tags, untags and lists tags", async () => {
    const resourceArn = await states.create(PASS, { tags: [{ key: "a", value: "1" }] });
    await states.client.send(
      new TagResourceCommand({
        resourceArn,
        tags: [
          { key: "b", value: "2" },
          { key: "a", value: "3" },
        ],
      }),
    );
    await states.client.send(new UntagResourceCommand({ resourceArn, tagKeys: ["b"] }));
    const { tags } = await states.client.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(tags).toEqual([{ key: "a", value: "3" }]);
    const many = Array.from({ length: 50 }, (_, n) => ({ key: `k${n}`, value: "" }));
    await expect(states.client.send(new TagResourceCommand({ resourceArn, tags: many }))).rejects.toMatchObject({
      name: "TooManyTags",
    });
    expect((await states.client.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toHaveLength(1);
  });

  it("lists state machines in pages", async () => {
    for (const name of ["c", "a", "b"]) {
      await states.create(PASS, { name });
      clock.advance(1);
    }
    const names: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page = await states.client.send(new ListStateMachinesCommand({ maxResults: 2, nextToken }));
      names.push(...(page.stateMachines ?? []).map(({ name }) => name));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(names).toEqual(["c", "a", "b"]);
  });

  it("lists executions newest first, by status, in pages that a new start does not disturb", async () => {
    const arn = await states.create(WAIT);
    for (const name of ["one", "two", "three"]) {
      await start(arn, name);
      clock.advance(1);
    }
    await states.client.send(new StopExecutionCommand({ executionArn: EXECUTION.replace("run", "two") }));
    const page = await states.client.send(new ListExecutionsCommand({ stateMachineArn: arn, maxResults: 2 }));
    expect(page.executions?.map(({ name }) => name)).toEqual(["three", "two"]);
    await start(arn, "four");
    const rest = await states.client.send(
      new ListExecutionsCommand({ stateMachineArn: arn, nextToken: page.nextToken }),
    );
    expect(rest.executions?.map(({ name }) => name)).toEqual(["one"]);
    const aborted = await states.client.send(
      new ListExecutionsCommand({ stateMachineArn: arn, statusFilter: "ABORTED" }),
    );
    expect(aborted.executions).toMatchObject([{ name: "two", status: "ABORTED", redriveCount: 0 }]);
  });

  it("keeps a name for 90 days after its execution ended", async () => {
    const arn = await states.create(PASS);
    await states.run(arn, {});
    await expect(start(arn)).rejects.toMatchObject({
      name: "ExecutionAlreadyExists",
      message: `Execution Already Exists: '${EXECUTION}'`,
    });
    clock.advance(90 * DAY);
    await expect(start(arn)).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
    clock.advance(2 * 3_600_000);
    await expect(describeExecution()).rejects.toMatchObject({ name: "ExecutionDoesNotExist" });
    expect((await start(arn)).executionArn).toBe(EXECUTION);
  });

  it("reads a history forwards and backwards, in pages, with and without data", async () => {
    await states.run(await states.create(PASS), { secret: 1 });
    const read = (more: object) =>
      states.client.send(new GetExecutionHistoryCommand({ executionArn: EXECUTION, ...more }));
    const first = await read({ reverseOrder: true, maxResults: 3 });
    const last = await read({ reverseOrder: true, maxResults: 3, nextToken: first.nextToken });
    expect([...(first.events ?? []), ...(last.events ?? [])].map(({ id }) => id)).toEqual([4, 3, 2, 1]);
    expect(last.nextToken).toBeUndefined();
    expect(JSON.stringify((await read({})).events)).toContain("secret");
    const bare = (await read({ includeExecutionData: false })).events;
    expect(JSON.stringify(bare)).not.toContain("secret");
    expect(bare?.[1]?.stateEnteredEventDetails).toEqual({ name: "P" });
  });

  it("describes an execution, with the definition it runs after its machine changed", async () => {
    const stateMachineArn = await states.create(WAIT);
    await states.client.send(
      new StartExecutionCommand({ stateMachineArn, name: "run", input: '{"a":1}', traceHeader: "Root=1-5" }),
    );
    await states.client.send(new UpdateStateMachineCommand({ stateMachineArn, definition }));
    expect(await describeExecution()).toMatchObject({
      status: "RUNNING",
      input: '{"a":1}',
      inputDetails: { included: true },
      traceHeader: "Root=1-5",
      redriveCount: 0,
      redriveStatus: "NOT_REDRIVABLE",
    });
    const machine = await states.client.send(new DescribeStateMachineForExecutionCommand({ executionArn: EXECUTION }));
    expect(machine).toMatchObject({ stateMachineArn, name: "m", definition: JSON.stringify(WAIT), roleArn: ROLE });
  });

  it("deletes a state machine once its executions have ended, at their next transition", async () => {
    const arn = await states.create(WAIT);
    await start(arn);
    await states.client.send(new DeleteStateMachineCommand({ stateMachineArn: arn }));
    expect(await states.client.send(new DescribeStateMachineCommand({ stateMachineArn: arn }))).toMatchObject({
      status: "DELETING",
    });
    const deleting = { name: "StateMachineDeleting", message: `State Machine is being deleted: '${arn}'` };
    await expect(start(arn, "second")).rejects.toMatchObject(deleting);
    await expect(states.create(PASS)).rejects.toMatchObject(deleting);
    await states.reopen();
    expect(await describeExecution()).toMatchObject({ status: "RUNNING" });
    const { taskToken } = await states.client.send(new GetActivityTaskCommand({ activityArn: ACTIVITY }));
    const end = states.ended(EXECUTION);
    await states.client.send(new SendTaskSuccessCommand({ taskToken, output: "{}" }));
    expect(await end).toBe("FAILED");
    expect(await describeExecution()).toMatchObject({
      error: "States.Runtime",
      cause: "State machine m has been deleted",
    });
    const { events = [] } = await states.client.send(new GetExecutionHistoryCommand({ executionArn: EXECUTION }));
    expect(events.slice(-2).map(({ type }) => type)).toEqual(["ActivityStarted", "ExecutionFailed"]);
    await expect(states.client.send(new DescribeStateMachineCommand({ stateMachineArn: arn }))).rejects.toMatchObject({
      name: "StateMachineDoesNotExist",
    });
    expect(await states.create(PASS)).toBe(arn);
    await states.client.send(new DeleteStateMachineCommand({ stateMachineArn: arn }));
    await states.client.send(new DeleteStateMachineCommand({ stateMachineArn: arn }));
  });
});
