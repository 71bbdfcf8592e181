import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  type CreateScheduleInput,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
} from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { manualClock } from "../../manual-clock.ts";
import { Arn, type OpenScheduler, openScheduler, RoleArn } from "./open-scheduler.ts";

let directory: string;
let client: OpenScheduler["client"];
let queues: OpenScheduler["queues"];
let close: OpenScheduler["close"];
let clock: ReturnType<typeof manualClock>;
let QueueUrl: string;

beforeEach(async () => {
  directory = temporaryFolder("scheduler");
  clock = manualClock("2026-01-01T00:00:00Z");
  await open();
  QueueUrl = (await queues.send(new CreateQueueCommand({ QueueName: "due" }))).QueueUrl ?? "";
});

async function open(): Promise<void> {
  ({ client, queues, close } = await openScheduler(directory, clock));
}

afterEach(() => close());

const create = (Name: string, ScheduleExpression: string, more: Partial<CreateScheduleInput> = {}) =>
  client.send(
    new CreateScheduleCommand({
      Name,
      ScheduleExpression,
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn, RoleArn, Input: Name },
      ...more,
    }),
  );

/** Bodies of the messages there are once the home has done what is due. */
async function due(): Promise<string[]> {
  const bodies: string[] = [];
  for (let tries = 0; tries < 10; tries++) {
    const { Messages = [] } = await queues.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    for (const { ReceiptHandle } of Messages) await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    bodies.push(...Messages.map(({ Body = "" }) => Body));
  }
  return bodies;
}

