import {
  DeleteRuleCommand,
  ListRuleNamesByTargetCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machine, type OpenBus, openBus, queueArn } from "./open-bus.ts";

const MOST_BYTES = 1_048_576;
const entry = { Source: "shop", DetailType: "Order Placed", Detail: "{}" };

const EVENT = JSON.stringify({
  id: "1",
  account: "1",
  source: "x",
  time: "2026-01-01T00:00:00Z",
  region: "r",
  "detail-type": "t",
});

let open: OpenBus;
beforeAll(async () => {
  open = await openBus();
});
afterAll(() => open.close());

const put = (...Entries: PutEventsRequestEntry[]) => open.bus.send(new PutEventsCommand({ Entries }));
const nested = (levels: number) => `${'{"a":'.repeat(levels)}{}${"}".repeat(levels)}`;

describe("PutEvents through the SDK", () => {
  it("counts source, detail type, detail and resources in bytes, and a time as 14", async () => {
    const Resources = ["é".repeat(10)];
    const around = "shop".length + "Order Placed".length + 20 + '{"a":""}'.length;
    const Detail = JSON.stringify({ a: "x".repeat(MOST_BYTES - around - 14) });
    const full = { ...entry, Detail, Resources, Time: new Date("2026-01-01T00:00:00Z") };
    expect((await put(full)).FailedEntryCount).toBe(0);
    await expect(put({ ...full, Resources: [`${Resources[0]}x`] })).rejects.toThrow(
      expect.objectContaining({ name: "ValidationException", message: expect.stringContaining("over the limit") }),
    );
  });

  it("carries resources and the time given, to the second", async () => {
    await open.rule("carried", { source: ["carried"] }, [machine]);
    await put({ ...entry, Source: "carried", Resources: ["arn:a", "b"], Time: new Date("2025-06-01T10:00:00.999Z") });
    await open.clock.until(() => open.starts.length === 1);
    expect(open.starts[0]?.event).toMatchObject({ resources: ["arn:a", "b"], time: "2025-06-01T10:00:00Z" });
  });

  it.each([
    { what: "no source", fault: { Source: undefined }, code: "InvalidArgument", says: "Source is not valid" },
    { what: "no detail type", fault: { DetailType: "" }, code: "InvalidArgument", says: "DetailType is not valid" },
    { what: "no detail", fault: { Detail: undefined }, code: "InvalidArgument", says: "Detail is not valid" },
    {
      what: "a detail type of 129 characters",
      fault: { DetailType: "x".repeat(129) },
      code: "InvalidArgument",
      says: "DetailType has 129 characters, at most 128",
    },
    { what: "an array as detail", fault: { Detail: "[]" }, code: "MalformedDetail", says: "Detail is malformed." },
    { what: "1,001 levels", fault: { Detail: nested(1000) }, code: "MalformedDetail", says: "Detail is malformed." },
    { what: "100,000 levels", fault: { Detail: nested(100_000) }, code: "MalformedDetail", says: "malformed" },
    { what: "a source of AWS", fault: { Source: "aws.s3" }, code: "NotAuthorizedForSourceException", says: "source" },
  ])("fails the entry with $what, and takes the one beside it", async ({ fault, code, says }) => {
    const { FailedEntryCount, Entries } = await put({ ...entry, ...fault }, entry);
    expect(FailedEntryCount).toBe(1);
    expect(Entries).toEqual([
      { ErrorCode: code, ErrorMessage: expect.stringContaining(says) },
      { EventId: expect.any(String) },
    ]);
  });

  it("takes what is just within: 128 characters of detail type, 1,000 levels", async () => {
    const answer = await put({ ...entry, DetailType: "x".repeat(128) }, { ...entry, Detail: nested(999) });
    expect(answer.FailedEntryCount).toBe(0);
  });
});

describe("rules through the SDK", () => {
  it("are found by their target, on one bus, by page", async () => {
    const queue = { Id: "q", Arn: queueArn("found") };
    for (const name of ["by-target-1", "by-target-2"]) await open.rule(name, { source: ["x"] }, [queue]);
    const TargetArn = queue.Arn;
    const first = await open.bus.send(new ListRuleNamesByTargetCommand({ TargetArn, Limit: 1 }));
    const { NextToken } = first;
    const second = await open.bus.send(new ListRuleNamesByTargetCommand({ TargetArn, Limit: 1, NextToken }));
    expect([first.RuleNames, second.RuleNames]).toEqual([["by-target-1"], ["by-target-2"]]);
    expect(second.NextToken).toBeUndefined();
  });

  it.each([
    {
      rule: { Name: "a b" },
      says: String.raw`Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+`,
    },
    { rule: { Name: "x".repeat(65) }, says: "Member must have length less than or equal to 64" },
    { rule: { EventPattern: JSON.stringify({ source: ["x".repeat(4096)] }) }, says: "less than or equal to 4096" },
    {
      rule: { Description: "x".repeat(513) },
      says: "'description' failed to satisfy constraint: Member must have length less than or equal to 512",
    },
    { rule: { ScheduleExpression: "at(2026-01-01T00:00:00)" }, says: "Parameter ScheduleExpression is not valid." },
  ])("are refused with AWS's words: $says", async ({ rule, says }) => {
    const command = new PutRuleCommand({ Name: "r", EventPattern: '{"source":["x"]}', ...rule });
    await expect(open.bus.send(command)).rejects.toThrow(
      expect.objectContaining({ name: "ValidationException", message: expect.stringContaining(says) }),
    );
  });

  it("may have a pattern and a schedule both, and are deleted without a word when there are none", async () => {
    const both = { Name: "both", EventPattern: '{"source":["x"]}', ScheduleExpression: "rate(1 day)" };
    expect((await open.bus.send(new PutRuleCommand(both))).RuleArn).toContain(":rule/both");
    await open.bus.send(new DeleteRuleCommand({ Name: "both" }));
    await open.bus.send(new DeleteRuleCommand({ Name: "both" }));
  });

  it.each([
    { pattern: "{", event: EVENT, name: "InvalidEventPatternException" },
    { pattern: '{"source":"x"}', event: EVENT, name: "InvalidEventPatternException" },
    { pattern: '{"source":["x"]}', event: "[", name: "ValidationException" },
    { pattern: '{"source":["x"]}', event: '{"id":"1","source":"x"}', name: "ValidationException" },
  ])("TestEventPattern refuses the pattern $pattern with the event $event", async ({ pattern, event, name }) => {
    const command = new TestEventPatternCommand({ EventPattern: pattern, Event: event });
    await expect(open.bus.send(command)).rejects.toThrow(expect.objectContaining({ name }));
  });
});
