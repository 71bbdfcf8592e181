import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DescribeEventBusCommand,
  ListEventBusesCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemovePermissionCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_BUS, MACHINE, type OpenBus, openBus, queueArn, ROLE } from "./open-bus.ts";

let open: OpenBus;
beforeAll(async () => {
  open = await openBus();
});
afterAll(() => open.close());

const refused = (name: string, message: string) =>
  expect.objectContaining({ name, message: expect.stringContaining(message) });

describe("buses through the SDK", () => {
  it("are made, described, listed by page, and deleted", async () => {
    const { bus } = open;
    const made = await bus.send(new CreateEventBusCommand({ Name: "orders", Description: "of the shop" }));
    expect(made.EventBusArn).toBe("arn:aws:events:us-east-1:000000000000:event-bus/orders");
    expect(await bus.send(new DescribeEventBusCommand({ Name: "orders" }))).toMatchObject({
      Name: "orders",
      Description: "of the shop",
      CreationTime: new Date("2026-01-01T00:00:00Z"),
    });
    const first = await bus.send(new ListEventBusesCommand({ Limit: 1 }));
    expect(first.EventBuses?.map(({ Name }) => Name)).toEqual(["default"]);
    const second = await bus.send(new ListEventBusesCommand({ Limit: 1, NextToken: first.NextToken }));
    expect(second.EventBuses?.map(({ Name }) => Name)).toEqual(["orders"]);
    expect(second.NextToken).toBeUndefined();
    await bus.send(new DeleteEventBusCommand({ Name: "orders" }));
    await expect(bus.send(new DescribeEventBusCommand({ Name: "orders" }))).rejects.toThrow(
      refused("ResourceNotFoundException", "Event bus orders does not exist."),
    );
  });

  it("are refused with AWS's words", async () => {
    const { bus } = open;
    await bus.send(new CreateEventBusCommand({ Name: "twice" }));
    await expect(bus.send(new CreateEventBusCommand({ Name: "twice" }))).rejects.toThrow(
      refused("ResourceAlreadyExistsException", "Event bus twice already exists."),
    );
    await expect(bus.send(new CreateEventBusCommand({ Name: "a/b" }))).rejects.toThrow(
      refused("ValidationException", "must not contain '/'"),
    );
    await expect(bus.send(new DeleteEventBusCommand({ Name: "default" }))).rejects.toThrow(
      refused("ValidationException", "Cannot delete event bus default."),
    );
    await open.rule("held", { source: ["a"] }, [], "twice");
    await expect(bus.send(new DeleteEventBusCommand({ Name: "twice" }))).rejects.toThrow(
      refused("ValidationException", "Event bus can't be deleted since it has rules."),
    );
    await expect(bus.send(new ListEventBusesCommand({ NextToken: "?" }))).rejects.toThrow(
      refused("ValidationException", "NextToken"),
    );
  });

  it("have a policy, a statement at a time or whole", async () => {
    const { bus } = open;
    const statement = { StatementId: "other", Action: "events:PutEvents", Principal: "111122223333" };
    await bus.send(new PutPermissionCommand(statement));
    const { Policy = "" } = await bus.send(new DescribeEventBusCommand({}));
    expect(JSON.parse(Policy).Statement).toEqual([
      {
        Sid: "other",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111122223333:root" },
        Action: "events:PutEvents",
        Resource: DEFAULT_BUS,
      },
    ]);
    await expect(bus.send(new PutPermissionCommand({ ...statement, Action: "events:PutRule" }))).rejects.toThrow(
      refused("ValidationException", "Provided value in parameter 'action' is not supported."),
    );
    await expect(bus.send(new PutPermissionCommand({ Policy: "{" }))).rejects.toThrow(
      refused("ValidationException", "This policy contains invalid Json"),
    );
    await expect(
      bus.send(new PutPermissionCommand({ Policy: JSON.stringify({ Statement: ["x".repeat(11_000)] }) })),
    ).rejects.toThrow(refused("PolicyLengthExceededException", "at most 10240"));
    await expect(bus.send(new RemovePermissionCommand({ StatementId: "nobody" }))).rejects.toThrow(
      refused("ResourceNotFoundException", "Statement with the provided id does not exist."),
    );
    await bus.send(new RemovePermissionCommand({ StatementId: "other" }));
    expect((await bus.send(new DescribeEventBusCommand({}))).Policy).toBeUndefined();
    await expect(bus.send(new RemovePermissionCommand({ StatementId: "other" }))).rejects.toThrow(
      refused("ResourceNotFoundException", "EventBus does not have a policy."),
    );
  });

  it("refuse a switch for disturbances that means nothing", async () => {
    const tag = (Value: string) =>
      open.bus.send(new TagResourceCommand({ ResourceARN: DEFAULT_BUS, Tags: [{ Key: "tidemill:chaos", Value }] }));
    await expect(tag("drip=0.5")).rejects.toThrow(refused("ValidationException", "expected one of seed, duplicate"));
    await expect(tag("drop=1.5")).rejects.toThrow(refused("ValidationException", "expected a chance from 0 to 1"));
  });
});

