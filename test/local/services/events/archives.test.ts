/** Archives and replays through the SDK. */
import {
  CancelReplayCommand,
  CreateArchiveCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  ListReplaysCommand,
  PutEventsCommand,
  StartReplayCommand,
  UpdateArchiveCommand,
} from "@aws-sdk/client-eventbridge";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_BUS, machine, type OpenBus, openBus } from "./open-bus.ts";

const DAY_MS = 86_400_000;
const ruleArn = (name: string) => `arn:aws:events:us-east-1:000000000000:rule/${name}`;

let open: OpenBus;
beforeEach(async () => {
  open = await openBus();
});
afterEach(() => open.close());

const archive = (more: object = {}) =>
  open.bus.send(new CreateArchiveCommand({ ArchiveName: "kept", EventSourceArn: DEFAULT_BUS, ...more }));
const replay = (more: object = {}) =>
  open.bus.send(
    new StartReplayCommand({
      ReplayName: "again",
      EventSourceArn: "arn:aws:events:us-east-1:000000000000:archive/kept",
      Destination: { Arn: DEFAULT_BUS },
      EventStartTime: new Date("2025-12-31T00:00:00Z"),
      EventEndTime: new Date("2027-01-01T00:00:00Z"),
      ...more,
    }),
  );
const sizes = () => open.bus.send(new DescribeArchiveCommand({ ArchiveName: "kept" }));

describe("an archive", () => {
  it("keeps what its pattern takes, for as many days as it says", async () => {
    await archive({ EventPattern: '{"source":["shop"]}', RetentionDays: 2 });
    await open.put({ day: 0 });
    await open.put({ day: 0 }, { Source: "elsewhere" });
    expect(await sizes()).toMatchObject({ EventCount: 1, RetentionDays: 2, EventPattern: '{"source":["shop"]}' });
    open.clock.advance(2 * DAY_MS + 1000);
    expect(await sizes()).toMatchObject({ EventCount: 0, SizeBytes: 0 });
    await open.put({ day: 2 });
    expect(open.home.ports.store.prepare("SELECT count(*) AS rows FROM events_archived").get()?.rows).toBe(1);
    await open.bus.send(new UpdateArchiveCommand({ ArchiveName: "kept", RetentionDays: 0 }));
    open.clock.advance(400 * DAY_MS);
    expect(await sizes()).toMatchObject({ EventCount: 1, RetentionDays: 0 });
  });

  it("does not keep what a replay brings again", async () => {
    await archive();
    await open.put({});
    await open.rule("all", { source: ["shop"] }, [machine]);
    await replay();
    await open.clock.until(() => open.starts.length === 1);
    expect(await sizes()).toMatchObject({ EventCount: 1 });
  });
});

describe("a replay", () => {
  it("is for the rules it names, of events from its start to before its end, and says it is one", async () => {
    await archive();
    for (const day of [0, 1, 2]) {
      await open.put({ day });
      open.clock.advance(DAY_MS);
    }
    await open.rule("named", { source: ["shop"], "replay-name": ["again"] }, [machine]);
    await open.rule("other", { source: ["shop"] }, [machine]);
    const times = { EventStartTime: new Date("2026-01-02T00:00:00Z"), EventEndTime: new Date("2026-01-03T00:00:00Z") };
    await replay({ ...times, Destination: { Arn: DEFAULT_BUS, FilterArns: [ruleArn("named")] } });
    await open.clock.until(() => open.starts.length > 0);
    await open.clock.until(() => open.home.ports.store.prepare("SELECT 1 FROM events_deliveries").get() === undefined);
    expect(open.starts.map(({ event }) => event)).toMatchObject([{ detail: { day: 1 }, "replay-name": "again" }]);
    expect(await open.bus.send(new DescribeReplayCommand({ ReplayName: "again" }))).toMatchObject({
      State: "COMPLETED",
      Destination: { Arn: DEFAULT_BUS, FilterArns: [ruleArn("named")] },
      ReplayEndTime: expect.any(Date),
    });
  });

  it("that runs can be cancelled, and brings nothing after", async () => {
    await archive();
    const Entries = Array.from({ length: 10 }, () => ({ Source: "shop", DetailType: "t", Detail: "{}" }));
    for (let batch = 0; batch < 15; batch++) await open.bus.send(new PutEventsCommand({ Entries }));
    await open.rule("all", { source: ["shop"] }, [machine]);
    await replay();
    await open.clock.until(() => open.starts.length === 100, 0);
    expect((await open.bus.send(new ListReplaysCommand({ State: "RUNNING" }))).Replays).toHaveLength(1);
    await open.bus.send(new CancelReplayCommand({ ReplayName: "again" }));
    open.clock.advance(DAY_MS);
    expect(await open.bus.send(new DescribeReplayCommand({ ReplayName: "again" }))).toMatchObject({
      State: "CANCELLED",
    });
    expect(open.starts).toHaveLength(100);
    await expect(open.bus.send(new CancelReplayCommand({ ReplayName: "again" }))).rejects.toThrow(
      expect.objectContaining({ name: "IllegalStatusException" }),
    );
  });

  it.each([
    { fault: { EventEndTime: new Date("2025-12-31T00:00:00Z") }, name: "ValidationException", says: "must be before" },
    {
      fault: { Destination: { Arn: `${DEFAULT_BUS}s` } },
      name: "ValidationException",
      says: "Cross event bus replay is not permitted.",
    },
    {
      fault: { EventSourceArn: "arn:aws:events:us-east-1:000000000000:archive/none" },
      name: "ResourceNotFoundException",
      says: "Archive none does not exist.",
    },
    { fault: { ReplayName: "a/b" }, name: "ValidationException", says: "'replayName' failed to satisfy constraint" },
    { fault: { ReplayName: "again" }, name: "ResourceAlreadyExistsException", says: "Replay again already exists." },
  ])("is refused with $name: $says", async ({ fault, name, says }) => {
    await archive();
    await replay();
    await expect(replay({ ReplayName: "more", ...fault })).rejects.toThrow(
      expect.objectContaining({ name, message: expect.stringContaining(says) }),
    );
  });
});