describe("Scheduler through the SDK", () => {
  it("runs a cron schedule in its time zone, and a rate from its creation on", async () => {
    await create("daily", "cron(0 9 * * ? *)", { ScheduleExpressionTimezone: "America/New_York" });
    await create("often", "rate(6 hours)");
    clock.advance(0);
    expect(await due()).toEqual(["often"]);
    for (const hours of [6, 6]) {
      clock.advance(hours * 3_600_000);
      expect(await due()).toEqual(["often"]);
    }
    clock.advance(2 * 3_600_000 - 1);
    expect(await due()).toEqual([]);
    clock.advance(1);
    expect(await due()).toEqual(["daily"]);
  });

  it("R4: runs a one-time schedule once, then deletes it when told to", async () => {
    await create("once", "at(2026-01-01T01:00:00)", { ActionAfterCompletion: "DELETE" });
    clock.advance(3_600_000);
    expect(await due()).toEqual(["once"]);
    expect((await client.send(new ListSchedulesCommand({}))).Schedules).toEqual([]);
  });

  it("R2: calls within the flexible window, and keeps to start and end date", async () => {
    const StartDate = new Date("2026-01-01T01:00:00Z");
    const EndDate = new Date("2026-01-01T02:30:00Z");
    await create("flexible", "rate(1 hour)", {
      StartDate,
      EndDate,
      FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 15 },
    });
    expect(await due()).toEqual([]);
    clock.advance(75 * 60_000);
    expect(await due()).toEqual(["flexible"]);
    clock.advance(24 * 3_600_000);
    expect(await due()).toEqual(["flexible"]);
  });

  it("ignores start and end date of a one-time schedule, as AWS does", async () => {
    await create("once", "at(2026-01-01T00:10:00)", { StartDate: new Date("2026-01-01T01:00:00Z") });
    await create("also", "at(2026-01-01T00:20:00)", { EndDate: new Date("2026-01-01T00:15:00Z") });
    clock.advance(10 * 60_000);
    expect(await due()).toEqual(["once"]);
    clock.advance(10 * 60_000);
    expect(await due()).toEqual(["also"]);
  });

  it("R3: makes up one run for all that were missed while the home was down", async () => {
    await create("hourly", "rate(1 hour)", { StartDate: new Date("2026-01-01T01:00:00Z") });
    await close();
    clock.advance(10 * 3_600_000);
    await open();
    clock.advance(0);
    expect(await due()).toEqual(["hourly"]);
  });

  it("calls any operation through a universal target, and fills in context attributes", async () => {
    const Input = JSON.stringify({ QueueUrl, MessageBody: "<aws.scheduler.scheduled-time>" });
    await create("universal", "at(2026-01-01T00:10:00)", {
      Target: { Arn: "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", RoleArn, Input },
    });
    clock.advance(600_000);
    expect(await due()).toEqual(["2026-01-01T00:10:00Z"]);
  });

  it("sends to the dead-letter queue what the role may not do", async () => {
    const Target = {
      Arn: "arn:aws:scheduler:::aws-sdk:scheduler:createScheduleGroup",
      RoleArn,
      Input: '{"Name":"x"}',
      DeadLetterConfig: { Arn },
    };
    await create("forbidden", "at(2026-01-01T00:10:00)", { Target });
    clock.advance(600_000);
    expect(await due()).toEqual(['{"Name":"x"}']);
  });

  it("answers with AWS's errors and shows a schedule as it was made", async () => {
    await expect(create("bad", "rate(0 minutes)")).rejects.toThrow("Invalid Schedule Expression rate(0 minutes).");
    await expect(create("bad", "rate(1 hour)", { ScheduleExpressionTimezone: "Mars/Base" })).rejects.toThrow(
      "Invalid time zone",
    );
    await expect(create("bad", "rate(1 hour)", { GroupName: "none" })).rejects.toThrow(
      expect.objectContaining({ name: "ResourceNotFoundException" }),
    );
    await client.send(new CreateScheduleGroupCommand({ Name: "nightly" }));
    await create("good", "rate(1 hour)", { GroupName: "nightly", State: "DISABLED" });
    await expect(create("good", "rate(1 hour)", { GroupName: "nightly" })).rejects.toThrow(
      expect.objectContaining({ name: "ConflictException" }),
    );
    expect(await client.send(new GetScheduleCommand({ Name: "good", GroupName: "nightly" }))).toMatchObject({
      State: "DISABLED",
      ScheduleExpression: "rate(1 hour)",
      ScheduleExpressionTimezone: "UTC",
      Target: { Arn, RoleArn },
      ActionAfterCompletion: "NONE",
    });
  });

  it("makes a schedule once for one client token, and no other by it", async () => {
    const made = await create("twice", "rate(1 hour)", { ClientToken: "once" });
    expect((await create("twice", "rate(1 hour)", { ClientToken: "once" })).ScheduleArn).toBe(made.ScheduleArn);
    await expect(create("twice", "rate(2 hours)", { ClientToken: "once" })).rejects.toThrow("already exists");
    await expect(create("twice", "rate(1 hour)", { ClientToken: "other" })).rejects.toThrow("already exists");
    expect(await client.send(new GetScheduleCommand({ Name: "twice" }))).not.toHaveProperty("clientToken");
  });

  it("lists by page, and says which page size is none", async () => {
    for (const name of ["a", "b", "c"]) await create(name, "rate(1 hour)");
    const first = await client.send(new ListSchedulesCommand({ MaxResults: 2 }));
    expect(first.Schedules?.map(({ Name }) => Name)).toEqual(["a", "b"]);
    const { NextToken } = first;
    await client.send(new DeleteScheduleCommand({ Name: "a" }));
    const second = await client.send(new ListSchedulesCommand({ MaxResults: 2, NextToken }));
    expect(second.Schedules?.map(({ Name }) => Name)).toEqual(["c"]);
    expect(second.NextToken).toBeUndefined();
    await expect(client.send(new ListSchedulesCommand({ MaxResults: 101 }))).rejects.toThrow(
      "less than or equal to 100",
    );
    await expect(client.send(new ListSchedulesCommand({ GroupName: "none" }))).rejects.toThrow("does not exist");
  });

  it("deletes a group with its schedules, but not the default one", async () => {
    await client.send(new CreateScheduleGroupCommand({ Name: "nightly" }));
    await create("gone", "rate(1 hour)", { GroupName: "nightly", StartDate: new Date("2026-01-01T01:00:00Z") });
    await client.send(new DeleteScheduleGroupCommand({ Name: "nightly" }));
    clock.advance(3_600_000);
    expect(await due()).toEqual([]);
    expect((await client.send(new ListSchedulesCommand({}))).Schedules).toEqual([]);
    await expect(client.send(new DeleteScheduleGroupCommand({ Name: "default" }))).rejects.toThrow("cannot be deleted");
  });

  it("refuses targets that a home has not, and those that lack what they need", async () => {
    const to = (TargetArn: string) => create("bad", "rate(1 hour)", { Target: { Arn: TargetArn, RoleArn } });
    await expect(to("arn:aws:ecs:us-east-1:000000000000:cluster/jobs")).rejects.toThrow(
      "a home has no target arn:aws:ecs",
    );
    await expect(to(`${Arn}.fifo`)).rejects.toThrow("MessageGroupId is required");
    await expect(to("arn:aws:events:us-east-1:000000000000:event-bus/default")).rejects.toThrow(
      "EventBridgeParameters is required",
    );
  });
});