describe("targets through the SDK", () => {
  const put = (target: Partial<Target>) =>
    open.bus.send(new PutTargetsCommand({ Rule: "targets", Targets: [{ Id: "t", Arn: queueArn("q"), ...target }] }));
  beforeAll(() => open.rule("targets", { source: ["nothing"] }, []));

  it.each([
    { target: { Id: "a b" }, message: "'targets.1.member.id' failed to satisfy constraint" },
    { target: { Arn: "queue" }, message: "Provided Arn is not in correct format." },
    { target: { Arn: "arn:aws:kinesis:us-east-1:000000000000:stream/s" }, message: "this home delivers to states" },
    { target: { Arn: MACHINE }, message: `RoleArn is required for target ${MACHINE}.` },
    { target: { Arn: queueArn("q.fifo") }, message: "SqsParameters must be specified for target: t." },
    { target: { Input: "{" }, message: "JSON syntax error in input for target t." },
    { target: { RetryPolicy: { MaximumRetryAttempts: 186 } }, message: "less than or equal to 185" },
    { target: { RetryPolicy: { MaximumEventAgeInSeconds: 59 } }, message: "greater than or equal to 60" },
    { target: { Input: JSON.stringify("x".repeat(8200)) }, message: "at most 8192" },
  ])("refuse $target", async ({ target, message }) => {
    await expect(put(target)).rejects.toThrow(refused("ValidationException", message));
  });

  it("are removed one by one, with a failure for each that is not there", async () => {
    await put({});
    const { FailedEntryCount, FailedEntries } = await open.bus.send(
      new RemoveTargetsCommand({ Rule: "targets", Ids: ["t", "u"] }),
    );
    expect(FailedEntryCount).toBe(1);
    expect(FailedEntries).toEqual([
      {
        TargetId: "u",
        ErrorCode: "ResourceNotFoundException",
        ErrorMessage: "Rule 'targets' does not have a target with the Id 'u'.",
      },
    ]);
  });

  it("need the right to hand over the role they name", async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = open.home.ports.credentialsFor(ROLE, "s");
    const credentials = { accessKeyId, secretAccessKey, sessionToken };
    const { EventBridgeClient } = await import("@aws-sdk/client-eventbridge");
    const { followClock } = await import("../../manual-clock.ts");
    const asRole = new EventBridgeClient({ ...open.home.clientConfig(), credentials });
    followClock(asRole, open.clock);
    const command = new PutTargetsCommand({ Rule: "targets", Targets: [{ Id: "m", Arn: MACHINE, RoleArn: ROLE }] });
    await expect(asRole.send(command)).rejects.toThrow(refused("AccessDeniedException", "iam:PassRole"));
    await asRole.send(new PutRuleCommand({ Name: "own", EventPattern: '{"source":["x"]}' }));
    asRole.destroy();
  });

  it("belong to rules of a bus that is there", async () => {
    const create = new CreateArchiveCommand({ ArchiveName: "a", EventSourceArn: `${DEFAULT_BUS}s` });
    await expect(open.bus.send(create)).rejects.toThrow(refused("ResourceNotFoundException", "defaults"));
  });
});
