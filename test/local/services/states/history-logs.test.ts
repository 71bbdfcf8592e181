import {
  CreateLogGroupCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateStateMachineCommand,
  GetExecutionHistoryCommand,
  type LogLevel,
  StartSyncExecutionCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ROLE, StatesHome } from "./states-home.ts";

const GROUP = "/aws/vendedlogs/states/m";
const logging = (level: LogLevel, includeExecutionData = true) => ({
  loggingConfiguration: {
    level,
    includeExecutionData,
    destinations: [
      { cloudWatchLogsLogGroup: { logGroupArn: `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}:*` } },
    ],
  },
});
const CAUGHT = {
  QueryLanguage: "JSONata",
  StartAt: "P",
  States: {
    P: {
      Type: "Parallel",
      Branches: [{ StartAt: "F", States: { F: { Type: "Fail", Error: "E", Cause: "c" } } }],
      Catch: [{ ErrorEquals: ["E"], Next: "End" }],
      End: true,
    },
    End: { Type: "Fail", Error: "Worse" },
  },
};
const PASS = { StartAt: "P", States: { P: { Type: "Pass", End: true } } };

describe("history in CloudWatch Logs", () => {
  let states: StatesHome;
  beforeEach(async () => {
    states = await new StatesHome().open();
    await states.logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  });
  afterEach(() => states.close());

  /** The records, once there are `count` of them. */
  async function records(count: number): Promise<{ [member: string]: unknown; type: string }[]> {
    for (;;) {
      const { events = [] } = await states.logs.send(new FilterLogEventsCommand({ logGroupName: GROUP }));
      if (events.length >= count) return events.map(({ message }) => JSON.parse(message ?? ""));
    }
  }

  async function streams() {
    const { logStreams = [] } = await states.logs.send(new DescribeLogStreamsCommand({ logGroupName: GROUP }));
    return logStreams.map(({ logStreamName }) => logStreamName);
  }

  it("has each event of a Standard execution in AWS's shape", async () => {
    const ended = await states.run(await states.create(PASS, logging("ALL")), { a: 1 });
    const found = await records(4);
    expect(found.map(({ type }) => type)).toEqual([
      "ExecutionStarted",
      "PassStateEntered",
      "PassStateExited",
      "ExecutionSucceeded",
    ]);
    const { events = [] } = await states.client.send(
      new GetExecutionHistoryCommand({ executionArn: ended.executionArn }),
    );
    expect(found[0]).toEqual({
      id: "1",
      type: "ExecutionStarted",
      details: { input: '{"a":1}', inputDetails: { truncated: false }, roleArn: ROLE },
      redrive_count: "0",
      previous_event_id: "0",
      event_timestamp: String(events[0]?.timestamp?.getTime()),
      execution_arn: ended.executionArn,
    });
    expect(found[1]).toMatchObject({ details: { name: "P", input: '{"a":1}' }, previous_event_id: "0" });
    expect(await streams()).toEqual([expect.stringMatching(/^states\/m\/\d{4}-\d\d-\d\d-\d\d\/00000000$/)]);
  });

  it("goes on in the hour's stream after a restart", async () => {
    const arn = await states.create(PASS, logging("ALL"));
    await states.run(arn);
    await records(4);
    await states.reopen();
    await states.run(arn, {}, "again");
    await records(8);
    expect((await streams()).length).toBeLessThanOrEqual(2);
  });

  it("leaves data out unless it is asked for", async () => {
    await states.run(await states.create(PASS, logging("ALL", false)), { secret: 1 });
    expect(JSON.stringify(await records(4))).not.toContain("secret");
  });

  it.each([
    { level: "ERROR", types: ["FailStateEntered", "ParallelStateFailed", "FailStateEntered", "ExecutionFailed"] },
    { level: "FATAL", types: ["ExecutionFailed"] },
  ] as const)("has at level $level only $types", async ({ level, types }) => {
    await states.run(await states.create(CAUGHT, logging(level)));
    const found = await records(types.length);
    expect(found.map(({ type }) => type)).toEqual(types);
  });

  it("is all that is known of an Express execution", async () => {
    const stateMachineArn = await states.create(PASS, { type: "EXPRESS", ...logging("ALL") });
    const { executionArn } = await states.client.send(new StartSyncExecutionCommand({ stateMachineArn }));
    const found = await records(4);
    expect(new Set(found.map((record) => record.execution_arn))).toEqual(new Set([executionArn]));
    expect(await streams()).toEqual([expect.stringMatching(/^states\/m\/\d{4}-\d\d-\d\d-\d\d-\d\d\/00000000$/)]);
  });

  it("cuts data that CloudWatch Logs would not take, and says so", async () => {
    const text = "x".repeat(256_000);
    await states.run(await states.create(PASS, logging("ALL")), text);
    const [first] = await records(4);
    expect(first).toMatchObject({ details: { inputDetails: { truncated: true } } });
    expect(JSON.stringify(first).length).toBeLessThan(256 * 1024);
  });

  it("does not stop an execution when the log group is not there", async () => {
    const configuration = logging("ALL").loggingConfiguration;
    const destinations = [
      { cloudWatchLogsLogGroup: { logGroupArn: "arn:aws:logs:us-east-1:000000000000:log-group:/none:*" } },
    ];
    const arn = await states.create(PASS, { loggingConfiguration: { ...configuration, destinations } });
    expect(await states.run(arn)).toMatchObject({ status: "SUCCEEDED" });
  });

  it("is only for state machines whose role may deliver logs", async () => {
    const roleArn = "arn:aws:iam::000000000000:role/no-logs";
    const allow = (...Action: string[]) => ({ Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
    const setup = ["logs:CreateLogDelivery", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies"];
    const give = (document: object) => {
      const policies = [{ name: "p", document }];
      states.home.ports.policies.setRoleSource((arn) => ({ roleArn: arn, policies, trust: {} }));
      states.home.ports.policies.invalidate();
    };
    const denied = {
      name: "AccessDeniedException",
      message: "The state machine IAM Role is not authorized to access the Log Destination",
    };
    give(allow(...setup));
    await expect(states.create(PASS, { ...logging("ALL"), roleArn })).rejects.toMatchObject(denied);
    const stateMachineArn = await states.create(PASS, { ...logging("OFF"), roleArn });
    const update = new UpdateStateMachineCommand({ stateMachineArn, ...logging("ERROR") });
    await expect(states.client.send(update)).rejects.toMatchObject(denied);
    give(allow(...setup, "logs:DescribeLogGroups"));
    await states.client.send(update);
  });

  const destination = (logGroupArn: string) => ({ destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }] });
  it.each([
    {
      what: "a level without a destination",
      change: { destinations: [] },
      why: "Must specify exactly one Log Destination.",
    },
    {
      what: "an ARN that does not end with :*",
      change: destination("arn:aws:logs:us-east-1:000000000000:log-group:g"),
      why: "Log Group ARN must be provided with '*' qualifier.",
    },
    {
      what: "an ARN of something else",
      change: destination("arn:aws:s3:::bucket"),
      why: "Provided ARN is not CloudWatch Logs Log Group ARN.",
    },
    {
      what: "a destination that is none",
      change: { destinations: [{}] },
      why: "Must set valid CloudWatch Log Group ARN.",
    },
  ])("refuses $what", async ({ change, why }) => {
    const loggingConfiguration = { ...logging("ALL").loggingConfiguration, ...change };
    const machine = { name: "m", roleArn: ROLE, definition: JSON.stringify(PASS), loggingConfiguration };
    await expect(states.client.send(new CreateStateMachineCommand(machine))).rejects.toMatchObject({
      name: "InvalidLoggingConfiguration",
      message: `Invalid Logging Configuration: ${why}`,
    });
  });
});
