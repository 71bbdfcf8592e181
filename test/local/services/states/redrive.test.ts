import {
  CreateActivityCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  GetActivityTaskCommand,
  GetExecutionHistoryCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ManualClock, manualClock } from "../../manual-clock.ts";
import { StatesHome } from "./states-home.ts";

const DAY = 24 * 3_600_000;
const activity = (name: string) => `arn:aws:states:us-east-1:000000000000:activity:${name}`;
const task = (name: string, next: object = { End: true }) => ({ Type: "Task", Resource: activity(name), ...next });
const branch = (name: string) => ({ StartAt: name, States: { [name]: task(name) } });
const PASS = { StartAt: "P", States: { P: { Type: "Pass", End: true } } };

describe("RedriveExecution", () => {
  let states: StatesHome;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = manualClock("2026-03-01T00:00:00Z");
    states = await new StatesHome([], clock).open();
    for (const name of ["a", "b"]) await states.client.send(new CreateActivityCommand({ name }));
  });
  afterEach(() => states.close());

  const poll = async (name: string) =>
    (await states.client.send(new GetActivityTaskCommand({ activityArn: activity(name) }))).taskToken;
  const succeed = async (name: string) =>
    states.client.send(new SendTaskSuccessCommand({ taskToken: await poll(name), output: `"${name}"` }));
  const fail = async (name: string) =>
    states.client.send(new SendTaskFailureCommand({ taskToken: await poll(name), error: "Bad" }));
  const start = async (definition: object) => {
    const stateMachineArn = await states.create(definition);
    const { executionArn = "" } = await states.client.send(new StartExecutionCommand({ stateMachineArn, name: "run" }));
    return { stateMachineArn, executionArn, end: states.ended(executionArn) };
  };
  const redrive = (executionArn: string, clientToken?: string) =>
    states.client.send(new RedriveExecutionCommand({ executionArn, ...(clientToken && { clientToken }) }));
  const described = (executionArn: string) => states.client.send(new DescribeExecutionCommand({ executionArn }));
  const types = async (executionArn: string) =>
    (await states.client.send(new GetExecutionHistoryCommand({ executionArn }))).events?.map(({ type }) => type) ?? [];
  const failed = async () => {
    const { executionArn, end, stateMachineArn } = await start({ StartAt: "A", States: { A: task("a") } });
    await fail("a");
    await end;
    return { executionArn, stateMachineArn };
  };

  it("points what follows at the state's own entry", async () => {
    const { executionArn } = await failed();
    await redrive(executionArn);
    const { events = [] } = await states.client.send(new GetExecutionHistoryCommand({ executionArn }));
    const entered = events.find(({ type }) => type === "TaskStateEntered");
    expect(events.slice(-2)).toMatchObject([
      { type: "ExecutionRedriven", previousEventId: events.length - 2 },
      { type: "ActivityScheduled", previousEventId: entered?.id },
    ]);
  });

  it("is in the context object, with its time", async () => {
    const last = { Type: "Pass", Parameters: { "it.$": "$$.Execution" }, End: true };
    const { executionArn, end } = await start({ StartAt: "A", States: { A: task("a", { Next: "L" }), L: last } });
    await fail("a");
    await end;
    clock.advance(1500);
    await redrive(executionArn);
    const ended = states.ended(executionArn);
    await succeed("a");
    await ended;
    const { output = "" } = await described(executionArn);
    expect(JSON.parse(output).it).toMatchObject({ RedriveCount: 1, RedriveTime: "2026-03-01T00:00:01.500Z" });
  });

  it("goes on from the state that failed, keeping the history before it", async () => {
    const { executionArn, end } = await start({
      StartAt: "A",
      States: { A: task("a", { Next: "B" }), B: task("b") },
    });
    await succeed("a");
    await fail("b");
    expect(await end).toBe("FAILED");
    const before = await types(executionArn);
    expect(await described(executionArn)).toMatchObject({ redriveStatus: "REDRIVABLE", redriveCount: 0 });
    const seen: unknown[] = [];
    states.home.ports.listen(({ detail }) => seen.push(detail));
    clock.advance(5_000);
    const again = states.ended(executionArn);
    const { redriveDate } = await redrive(executionArn);
    expect(await described(executionArn)).toMatchObject({
      status: "RUNNING",
      redriveCount: 1,
      redriveDate,
      redriveStatus: "NOT_REDRIVABLE",
      redriveStatusReason: "Execution is RUNNING and cannot be redriven",
    });
    await succeed("b");
    expect(await again).toBe("SUCCEEDED");
    const after = await types(executionArn);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.slice(before.length)).toEqual([
      "ExecutionRedriven",
      "ActivityScheduled",
      "ActivityStarted",
      "ActivitySucceeded",
      "TaskStateExited",
      "ExecutionSucceeded",
    ]);
    expect(seen).toMatchObject([
      { status: "RUNNING", redriveCount: 1 },
      { status: "SUCCEEDED", redriveCount: 1 },
    ]);
  });

  it("runs only the branch of a Parallel again that failed", async () => {
    const { executionArn, end } = await start({
      StartAt: "Both",
      States: { Both: { Type: "Parallel", Branches: [branch("a"), branch("b")], End: true } },
    });
    await succeed("a");
    await fail("b");
    await end;
    const again = states.ended(executionArn);
    await redrive(executionArn);
    await succeed("b");
    expect(await again).toBe("SUCCEEDED");
    expect((await described(executionArn)).output).toBe('["a","b"]');
  });

  it("goes on with what was stopped, also after a restart", async () => {
    const { executionArn } = await start({ StartAt: "A", States: { A: task("a") } });
    await states.client.send(new StopExecutionCommand({ executionArn, error: "E", cause: "by hand" }));
    expect(await described(executionArn)).toMatchObject({ status: "ABORTED", error: "E", cause: "by hand" });
    await states.reopen();
    await redrive(executionArn);
    expect((await described(executionArn)).error).toBeUndefined();
    const again = states.ended(executionArn);
    await succeed("a");
    expect(await again).toBe("SUCCEEDED");
  });

  it("goes on with what timed out", async () => {
    const { executionArn, end } = await start({ TimeoutSeconds: 60, StartAt: "A", States: { A: task("a") } });
    clock.advance(61_000);
    expect(await end).toBe("TIMED_OUT");
    const again = states.ended(executionArn);
    await redrive(executionArn);
    await succeed("a");
    expect(await again).toBe("SUCCEEDED");
  });

  it("takes a repeated client token for the same redrive", async () => {
    const { executionArn } = await failed();
    const { redriveDate } = await redrive(executionArn, "t1");
    clock.advance(1_000);
    expect((await redrive(executionArn, "t1")).redriveDate).toEqual(redriveDate);
    expect((await described(executionArn)).redriveCount).toBe(1);
    await expect(redrive(executionArn, "t2")).rejects.toMatchObject({ name: "ExecutionNotRedrivable" });
  });

  it("refuses what succeeded", async () => {
    const { executionArn } = await states.run(await states.create(PASS), {}, "pass");
    await expect(redrive(executionArn ?? "")).rejects.toMatchObject({
      name: "ExecutionNotRedrivable",
      message: "Execution is SUCCEEDED and cannot be redriven",
    });
  });

  it("refuses after 14 days", async () => {
    const { executionArn } = await failed();
    clock.advance(14 * DAY);
    expect((await described(executionArn)).redriveStatus).toBe("REDRIVABLE");
    clock.advance(1_000);
    await expect(redrive(executionArn)).rejects.toMatchObject({
      name: "ExecutionNotRedrivable",
      message: "Execution redrivable period exceeded",
    });
  });

  it("refuses once the state machine is deleted", async () => {
    const { executionArn, stateMachineArn } = await failed();
    await states.client.send(new DeleteStateMachineCommand({ stateMachineArn }));
    await expect(redrive(executionArn)).rejects.toMatchObject({
      name: "ExecutionNotRedrivable",
      message: "State machine is in DELETING status",
    });
  });
});
