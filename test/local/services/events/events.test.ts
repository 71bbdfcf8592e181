import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  DeleteRuleCommand,
  DescribeReplayCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  StartReplayCommand,
  type Target,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AwsError } from "../../../../local/aws-error.ts";
import { type Home, openHome } from "../../../../local/home.ts";
import { events } from "../../../../local/services/events/index.ts";
import { sqs } from "../../../../local/services/sqs/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { followClock, manualClock } from "../../manual-clock.ts";
import { standInStates } from "../../stand-in-services.ts";

const ROLE = "arn:aws:iam::000000000000:role/bus";
const MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:update";
const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

let directory: string;
let home: Home;
let bus: EventBridgeClient;
let queues: SQSClient;
let clock: ReturnType<typeof manualClock>;
let starts: { input: string; name: string; principal: string }[];
let failures: AwsError[];

const states = standInStates({
  handle({ input = "", name = "" }, { principal }) {
    const failure = failures.shift();
    if (failure) throw failure;
    starts.push({ input, name, principal: principal.kind === "role" ? principal.roleArn : principal.kind });
    return { executionArn: `${MACHINE}:${name}`, startDate: new Date() };
  },
});

beforeEach(async () => {
  directory = temporaryFolder("events");
  clock = manualClock("2026-01-01T00:00:00Z");
  starts = [];
  failures = [];
  await open();
});

async function open(): Promise<void> {
  home = await openHome({ directory, services: [sqs, events, states], clock });
  const document = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: ["states:*", "events:*"], Resource: "*" }],
  };
  home.ports.policies.setRoleSource((roleArn) =>
    roleArn === ROLE ? { roleArn, policies: [{ name: "all", document }], trust: {} } : undefined,
  );
  await home.start();
  bus = new EventBridgeClient(home.clientConfig());
  queues = new SQSClient(home.clientConfig());
  followClock(bus, clock);
  followClock(queues, clock);
}

async function close(): Promise<void> {
  bus.destroy();
  queues.destroy();
  await home.close();
}

afterEach(() => close());

async function rule(name: string, pattern: object, ...targets: Target[]): Promise<void> {
  await bus.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern) }));
  if (targets.length > 0) await bus.send(new PutTargetsCommand({ Rule: name, Targets: targets }));
}

async function put(detail: object, source = "shop"): Promise<string> {
  const { Entries } = await bus.send(
    new PutEventsCommand({ Entries: [{ Source: source, DetailType: "Order Placed", Detail: JSON.stringify(detail) }] }),
  );
  return Entries?.[0]?.EventId ?? "";
}

/** A queue that lets the bus in, as its policy in an app does. */
async function makeQueue(name: string): Promise<string> {
  const Principal = { Service: "events.amazonaws.com" };
  const Statement = [{ Effect: "Allow", Principal, Action: "sqs:SendMessage", Resource: queueArn(name) }];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  return (await queues.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy } }))).QueueUrl ?? "";
}

async function message(QueueUrl: string): Promise<Message | undefined> {
  const receive = new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"] });
  for (let tries = 0; tries < 100; tries++) {
    const found = (await queues.send(receive)).Messages?.[0];
    if (found) return found;
  }
  return undefined;
}

const machine: Target = { Id: "machine", Arn: MACHINE, RoleArn: ROLE };

