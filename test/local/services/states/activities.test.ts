import {
  CreateActivityCommand,
  DeleteActivityCommand,
  DescribeActivityCommand,
  DescribeExecutionCommand,
  GetActivityTaskCommand,
  GetExecutionHistoryCommand,
  ListActivitiesCommand,
  ListTagsForResourceCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ManualClock, manualClock } from "../../manual-clock.ts";
import { StatesHome } from "./states-home.ts";

const ACTIVITY = "arn:aws:states:us-east-1:000000000000:activity:label";
const machine = (fields: object = {}) => ({
  StartAt: "Label",
  States: { Label: { Type: "Task", Resource: ACTIVITY, End: true, ...fields } },
});

describe("activities", () => {
  let states: StatesHome;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = manualClock("2026-03-01T00:00:00Z");
    states = await new StatesHome([], clock).open();
    await states.client.send(new CreateActivityCommand({ name: "label" }));
  });
  afterEach(() => states.close());

  const poll = (workerName = "w1") =>
    states.client.send(new GetActivityTaskCommand({ activityArn: ACTIVITY, workerName }));
  const started = async (fields: object = {}, name = "run") => {
    const stateMachineArn = await states.create(machine(fields));
    const { executionArn = "" } = await states.client.send(
      new StartExecutionCommand({ stateMachineArn, name, input: '{"image":1}' }),
    );
    return { executionArn, end: states.ended(executionArn) };
  };
  const described = (executionArn: string) => states.client.send(new DescribeExecutionCommand({ executionArn }));

  it("gives a worker the task that waits, and the state what the worker sends", async () => {
    const { executionArn, end } = await started();
    const task = await poll();
    expect(JSON.parse(task.input ?? "")).toEqual({ image: 1 });
    await states.client.send(new SendTaskSuccessCommand({ taskToken: task.taskToken, output: '{"label":"cat"}' }));
    expect(await end).toBe("SUCCEEDED");
    expect(await described(executionArn)).toMatchObject({ output: '{"label":"cat"}' });
    const { events = [] } = await states.client.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events.map(({ type }) => type)).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      "ActivityScheduled",
      "ActivityStarted",
      "ActivitySucceeded",
      "TaskStateExited",
      "ExecutionSucceeded",
    ]);
    expect(events[3]?.activityStartedEventDetails).toEqual({ workerName: "w1" });
  });

  it("lets a worker wait for a task, and gives each task to one worker only", async () => {
    const answers: { taskToken?: string | undefined }[] = [];
    const note = (answer: { taskToken?: string | undefined }) => answers.push(answer);
    const polls = [poll("w1").then(note), poll("w2").then(note)];
    await started();
    await clock.until(() => answers.length === 2, 7_000);
    await Promise.all(polls);
    expect(answers.filter(({ taskToken }) => taskToken !== undefined)).toHaveLength(1);
  });

  it("offers a task again to nobody after a restart that came before any worker took it, but keeps it for the next", async () => {
    const { executionArn } = await started();
    await states.reopen();
    const task = await poll();
    const end = states.ended(executionArn);
    await states.client.send(
      new SendTaskFailureCommand({ taskToken: task.taskToken, error: "Blurred", cause: "image" }),
    );
    expect(await end).toBe("FAILED");
    expect(await described(executionArn)).toMatchObject({ error: "Blurred", cause: "image" });
  });

  it("times out a task without heartbeats, and refuses what comes afterwards", async () => {
    const { executionArn, end } = await started({ HeartbeatSeconds: 30, TimeoutSeconds: 300 });
    const { taskToken } = await poll();
    clock.advance(20_000);
    await states.client.send(new SendTaskHeartbeatCommand({ taskToken }));
    clock.advance(20_000);
    expect(await described(executionArn)).toMatchObject({ status: "RUNNING" });
    clock.advance(31_000);
    expect(await end).toBe("FAILED");
    expect(await described(executionArn)).toMatchObject({ error: "States.Timeout" });
    await expect(states.client.send(new SendTaskHeartbeatCommand({ taskToken }))).rejects.toMatchObject({
      name: "TaskTimedOut",
      message: `Task Timed Out: '${ACTIVITY}'`,
    });
  });

  it("takes a task back when its execution is stopped", async () => {
    const { executionArn } = await started();
    await states.client.send(new StopExecutionCommand({ executionArn }));
    const answers: unknown[] = [];
    const waiting = poll().then(({ taskToken }) => answers.push(taskToken));
    await clock.until(() => answers.length > 0, 7_000);
    await waiting;
    expect(answers).toEqual([undefined]);
  });

  it("ends an execution at a task whose activity does not exist, whatever would catch that", async () => {
    await states.client.send(new DeleteActivityCommand({ activityArn: ACTIVITY }));
    const catching = machine({ Catch: [{ ErrorEquals: ["States.ALL"], Next: "Label" }] });
    const { executionArn = "", ...ended } = await states.run(await states.create(catching));
    expect(ended).toMatchObject({
      status: "FAILED",
      error: "States.Runtime",
      cause: `An error occurred while executing the state 'Label' (entered at the event id #2). The activity ${ACTIVITY} does not exist.`,
      redriveStatus: "REDRIVABLE",
    });
    const { events = [] } = await states.client.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events.map(({ type }) => type)).toEqual(["ExecutionStarted", "TaskStateEntered", "ExecutionFailed"]);
  });

  it("runs a task on when its activity comes to be before a redrive, and goes after", async () => {
    await states.client.send(new DeleteActivityCommand({ activityArn: ACTIVITY }));
    const { executionArn = "" } = await states.run(await states.create(machine({ TimeoutSeconds: 30 })));
    await states.client.send(new CreateActivityCommand({ name: "label" }));
    await states.client.send(new RedriveExecutionCommand({ executionArn }));
    await states.client.send(new DeleteActivityCommand({ activityArn: ACTIVITY }));
    expect(await described(executionArn)).toMatchObject({ status: "RUNNING" });
    const over = states.ended(executionArn);
    clock.advance(31_000);
    expect(await over).toBe("FAILED");
    expect(await described(executionArn)).toMatchObject({ error: "States.Timeout" });
  });

  it.each([
    {
      what: "no token",
      taskToken: "abc",
      output: "{}",
      name: "InvalidToken",
      message: "Invalid Token: 'Invalid token'",
    },
    {
      what: "the token of an execution that never was",
      taskToken: btoa("arn:aws:states:us-east-1:000000000000:execution:m:x/3/00000000-0000-4000-8000-000000000000"),
      output: "{}",
      name: "TaskDoesNotExist",
      message: "Task does not exist",
    },
    {
      what: "an output that is not JSON",
      taskToken: btoa("arn:aws:states:us-east-1:000000000000:execution:m:x/3/00000000-0000-4000-8000-000000000000"),
      output: "{",
      name: "InvalidOutput",
      message: /^Invalid Output: '/,
    },
  ])("refuses $what", async ({ taskToken, output, name, message }) => {
    await expect(states.client.send(new SendTaskSuccessCommand({ taskToken, output }))).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });

  it("creates an activity once, describes, lists in pages, tags and deletes it", async () => {
    const again = await states.client.send(new CreateActivityCommand({ name: "label" }));
    expect(again.activityArn).toBe(ACTIVITY);
    clock.advance(1);
    await states.client.send(new CreateActivityCommand({ name: "second", tags: [{ key: "team", value: "a" }] }));
    const page = await states.client.send(new ListActivitiesCommand({ maxResults: 1 }));
    expect(page.activities).toMatchObject([{ name: "label", activityArn: ACTIVITY }]);
    const rest = await states.client.send(new ListActivitiesCommand({ maxResults: 1, nextToken: page.nextToken }));
    expect(rest).toMatchObject({ activities: [{ name: "second" }] });
    expect(rest.nextToken).toBeUndefined();
    const [second] = rest.activities ?? [];
    expect(
      await states.client.send(new ListTagsForResourceCommand({ resourceArn: second?.activityArn })),
    ).toMatchObject({ tags: [{ key: "team", value: "a" }] });
    await states.client.send(new DeleteActivityCommand({ activityArn: ACTIVITY }));
    await expect(states.client.send(new DescribeActivityCommand({ activityArn: ACTIVITY }))).rejects.toMatchObject({
      name: "ActivityDoesNotExist",
      message: `Activity Does Not Exist: '${ACTIVITY}'`,
    });
    await expect(poll()).rejects.toMatchObject({ name: "ActivityDoesNotExist" });
  });
});
