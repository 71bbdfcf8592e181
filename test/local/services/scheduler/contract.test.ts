/** What Scheduler does with a schedule's time, tries and failures, under a clock that the tests move. */
import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  type CreateScheduleInput,
  GetScheduleCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, DeleteMessageCommand, type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AwsError } from "../../../../local/aws-error.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { type ManualClock, manualClock } from "../../manual-clock.ts";
import { standInStates } from "../../stand-in-services.ts";
import { Arn, type OpenScheduler, openScheduler, RoleArn } from "./open-scheduler.ts";

const MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:busy";
const HOUR_MS = 3_600_000;

let directory: string;
let client: OpenScheduler["client"];
let queues: OpenScheduler["queues"];
let close: OpenScheduler["close"];
let clock: ManualClock;
let QueueUrl: string;
let inputs: string[];

const busyMachines = standInStates({
  handle({ input = "" }) {
    inputs.push(input);
    throw new AwsError("ServiceUnavailable", "busy", { status: 503 });
  },
});

async function open(start: string): Promise<void> {
  directory = temporaryFolder("scheduler");
  inputs = [];
  clock = manualClock(start);
  ({ client, queues, close } = await openScheduler(directory, clock, busyMachines));
  QueueUrl = (await queues.send(new CreateQueueCommand({ QueueName: "due" }))).QueueUrl ?? "";
}

afterEach(() => close());

const scheduled = (Name: string, ScheduleExpression: string, more: Partial<CreateScheduleInput> = {}) => ({
  Name,
  ScheduleExpression,
  FlexibleTimeWindow: { Mode: "OFF" as const },
  Target: { Arn, RoleArn, Input: "<aws.scheduler.scheduled-time>" },
  ...more,
});
const create = (...args: Parameters<typeof scheduled>) => client.send(new CreateScheduleCommand(scheduled(...args)));

/** Messages there are once the home has done what is due. */
async function due(): Promise<Message[]> {
  const messages: Message[] = [];
  for (let tries = 0; tries < 10; tries++) {
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] });
    const { Messages = [] } = await queues.send(receive);
    for (const { ReceiptHandle } of Messages) await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    messages.push(...Messages);
  }
  return messages;
}

/** Scheduled times of the runs within some hours, an hour at a time. */
async function runsIn(hours: number): Promise<(string | undefined)[]> {
  const runs: (string | undefined)[] = [];
  for (let passed = 0; passed < hours; passed++) {
    clock.advance(HOUR_MS);
    runs.push(...(await due()).map(({ Body }) => Body));
  }
  return runs;
}

describe("clocks that change", () => {
  const ScheduleExpressionTimezone = "America/New_York";

  it("skip a run at a time that spring leaves out, and keep to the wall clock after", async () => {
    await open("2026-03-07T12:00:00Z");
    await create("night", "cron(30 2 * * ? *)", { ScheduleExpressionTimezone });
    await create("morning", "cron(0 9 * * ? *)", { ScheduleExpressionTimezone });
    // On 8 March, 2:00 is 3:00: no 2:30, and 9:00 is an hour earlier than on the day before.
    expect(await runsIn(45)).toEqual(["2026-03-07T14:00:00Z", "2026-03-08T13:00:00Z", "2026-03-09T06:30:00Z"]);
  });

  it("run once at a time that autumn shows twice, while a rate counts hours that passed", async () => {
    await open("2026-11-01T03:00:00Z");
    await create("night", "cron(30 1 * * ? *)", { ScheduleExpressionTimezone });
    await create("daily", "rate(1 day)", { StartDate: new Date("2026-11-01T04:00:00Z"), ScheduleExpressionTimezone });
    expect(await runsIn(28)).toEqual([
      "2026-11-01T04:00:00Z",
      "2026-11-01T05:30:00Z",
      "2026-11-02T04:00:00Z",
      "2026-11-02T06:30:00Z",
    ]);
  });
});