describe("the bus through the SDK", () => {
  it("gives a matching event to each target in its own form, as the target's role", async () => {
    const QueueUrl = await makeQueue("orders");
    const InputTransformer = {
      InputPathsMap: { order: "$.detail.order" },
      InputTemplate: '{"order":<order>,"by":"<aws.events.rule-name>"}',
    };
    await rule(
      "placed",
      { source: ["shop"], detail: { total: [{ numeric: [">", 5] }] } },
      { Id: "queue", Arn: queueArn("orders"), InputTransformer },
      machine,
    );
    await put({ order: "o-1", total: 4 });
    const id = await put({ order: "o-2", total: 6 });
    expect((await message(QueueUrl))?.Body).toBe('{"order":"o-2","by":"placed"}');
    await clock.until(() => starts.length === 1);
    expect(starts).toMatchObject([{ principal: ROLE }]);
    expect(JSON.parse(starts[0]?.input ?? "")).toMatchObject({
      id,
      source: "shop",
      "detail-type": "Order Placed",
      detail: { order: "o-2" },
      time: "2026-01-01T00:00:00Z",
    });
  });

  it("answers entry by entry, with AWS's codes", async () => {
    const entry = { Source: "shop", DetailType: "t", Detail: "{}" };
    const Entries = [
      entry,
      { ...entry, Source: "aws.ec2" },
      { ...entry, Detail: "[" },
      { DetailType: "t", Detail: "{}" },
      { ...entry, EventBusName: "nowhere" },
    ];
    const answer = await bus.send(new PutEventsCommand({ Entries }));
    expect(answer.FailedEntryCount).toBe(3);
    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      "NotAuthorizedForSourceException",
      "MalformedDetail",
      "InvalidArgument",
      undefined,
    ]);
    await expect(bus.send(new PutEventsCommand({ Entries: Array(11).fill(entry) }))).rejects.toThrow(
      "Member must have length less than or equal to 10",
    );
    await expect(bus.send(new PutEventsCommand({ Entries: [] }))).rejects.toThrow(
      "Member must have length greater than or equal to 1",
    );
  });

  it.each([
    {
      input: { Name: "r", EventPattern: '{"a":1}' },
      name: "InvalidEventPatternException",
      message: 'Reason: "a" must be an object or an array',
    },
    {
      input: { Name: "r" },
      name: "ValidationException",
      message: "Parameter(s) EventPattern or ScheduleExpression must be specified.",
    },
    {
      input: { Name: "r", ScheduleExpression: "rate(1 minutes)" },
      name: "ValidationException",
      message: "Parameter ScheduleExpression is not valid.",
    },
    {
      input: { Name: "r", EventPattern: '{"a":[1]}', EventBusName: "x" },
      name: "ResourceNotFoundException",
      message: "Event bus x does not exist.",
    },
    {
      input: { Name: "r!", EventPattern: '{"a":[1]}' },
      name: "ValidationException",
      message: "failed to satisfy constraint",
    },
  ])("refuses the rule $input with $name", async ({ input, name, message: text }) => {
    await expect(bus.send(new PutRuleCommand(input))).rejects.toThrow(
      expect.objectContaining({ name, message: expect.stringContaining(text) }),
    );
  });

  it("refuses a sixth target, two inputs, an unknown placeholder, and to delete a rule that has targets", async () => {
    await rule("full", { source: ["shop"] }, ...[1, 2, 3, 4, 5].map((n) => ({ Id: `q${n}`, Arn: queueArn(`q${n}`) })));
    const add = (target: Target) => bus.send(new PutTargetsCommand({ Rule: "full", Targets: [target] }));
    const Arn = queueArn("q1");
    await expect(add({ Id: "q6", Arn })).rejects.toThrow(expect.objectContaining({ name: "LimitExceededException" }));
    await expect(add({ Id: "q1", Arn, Input: "{}", InputPath: "$" })).rejects.toThrow(
      "Only one of Input, InputPath, or InputTransformer must be provided for target q1.",
    );
    await expect(add({ Id: "q1", Arn, InputTransformer: { InputTemplate: "<x>" } })).rejects.toThrow(
      "InputTemplate for target q1 contains invalid placeholder x.",
    );
    const paths = (InputPathsMap: Record<string, string>) =>
      add({ Id: "q1", Arn, InputTransformer: { InputTemplate: "{}", InputPathsMap } });
    await expect(paths({ "aws.x": "$.id" })).rejects.toThrow("regular expression pattern: [A-Za-z0-9");
    await expect(paths({ x: `$.${"y".repeat(255)}` })).rejects.toThrow("Map value must satisfy constraint");
    await expect(paths(Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`k${n}`, "$.id"])))).rejects.toThrow(
      "at 'targets.1.member.inputTransformer.inputPathsMap' failed to satisfy constraint",
    );
    await expect(add({ Id: "q1", Arn, InputPath: `$.${"y".repeat(255)}` })).rejects.toThrow(
      "at 'targets.1.member.inputPath' failed to satisfy constraint",
    );
    await expect(bus.send(new DeleteRuleCommand({ Name: "full" }))).rejects.toThrow(
      "Rule can't be deleted since it has targets.",
    );
    expect((await bus.send(new ListTargetsByRuleCommand({ Rule: "full" }))).Targets).toHaveLength(5);
  });

  it("tries again what may pass, and sends to the dead-letter queue what may not, saying why", async () => {
    const deadUrl = await makeQueue("dead");
    await rule("placed", { source: ["shop"] }, { ...machine, DeadLetterConfig: { Arn: queueArn("dead") } });
    failures = [new AwsError("ServiceUnavailable", "later", { status: 503 })];
    await put({ order: "o-1" });
    await clock.until(() => starts.length === 1);
    failures = [new AwsError("StateMachineDoesNotExist", "gone")];
    const id = await put({ order: "o-2" });
    const letter = await message(deadUrl);
    expect(JSON.parse(letter?.Body ?? "")).toMatchObject({ id, detail: { order: "o-2" } });
    expect(letter?.MessageAttributes).toMatchObject({
      RULE_ARN: { StringValue: "arn:aws:events:us-east-1:000000000000:rule/placed" },
      TARGET_ARN: { StringValue: MACHINE },
      ERROR_CODE: { StringValue: "NO_RESOURCE" },
      RETRY_ATTEMPTS: { StringValue: "0" },
    });
  });

  it("gives up after the retries the target allows", async () => {
    const deadUrl = await makeQueue("dead");
    const RetryPolicy = { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 };
    await rule(
      "placed",
      { source: ["shop"] },
      { ...machine, RetryPolicy, DeadLetterConfig: { Arn: queueArn("dead") } },
    );
    failures = [1, 2, 3].map(() => new AwsError("ServiceUnavailable", "never", { status: 503 }));
    await put({});
    await clock.until(() => failures.length === 0);
    expect((await message(deadUrl))?.MessageAttributes).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: { StringValue: "MaximumRetryAttempts" },
      RETRY_ATTEMPTS: { StringValue: "2" },
    });
  });

  it("delivers after a restart what was acknowledged before it", async () => {
    await rule("placed", { source: ["shop"] }, machine);
    failures = [new AwsError("ServiceUnavailable", "later", { status: 503 })];
    await put({ order: "kept" });
    await clock.until(() => failures.length === 0, 0);
    await close();
    clock.advance(5_000);
    await open();
    await clock.until(() => starts.length === 1);
    expect(starts[0]?.input).toContain("kept");
  });

  it("sends on to another bus, and does not match a disabled rule", async () => {
    await bus.send(new CreateEventBusCommand({ Name: "second" }));
    const QueueUrl = await makeQueue("far");
    await bus.send(new PutRuleCommand({ Name: "there", EventBusName: "second", EventPattern: '{"source":["shop"]}' }));
    await bus.send(
      new PutTargetsCommand({
        Rule: "there",
        EventBusName: "second",
        Targets: [{ Id: "far", Arn: queueArn("far"), InputPath: "$.detail" }],
      }),
    );
    await rule(
      "on",
      { source: ["shop"] },
      { Id: "bus", Arn: "arn:aws:events:us-east-1:000000000000:event-bus/second", RoleArn: ROLE },
    );
    await rule("off", { source: ["shop"] }, machine);
    await bus.send(new DisableRuleCommand({ Name: "off" }));
    await put({ hop: 1 });
    expect((await message(QueueUrl))?.Body).toBe('{"hop":1}');
    expect(starts).toEqual([]);
    expect(await bus.send(new DescribeRuleCommand({ Name: "off" }))).toMatchObject({
      State: "DISABLED",
      EventBusName: "default",
    });
  });

  it("runs a scheduled rule when it is due, and makes up one missed run after downtime", async () => {
    await bus.send(new PutRuleCommand({ Name: "hourly", ScheduleExpression: "rate(1 hour)" }));
    await bus.send(new PutTargetsCommand({ Rule: "hourly", Targets: [machine] }));
    clock.advance(3_600_000);
    await clock.until(() => starts.length === 1);
    expect(JSON.parse(starts[0]?.input ?? "")).toMatchObject({
      source: "aws.events",
      "detail-type": "Scheduled Event",
      time: "2026-01-01T01:00:00Z",
      detail: {},
    });
    await close();
    clock.advance(5 * 3_600_000);
    await open();
    await clock.until(() => starts.length === 2);
    expect(JSON.parse(starts[1]?.input ?? "").time).toBe("2026-01-01T02:00:00Z");
  });

  it("runs a cron rule in UTC with its targets' inputs, not while it is disabled, and names itself in resources", async () => {
    await bus.send(new PutRuleCommand({ Name: "nightly", ScheduleExpression: "cron(30 2 ? * MON-FRI *)" }));
    await bus.send(
      new PutTargetsCommand({ Rule: "nightly", Targets: [machine, { ...machine, Id: "fixed", Input: "{}" }] }),
    );
    clock.advance(3 * 3_600_000);
    await clock.until(() => starts.length === 2);
    const inputs = starts.map(({ input }) => JSON.parse(input));
    expect(inputs).toContainEqual({});
    expect(inputs).toContainEqual(
      expect.objectContaining({
        time: "2026-01-01T02:30:00Z",
        account: "000000000000",
        resources: ["arn:aws:events:us-east-1:000000000000:rule/nightly"],
      }),
    );
    await bus.send(new DisableRuleCommand({ Name: "nightly" }));
    clock.advance(24 * 3_600_000);
    await bus.send(new EnableRuleCommand({ Name: "nightly" }));
    // Friday's run was due while the rule was disabled; the next is on Monday.
    clock.advance(3 * 24 * 3_600_000);
    await clock.until(() => starts.length === 4);
    expect(starts.slice(2).map(({ input }) => JSON.parse(input).time)).toContain("2026-01-05T02:30:00Z");
  });

  it("keeps events in an archive and replays them to the rules there are now", async () => {
    const EventSourceArn = "arn:aws:events:us-east-1:000000000000:event-bus/default";
    const { ArchiveArn } = await bus.send(
      new CreateArchiveCommand({ ArchiveName: "orders", EventSourceArn, EventPattern: '{"source":["shop"]}' }),
    );
    await put({ order: "old" });
    await put({ order: "other" }, "elsewhere");
    await rule("late", { source: ["shop", "elsewhere"] }, machine);
    const EventStartTime = new Date("2025-12-31T00:00:00Z");
    const EventEndTime = new Date("2026-01-02T00:00:00Z");
    await bus.send(
      new StartReplayCommand({
        ReplayName: "again",
        EventSourceArn: ArchiveArn,
        Destination: { Arn: EventSourceArn },
        EventStartTime,
        EventEndTime,
      }),
    );
    await clock.until(() => starts.length === 1);
    expect(JSON.parse(starts[0]?.input ?? "")).toMatchObject({ detail: { order: "old" }, "replay-name": "again" });
    expect((await bus.send(new DescribeReplayCommand({ ReplayName: "again" }))).State).toBe("COMPLETED");
  });

  it("tests a pattern against an event", async () => {
    const event = { id: "1", source: "s", "detail-type": "t", account: "1", region: "r", time: "2022-07-13T13:48:01Z" };
    const test = (EventPattern: string, Event: object) =>
      bus.send(new TestEventPatternCommand({ EventPattern, Event: JSON.stringify(Event) }));
    expect((await test('{"source":["s"]}', event)).Result).toBe(true);
    await expect(test('{"source":["s"]}', {})).rejects.toThrow("Parameter Event is not valid.");
  });
});
