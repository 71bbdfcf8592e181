import {
  CreateActivityCommand,
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetActivityTaskCommand,
  ListExecutionsCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  TestStateCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AwsError } from "../../../../local/aws-error.ts";
import { sts } from "../../../../local/services/sts/index.ts";
import { answering, standInLambda } from "../../stand-in-services.ts";
import { ROLE, StatesHome } from "./states-home.ts";

const ACTIVITY = "arn:aws:states:us-east-1:000000000000:activity:work";
const CHILD = "arn:aws:states:us-east-1:000000000000:stateMachine:child";
const work = { StartAt: "Work", States: { Work: { Type: "Task", Resource: ACTIVITY, End: true } } };
const parent = (suffix: string, fields: object = {}) => ({
  QueryLanguage: "JSONata",
  StartAt: "Nest",
  States: {
    Nest: {
      Type: "Task",
      Resource: `arn:aws:states:::states:startExecution${suffix}`,
      Arguments: { StateMachineArn: CHILD, Input: { n: "{% $states.input.n %}" } },
      End: true,
      ...fields,
    },
  },
});

describe("executions started by executions", () => {
  let states: StatesHome;
  beforeEach(async () => {
    states = await new StatesHome([sts]).open();
    await states.client.send(new CreateActivityCommand({ name: "work" }));
    await states.create(work, { name: "child" });
  });
  afterEach(() => states.close());

  const poll = () => states.client.send(new GetActivityTaskCommand({ activityArn: ACTIVITY }));
  const children = async () =>
    (await states.client.send(new ListExecutionsCommand({ stateMachineArn: CHILD }))).executions ?? [];
  const end = async (output: string) =>
    states.client.send(new SendTaskSuccessCommand({ taskToken: (await poll()).taskToken, output }));
  const outputOf = ({ output }: DescribeExecutionCommandOutput) => JSON.parse(output ?? "null");

  it("does not wait without .sync", async () => {
    const ended = await states.run(await states.create(parent("")), { n: 1 });
    expect(outputOf(ended).ExecutionArn).toBe((await children())[0]?.executionArn);
  });

  it.each([
    { suffix: ".sync", Output: '{"label":1}' },
    { suffix: ".sync:2", Output: { label: 1 } },
  ])("waits with $suffix, and has the child's output as $Output", async ({ suffix, Output }) => {
    const running = states.run(await states.create(parent(suffix)), { n: 1 });
    await end('{"label":1}');
    expect(outputOf(await running)).toMatchObject({ Status: "SUCCEEDED", Output, StateMachineArn: CHILD });
  });

  it("fails with the child, whose error is in the cause", async () => {
    const running = states.run(await states.create(parent(".sync:2")), { n: 1 });
    await states.client.send(
      new SendTaskFailureCommand({ taskToken: (await poll()).taskToken, error: "Bad", cause: "c" }),
    );
    const ended = await running;
    expect(ended).toMatchObject({ status: "FAILED", error: "States.TaskFailed" });
    expect(JSON.parse(ended.cause ?? "")).toMatchObject({ Status: "FAILED", Error: "Bad", Cause: "c" });
  });

  it("stops the child when the parent is stopped", async () => {
    const stateMachineArn = await states.create(parent(".sync"));
    const { executionArn } = await states.client.send(new StartExecutionCommand({ stateMachineArn, input: '{"n":1}' }));
    await poll();
    const [child] = await children();
    const stopped = states.ended(child?.executionArn ?? "");
    await states.client.send(new StopExecutionCommand({ executionArn }));
    expect(await stopped).toBe("ABORTED");
  });

  it("stops the child when the state times out", async () => {
    const stateMachineArn = await states.create(parent(".sync", { TimeoutSeconds: 1 }));
    const running = states.run(stateMachineArn, { n: 1 });
    await poll();
    const [child] = await children();
    const stopped = states.ended(child?.executionArn ?? "");
    expect(await running).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    expect(await stopped).toBe("ABORTED");
  });

  it("finds its child again after a restart, and starts no second", async () => {
    const stateMachineArn = await states.create(parent(".sync:2"));
    const { executionArn = "" } = await states.client.send(
      new StartExecutionCommand({ stateMachineArn, input: '{"n":1}' }),
    );
    const { taskToken } = await poll();
    await states.reopen();
    const ended = states.ended(executionArn);
    await states.client.send(new SendTaskSuccessCommand({ taskToken, output: "{}" }));
    expect(await ended).toBe("SUCCEEDED");
    expect(await children()).toHaveLength(1);
  });
});

const OTHER = "arn:aws:iam::000000000000:role/other";
const PARTNER = "arn:aws:iam::000000000000:role/partner";

/** Tells who called. */
const lambda = (callers: string[]) =>
  standInLambda({
    authorize: () => [],
    handle(_input, { principal }) {
      if (principal.kind !== "role") throw new AwsError("AccessDeniedException", "a role is needed");
      callers.push(principal.roleArn);
      return { StatusCode: 200, Payload: answering({}) };
    },
  });

describe("a task's Credentials", () => {
  const callers: string[] = [];
  let states: StatesHome;
  beforeEach(async () => {
    callers.length = 0;
    states = await new StatesHome([sts, lambda(callers)]).open();
    const trust = (Principal: object) => ({ Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal }] });
    const trusts = new Map<string, unknown>([
      [OTHER, trust({ AWS: ROLE })],
      [PARTNER, trust({ Service: "lambda.amazonaws.com" })],
    ]);
    states.home.ports.policies.setRoleSource((roleArn) => ({
      roleArn,
      policies: [],
      trust: trusts.get(roleArn) ?? {},
    }));
    states.home.ports.policies.invalidate();
  });
  afterEach(() => states.close());

  const task = (RoleArn: string) => ({
    QueryLanguage: "JSONata",
    StartAt: "T",
    States: {
      T: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Credentials: { RoleArn },
        Arguments: { FunctionName: "f" },
        End: true,
      },
    },
  });

  it("are the role it calls as, where that role trusts the state machine's", async () => {
    expect(await states.run(await states.create(task(OTHER)))).toMatchObject({ status: "SUCCEEDED" });
    expect(callers).toEqual([OTHER]);
  });

  it.each([
    { role: OTHER, expected: { status: "SUCCEEDED" }, called: [OTHER] },
    { role: PARTNER, expected: { status: "FAILED", error: "States.TaskFailed" }, called: [] },
  ])("count in TestState as well: $role", async ({ role, expected, called }) => {
    const definition = JSON.stringify({ QueryLanguage: "JSONata", ...task(role).States.T });
    const answer = await states.client.send(new TestStateCommand({ definition, roleArn: ROLE }));
    expect(answer).toMatchObject(expected);
    expect(callers).toEqual(called);
  });

  it("fail the task where it does not", async () => {
    const ended = await states.run(await states.create(task(PARTNER)));
    expect(ended).toMatchObject({ status: "FAILED", error: "States.TaskFailed" });
    expect(ended.cause).toContain(`The role ${ROLE} is not authorized to assume the task state's role, ${PARTNER}`);
    const { executionArn } = ended;
    expect((await states.client.send(new DescribeExecutionCommand({ executionArn }))).error).toBe("States.TaskFailed");
    expect(callers).toEqual([]);
  });
});