describe("a schedule through the SDK", () => {
  beforeEach(() => open("2026-01-01T00:00:00Z"));

  it("is replaced whole by an update: what is not given again is gone, and its next run is the new one", async () => {
    const Description = "at first";
    const EndDate = new Date("2026-01-01T05:00:00Z");
    await create("changed", "cron(0 1 * * ? *)", { Description, EndDate, State: "DISABLED" });
    const { CreationDate } = await client.send(new GetScheduleCommand({ Name: "changed" }));
    clock.advance(60_000);
    await client.send(new UpdateScheduleCommand(scheduled("changed", "cron(0 2 * * ? *)")));
    const found = await client.send(new GetScheduleCommand({ Name: "changed" }));
    expect(found).toMatchObject({ State: "ENABLED", CreationDate });
    expect(found.LastModificationDate).toEqual(new Date("2026-01-01T00:01:00Z"));
    expect(found).not.toHaveProperty("Description");
    expect(found).not.toHaveProperty("EndDate");
    expect(await runsIn(27)).toEqual(["2026-01-01T02:00:00Z", "2026-01-02T02:00:00Z"]);
    const none = new UpdateScheduleCommand(scheduled("none", "rate(1 hour)"));
    await expect(client.send(none)).rejects.toThrow(expect.objectContaining({ name: "ResourceNotFoundException" }));
  });

  it("is tried as often as its policy says, told which try it is, and then a dead letter with all its attributes", async () => {
    const RetryPolicy = { MaximumRetryAttempts: 2 };
    const Input = '{"try":<aws.scheduler.attempt-number>}';
    const Target = { Arn: MACHINE, RoleArn, Input, RetryPolicy, DeadLetterConfig: { Arn } };
    const { ScheduleArn } = await create("busy", "at(2026-01-01T00:10:00)", { Target });
    clock.advance(600_000);
    await clock.until(() => inputs.length === 3);
    expect(inputs).toEqual(['{"try":1}', '{"try":2}', '{"try":3}']);
    const [letter] = await due();
    const attributes = Object.entries(letter?.MessageAttributes ?? {});
    expect(letter?.Body).toBe('{"try":3}');
    expect(Object.fromEntries(attributes.map(([name, { StringValue }]) => [name, StringValue]))).toEqual({
      SCHEDULE_ARN: ScheduleArn,
      TARGET_ARN: MACHINE,
      EXECUTION_ID: expect.any(String),
      SCHEDULED_TIME: "2026-01-01T00:10:00Z",
      ERROR_CODE: "ServiceUnavailable",
      ERROR_MESSAGE: "busy",
      RETRY_ATTEMPTS: "2",
      EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
      IS_PAYLOAD_TRUNCATED: "false",
    });
  });

  it("runs at its start date and at its end date, and not beyond", async () => {
    const StartDate = new Date("2026-01-01T02:00:00Z");
    const EndDate = new Date("2026-01-01T04:00:00Z");
    await create("bounded", "rate(1 hour)", { StartDate, EndDate });
    expect(await runsIn(6)).toEqual(["2026-01-01T02:00:00Z", "2026-01-01T03:00:00Z", "2026-01-01T04:00:00Z"]);
  });

  it("belongs to a group that has tags", async () => {
    const { ScheduleGroupArn: ResourceArn } = await client.send(
      new CreateScheduleGroupCommand({ Name: "tagged", Tags: [{ Key: "team", Value: "risk" }] }),
    );
    const tags = async () => (await client.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags;
    await client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: "stage", Value: "dev" }] }));
    expect(await tags()).toEqual([
      { Key: "team", Value: "risk" },
      { Key: "stage", Value: "dev" },
    ]);
    await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["team"] }));
    expect(await tags()).toEqual([{ Key: "stage", Value: "dev" }]);
  });

  const flexible = (MaximumWindowInMinutes?: number) => ({
    FlexibleTimeWindow: { Mode: "FLEXIBLE" as const, MaximumWindowInMinutes },
  });
  const retried = (RetryPolicy: object) => ({ Target: { Arn, RoleArn, RetryPolicy } });
  const range = (value: number, member: string, rule: string) =>
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${rule}`;

  it.each([
    { fault: flexible(), says: "must be from 1 to 1440 when Mode is FLEXIBLE" },
    { fault: flexible(0), says: range(0, "flexibleTimeWindow.maximumWindowInMinutes", "greater than or equal to 1") },
    {
      fault: flexible(1441),
      says: range(1441, "flexibleTimeWindow.maximumWindowInMinutes", "less than or equal to 1440"),
    },
    {
      fault: { FlexibleTimeWindow: { Mode: "OFF" as const, MaximumWindowInMinutes: 5 } },
      says: "cannot be given when Mode is OFF",
    },
    {
      fault: retried({ MaximumRetryAttempts: 186 }),
      says: range(186, "target.retryPolicy.maximumRetryAttempts", "less than or equal to 185"),
    },
    {
      fault: retried({ MaximumEventAgeInSeconds: 59 }),
      says: range(59, "target.retryPolicy.maximumEventAgeInSeconds", "greater than or equal to 60"),
    },
    {
      fault: { Target: { Arn, RoleArn, DeadLetterConfig: { Arn: `${Arn}.fifo` } } },
      says: "must be the ARN of a standard SQS queue",
    },
    {
      fault: { StartDate: new Date("2026-02-01T00:00:00Z"), EndDate: new Date("2026-01-31T00:00:00Z") },
      says: "The EndDate must be after the StartDate.",
    },
    { fault: { ScheduleExpression: "cron(0 0 * * * *)" }, says: "Invalid Schedule Expression cron(0 0 * * * *)." },
    { fault: { Name: "a b" }, says: 'Invalid schedule name "a b"' },
  ])("is refused: $says", async ({ fault, says }) => {
    await expect(create("bad", "rate(1 hour)", fault)).rejects.toThrow(
      expect.objectContaining({ name: "ValidationException", message: expect.stringContaining(says) }),
    );
  });
});
