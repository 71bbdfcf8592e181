import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  CreateActivityCommand,
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  DescribeStateMachineForExecutionCommand,
  GetActivityTaskCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  UpdateMapRunCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StatesHome } from "./states-home.ts";

const ACTIVITY = "arn:aws:states:us-east-1:000000000000:activity:work";
const PROCESSOR = { StartAt: "Work", States: { Work: { Type: "Task", Resource: ACTIVITY, End: true } } };
const map = (fields: object, type = "STANDARD") => ({
  QueryLanguage: "JSONata",
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      Label: "Each",
      ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: type }, ...PROCESSOR },
      End: true,
      ...fields,
    },
  },
});

describe("map runs through the API", () => {
  let states: StatesHome;
  beforeEach(async () => {
    states = await new StatesHome().open();
    await states.client.send(new CreateActivityCommand({ name: "work" }));
  });
  afterEach(() => states.close());

  const poll = () => states.client.send(new GetActivityTaskCommand({ activityArn: ACTIVITY }));
  const succeed = (taskToken: string | undefined) =>
    states.client.send(new SendTaskSuccessCommand({ taskToken, output: "{}" }));
  const fail = (taskToken: string | undefined) =>
    states.client.send(new SendTaskFailureCommand({ taskToken, error: "Bad", cause: "item" }));
  const start = async (definition: object) => {
    const stateMachineArn = await states.create(definition);
    const { executionArn = "" } = await states.client.send(new StartExecutionCommand({ stateMachineArn, name: "run" }));
    return { executionArn, end: states.ended(executionArn) };
  };
  const runOf = async (executionArn: string) => {
    const { mapRuns = [] } = await states.client.send(new ListMapRunsCommand({ executionArn }));
    return mapRuns[0]?.mapRunArn ?? "";
  };
  const described = (mapRunArn: string) => states.client.send(new DescribeMapRunCommand({ mapRunArn }));

  it("describes a run while it goes, with its items and executions by status", async () => {
    const { executionArn, end } = await start(map({ Items: [1, 2, 3], MaxConcurrency: 2, ToleratedFailureCount: 1 }));
    const [first, second] = [await poll(), await poll()];
    const mapRunArn = await runOf(executionArn);
    expect(mapRunArn).toMatch(/^arn:aws:states:us-east-1:000000000000:mapRun:m\/Each:[0-9a-f-]{36}$/);
    await succeed(first.taskToken);
    const third = await poll();
    expect(await described(mapRunArn)).toMatchObject({
      executionArn,
      status: "RUNNING",
      maxConcurrency: 2,
      toleratedFailureCount: 1,
      toleratedFailurePercentage: 0,
      itemCounts: { running: 2, succeeded: 1, total: 3 },
      executionCounts: { running: 2, succeeded: 1, failed: 0, total: 3 },
      redriveCount: 0,
    });
    await fail(second.taskToken);
    await succeed(third.taskToken);
    expect(await end).toBe("SUCCEEDED");
    expect(await described(mapRunArn)).toMatchObject({
      status: "SUCCEEDED",
      itemCounts: { succeeded: 2, failed: 1, running: 0, total: 3 },
    });
  });

  it("lists and describes a run's executions, and those of the machine without them", async () => {
    const { executionArn, end } = await start(map({ Items: ["a", "b"] }));
    const [first, second] = [await poll(), await poll()];
    await succeed(first.taskToken);
    await succeed(second.taskToken);
    await end;
    const mapRunArn = await runOf(executionArn);
    const page = await states.client.send(new ListExecutionsCommand({ mapRunArn, maxResults: 1 }));
    const rest = await states.client.send(
      new ListExecutionsCommand({ mapRunArn, maxResults: 5, nextToken: page.nextToken }),
    );
    const children = [...(page.executions ?? []), ...(rest.executions ?? [])];
    expect(children).toHaveLength(2);
    expect(children[0]).toMatchObject({ mapRunArn, itemCount: 1, status: "SUCCEEDED", redriveCount: 0 });
    const child = children[0]?.executionArn;
    expect(await states.client.send(new DescribeExecutionCommand({ executionArn: child }))).toMatchObject({
      mapRunArn,
      stateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:m/Each",
    });
    const machine = await states.client.send(new DescribeStateMachineForExecutionCommand({ executionArn: child }));
    expect(machine).toMatchObject({ mapRunArn, label: "Each", name: "m" });
    expect(JSON.parse(machine.definition ?? "")).toEqual(PROCESSOR);
    expect(machine).not.toHaveProperty("revisionId");
    const { executions } = await states.client.send(
      new ListExecutionsCommand({ stateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:m" }),
    );
    expect(executions?.map((execution) => execution.executionArn)).toEqual([executionArn]);
  });

  it("starts more children at once when told so while it runs", async () => {
    const { executionArn, end } = await start(map({ Items: [1, 2], MaxConcurrency: 1 }));
    const first = await poll();
    const waiting = poll();
    const mapRunArn = await runOf(executionArn);
    expect((await described(mapRunArn)).executionCounts).toMatchObject({ running: 1 });
    await states.client.send(new UpdateMapRunCommand({ mapRunArn, maxConcurrency: 2 }));
    await succeed((await waiting).taskToken);
    await succeed(first.taskToken);
    expect(await end).toBe("SUCCEEDED");
    expect((await described(mapRunArn)).maxConcurrency).toBe(2);
  });

  it("tolerates more failures when told so while it runs", async () => {
    const { executionArn, end } = await start(map({ Items: [1, 2] }));
    const [first, second] = [await poll(), await poll()];
    const mapRunArn = await runOf(executionArn);
    await states.client.send(new UpdateMapRunCommand({ mapRunArn, toleratedFailurePercentage: 50 }));
    await fail(first.taskToken);
    await succeed(second.taskToken);
    expect(await end).toBe("SUCCEEDED");
    await expect(states.client.send(new UpdateMapRunCommand({ mapRunArn, maxConcurrency: 1 }))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  it("runs only the children again that failed, when the execution is redriven", async () => {
    const { executionArn, end } = await start(map({ Items: [1, 2], MaxConcurrency: 1 }));
    await succeed((await poll()).taskToken);
    await fail((await poll()).taskToken);
    expect(await end).toBe("FAILED");
    const mapRunArn = await runOf(executionArn);
    expect(await described(mapRunArn)).toMatchObject({ status: "FAILED", redriveCount: 0 });
    const [failed] =
      (await states.client.send(new ListExecutionsCommand({ mapRunArn, statusFilter: "FAILED" }))).executions ?? [];
    await expect(
      states.client.send(new RedriveExecutionCommand({ executionArn: failed?.executionArn })),
    ).rejects.toMatchObject({ name: "ExecutionNotRedrivable" });
    const again = states.ended(executionArn);
    await states.client.send(new RedriveExecutionCommand({ executionArn }));
    const task = await poll();
    expect(task.input).toBe("2");
    expect(await described(mapRunArn)).toMatchObject({ status: "RUNNING", redriveCount: 1 });
    await succeed(task.taskToken);
    expect(await again).toBe("SUCCEEDED");
    const redriven = await states.client.send(new ListExecutionsCommand({ mapRunArn, redriveFilter: "REDRIVEN" }));
    expect(redriven.executions).toMatchObject([{ executionArn: failed?.executionArn, redriveCount: 1 }]);
    const { events = [] } = await states.client.send(new GetExecutionHistoryCommand({ executionArn }));
    const idOf = (name: string) => events.find(({ type }) => type === name)?.id;
    expect(events.slice(idOf("ExecutionFailed"))).toMatchObject([
      { type: "ExecutionRedriven", previousEventId: idOf("ExecutionFailed") },
      { type: "MapRunRedriven", previousEventId: idOf("MapStateStarted") },
      { type: "MapRunSucceeded", previousEventId: idOf("MapRunRedriven") },
      { type: "MapStateSucceeded", previousEventId: idOf("MapRunSucceeded") },
      { type: "MapStateExited", previousEventId: idOf("MapRunRedriven") },
      { type: "ExecutionSucceeded" },
    ]);
  });

  it("puts the results after a redrive into a folder of their own", async () => {
    await states.s3.send(new CreateBucketCommand({ Bucket: "out" }));
    const ResultWriter = { Resource: "arn:aws:states:::s3:putObject", Arguments: { Bucket: "out", Prefix: "p" } };
    const { executionArn, end } = await start(map({ Items: [1], ResultWriter }));
    await fail((await poll()).taskToken);
    await end;
    const again = states.ended(executionArn);
    await states.client.send(new RedriveExecutionCommand({ executionArn }));
    await succeed((await poll()).taskToken);
    await again;
    const { output = "{}" } = await states.client.send(new DescribeExecutionCommand({ executionArn }));
    const run = (await runOf(executionArn)).split(":").at(-1);
    expect(JSON.parse(output).ResultWriterDetails.Key).toBe(`p/${run}/Redrive-1/manifest.json`);
  });

  it("writes what there is before it fails: also of children it stopped", async () => {
    await states.s3.send(new CreateBucketCommand({ Bucket: "out" }));
    const ResultWriter = { Resource: "arn:aws:states:::s3:putObject", Arguments: { Bucket: "out" } };
    const { executionArn, end } = await start(map({ Items: [1, 2, 3], ResultWriter }));
    const [first, second] = [await poll(), await poll(), await poll()];
    await succeed(first.taskToken);
    await fail(second.taskToken);
    expect(await end).toBe("FAILED");
    const run = (await runOf(executionArn)).split(":").at(-1);
    const object = async (Key: string) => {
      const { Body } = await states.s3.send(new GetObjectCommand({ Bucket: "out", Key: `${run}/${Key}` }));
      return JSON.parse((await Body?.transformToString()) ?? "");
    };
    const { ResultFiles } = await object("manifest.json");
    expect(ResultFiles).toMatchObject({ FAILED: [{ Key: `${run}/FAILED_0.json` }], PENDING: [], SUCCEEDED: [{}] });
    expect(await object("FAILED_0.json")).toMatchObject([
      { Status: "FAILED", Error: "Bad" },
      { Status: "ABORTED", Cause: expect.stringContaining("which was managing this resource was aborted") },
    ]);
    expect(await described(await runOf(executionArn))).toMatchObject({
      status: "FAILED",
      executionCounts: { succeeded: 1, failed: 1, aborted: 1, resultsWritten: 3 },
    });
  });

  it("tells the children that it stops why", async () => {
    const { executionArn, end } = await start(map({ Items: [1, 2] }));
    const [first] = [await poll(), await poll()];
    await fail(first.taskToken);
    expect(await end).toBe("FAILED");
    const mapRunArn = await runOf(executionArn);
    const aborted = async () =>
      (await states.client.send(new ListExecutionsCommand({ mapRunArn, statusFilter: "ABORTED" }))).executions?.[0];
    await expect.poll(aborted).toBeDefined();
    const child = (await aborted())?.executionArn;
    const { error, cause } = await states.client.send(new DescribeExecutionCommand({ executionArn: child }));
    expect({ error, cause }).toEqual({
      cause: `The map run execution [${mapRunArn}] which was managing this resource was aborted`,
    });
  });

  it("goes on with its children after a restart, and runs none twice that had ended", async () => {
    await states.s3.send(new CreateBucketCommand({ Bucket: "items" }));
    await states.s3.send(new PutObjectCommand({ Bucket: "items", Key: "i.json", Body: "[1,2,3]" }));
    const ItemReader = {
      Resource: "arn:aws:states:::s3:getObject",
      ReaderConfig: { InputType: "JSON" },
      Arguments: { Bucket: "items", Key: "i.json" },
    };
    const { executionArn } = await start(map({ ItemReader, MaxConcurrency: 1 }));
    await succeed((await poll()).taskToken);
    const second = await poll();
    await states.reopen();
    const end = states.ended(executionArn);
    await succeed(second.taskToken);
    const third = await poll();
    expect(third.input).toBe("3");
    await succeed(third.taskToken);
    expect(await end).toBe("SUCCEEDED");
    expect((await described(await runOf(executionArn))).executionCounts).toMatchObject({ succeeded: 3, total: 3 });
  });

  it.each([
    {
      what: "a run that does not exist",
      input: { mapRunArn: "arn:aws:states:us-east-1:000000000000:mapRun:m/E:x" },
      name: "ResourceNotFound",
    },
    { what: "an ARN of another kind", input: { mapRunArn: ACTIVITY }, name: "InvalidArn" },
  ])("refuses $what", async ({ input, name }) => {
    await expect(states.client.send(new DescribeMapRunCommand(input))).rejects.toMatchObject({ name });
  });

  it.each([{ maxConcurrency: -1 }, { toleratedFailurePercentage: 101 }, { toleratedFailureCount: -1 }])(
    "refuses an update with %o",
    async (change) => {
      const { executionArn } = await start(map({ Items: [1] }));
      await poll();
      const mapRunArn = await runOf(executionArn);
      await expect(states.client.send(new UpdateMapRunCommand({ mapRunArn, ...change }))).rejects.toMatchObject({
        name: "ValidationException",
      });
    },
  );
});
