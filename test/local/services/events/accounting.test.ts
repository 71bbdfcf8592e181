import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { CreateEventBusCommand, DeleteRuleCommand } from "@aws-sdk/client-eventbridge";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cloudwatch } from "../../../../local/services/cloudwatch/index.ts";
import { followClock } from "../../manual-clock.ts";
import { getView } from "../../own-view.ts";
import { machine, type OpenBus, openBus, queueArn, ROLE } from "./open-bus.ts";

interface Noted {
  bus: string;
  rules: string[];
  event: { id: string };
}
interface Counted {
  bus: string;
  rule: string;
  counts: Record<string, number>;
}

let open: OpenBus;
beforeEach(async () => {
  open = await openBus(cloudwatch);
});
afterEach(() => open.close());

const view = <T>(path: string) => getView<T>(open.bus, open.clock, `events/${path}`);
const countsOf = async (rule: string, bus = "default") =>
  (await view<Counted[]>("counts")).find((counted) => counted.rule === rule && counted.bus === bus)?.counts;

describe("nothing vanishes", () => {
  it("B2: an event that matched no rule is counted and can be listed and found, on a bus or on none", async () => {
    await open.rule("placed", { source: ["shop"] }, [machine]);
    const [taken, missed, lost] = [
      await open.put({}),
      await open.put({}, { Source: "shpo" }),
      await open.put({}, { EventBusName: "nowhere" }),
    ];
    await open.clock.until(() => open.starts.length === 1);
    const unmatched = await view<Noted[]>("events?unmatched=true");
    expect(unmatched.map(({ bus, rules, event }) => ({ bus, rules, id: event.id }))).toEqual([
      { bus: "nowhere", rules: [], id: lost },
      { bus: "default", rules: [], id: missed },
    ]);
    expect((await view<Noted[]>("events?bus=default")).map(({ event }) => event.id).sort()).toEqual(
      [missed, taken].sort(),
    );
    expect(await view<Noted>(`event?id=${taken}`)).toMatchObject({ rules: ["placed"], event: { id: taken } });
    expect(await countsOf("placed")).toMatchObject({ matched: 1, attempts: 1, delivered: 1, failed: 0 });
    expect(await countsOf("")).toMatchObject({ matched: 1 });
    expect(await countsOf("", "")).toMatchObject({ matched: 1 });
  });

  it("counts what is dropped: a rendered input that is no JSON", async () => {
    const InputTransformer = {
      InputPathsMap: { text: "$.detail.text" },
      InputTemplate: '{"a": "<text>", "b": <text>x}',
    };
    await open.rule("broken", { source: ["broken"] }, [{ ...machine, InputTransformer }]);
    await open.put({ text: "t" }, { Source: "broken" });
    await open.clock.until(() => open.home.ports.store.prepare("SELECT 1 FROM events_deliveries").get() === undefined);
    expect(await countsOf("broken")).toMatchObject({ matched: 1, delivered: 0, dropped: 1 });
  });

  it("B3: an event that a bus sends to itself reaches a rule once", async () => {
    await open.bus.send(new CreateEventBusCommand({ Name: "ring" }));
    const ring = { Id: "ring", Arn: "arn:aws:events:us-east-1:000000000000:event-bus/ring", RoleArn: ROLE };
    await open.rule("round", { source: ["round"] }, [ring], "ring");
    await open.put({}, { Source: "round", EventBusName: "ring" });
    await open.clock.until(() => open.home.ports.store.prepare("SELECT 1 FROM events_deliveries").get() === undefined);
    expect(await countsOf("round", "ring")).toMatchObject({ matched: 2, delivered: 1, looped: 1 });
  });

  it("gives the counts as CloudWatch's metrics, by AWS's names", async () => {
    await open.rule("measured", { source: ["measured"] }, [{ Id: "gone", Arn: queueArn("gone") }]);
    await open.put({}, { Source: "measured" });
    await open.clock.until(() => open.home.ports.store.prepare("SELECT 1 FROM events_deliveries").get() === undefined);
    open.clock.advance(60_000);
    const client = new CloudWatchClient(open.home.clientConfig());
    followClock(client, open.clock);
    const sum = async (MetricName: string) => {
      const { Datapoints = [] } = await client.send(
        new GetMetricStatisticsCommand({
          Namespace: "AWS/Events",
          MetricName,
          Dimensions: [{ Name: "RuleName", Value: "measured" }],
          StartTime: new Date("2026-01-01T00:00:00Z"),
          EndTime: new Date("2026-01-02T00:00:00Z"),
          Period: 86_400,
          Statistics: ["Sum"],
        }),
      );
      return Datapoints[0]?.Sum;
    };
    expect(await sum("TriggeredRules")).toBe(1);
    expect(await sum("FailedInvocations")).toBe(1);
    expect(await sum("Invocations")).toBe(1);
    expect(await sum("SuccessfulInvocationAttempts")).toBeUndefined();
    client.destroy();
  });

  it("forgets a rule's counts with the rule", async () => {
    await open.rule("short", { source: ["short"] }, []);
    await open.put({}, { Source: "short" });
    expect(await countsOf("short")).toMatchObject({ matched: 1 });
    await open.bus.send(new DeleteRuleCommand({ Name: "short" }));
    expect(await countsOf("short")).toBeUndefined();
  });

  it("shows its views to no role, and says what a query should be", async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = open.home.ports.credentialsFor(ROLE, "s");
    const { EventBridgeClient } = await import("@aws-sdk/client-eventbridge");
    const asRole = new EventBridgeClient({
      ...open.home.clientConfig(),
      credentials: { accessKeyId, secretAccessKey, sessionToken },
    });
    followClock(asRole, open.clock);
    await expect(getView(asRole, open.clock, "events/counts")).rejects.toThrow("AccessDeniedException");
    asRole.destroy();
    await expect(view("events?limit=0")).rejects.toThrow("ValidationException");
    await expect(view("event?id=none")).rejects.toThrow("no event none");
    await expect(view("nothing")).rejects.toThrow("UnknownView");
  });

  it("lists the newest first, whether a rule matched or not", async () => {
    await open.rule("ordered", { source: ["order"] }, []);
    const ids: string[] = [];
    for (const Source of ["none", "order", "none"]) {
      ids.unshift(await open.put({}, { Source }));
      open.clock.advance(1000);
    }
    expect((await view<Noted[]>("events?limit=3")).map(({ event }) => event.id)).toEqual(ids);
    expect((await view<Noted[]>("events?limit=2")).map(({ event }) => event.id)).toEqual(ids.slice(0, 2));
  });
});
