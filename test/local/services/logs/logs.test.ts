import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  DescribeMetricFiltersCommand,
  DescribeSubscriptionFiltersCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { cloudwatch } from "../../../../local/services/cloudwatch/index.ts";
import { logs } from "../../../../local/services/logs/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

// Signatures are checked against this clock, so it stands near the real time; half past the minute, away from its ends.
const NOW = Math.floor(Date.now() / 60_000) * 60_000 + 30_000;
const clock = { nowMs: NOW, now: () => clock.nowMs, at: (_atMs: number, _fire: () => void) => () => {} };
let home: Home;
let client: CloudWatchLogsClient;
beforeAll(async () => {
  home = await openHome({ directory: temporaryFolder("logs"), services: [logs, cloudwatch], clock });
  client = new CloudWatchLogsClient(home.clientConfig());
});
afterAll(() => home.close());

async function stream(
  logGroupName: string,
  messages: string[],
): Promise<{ logGroupName: string; logStreamName: string }> {
  const names = { logGroupName, logStreamName: "s" };
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  await client.send(new CreateLogStreamCommand(names));
  const logEvents = messages.map((message, index) => ({ timestamp: NOW + index, message }));
  await client.send(new PutLogEventsCommand({ ...names, logEvents }));
  return names;
}

describe("CloudWatch Logs through its own client", () => {
  it("reads back what was written, in both directions, answering the same token at the end", async () => {
    const names = await stream("/app/read", ["one", "two", "three"]);
    const first = await client.send(new GetLogEventsCommand({ ...names, startFromHead: true, limit: 2 }));
    expect(first.events?.map(({ message }) => message)).toEqual(["one", "two"]);
    const next = await client.send(new GetLogEventsCommand({ ...names, nextToken: first.nextForwardToken }));
    expect(next.events?.map(({ message }) => message)).toEqual(["three"]);
    const end = await client.send(new GetLogEventsCommand({ ...names, nextToken: next.nextForwardToken }));
    expect([end.events, end.nextForwardToken]).toEqual([[], next.nextForwardToken]);
    const tail = await client.send(new GetLogEventsCommand({ ...names, limit: 1 }));
    expect(tail.events?.map(({ message }) => message)).toEqual(["three"]);
  });

  it("filters by terms and by JSON fields", async () => {
    const { logGroupName } = await stream("/app/filter", [
      "ERROR disk full",
      "INFO all well",
      '{"level":"ERROR","ms":12,"fn":{"name":"drift"}}',
      '{"level":"INFO","ms":7}',
    ]);
    const messages = async (filterPattern: string) =>
      (await client.send(new FilterLogEventsCommand({ logGroupName, filterPattern }))).events?.map(
        ({ timestamp }) => (timestamp ?? 0) - NOW,
      );
    expect(await messages("ERROR -disk")).toEqual([2]);
    expect(await messages('"disk full"')).toEqual([0]);
    expect(await messages("?full ?well")).toEqual([0, 1]);
    expect(await messages('{ $.level = "ERR*" && ($.ms > 10 || $.ms < 2) }')).toEqual([2]);
    expect(await messages("{ $.fn.name NOT EXISTS }")).toEqual([3]);
    expect(await messages("{ $.level = %^ER+OR$% }")).toEqual([2]);
    expect(await messages("%disk|well%")).toEqual([0, 1]);
    expect(await messages('"%disk%"')).toEqual([]);
    await expect(messages("%(%")).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: /cannot be read/,
    });
  });

  it("filters by columns", async () => {
    const { logGroupName } = await stream("/app/columns", [
      '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 200 1534',
      '127.0.0.2 - ann [10/Oct/2000:13:25:16 -0700] "POST /a,b HTTP/1.0" 404 5324',
      "127.0.0.3 bob 500",
    ]);
    const matching = async (filterPattern: string) =>
      (await client.send(new FilterLogEventsCommand({ logGroupName, filterPattern }))).events?.map(
        ({ timestamp }) => (timestamp ?? 0) - NOW,
      );
    expect(await matching("[ip, id, user, time, request, status, size]")).toEqual([0, 1]);
    expect(await matching("[ip, ..., status = 4* || status = 5*, size]")).toEqual([1]);
    expect(await matching("[..., size > 1000 && size < 2000]")).toEqual([0]);
    expect(await matching("[ip, user != frank, status >= 500]")).toEqual([2]);
    expect(await matching('[, , , , request = "*a,b*", ...]')).toEqual([1]);
    expect(await matching("[ip = %\\.[23]$%, ...]")).toEqual([1, 2]);
    for (const wrong of ["[a", "[..., a, ...]", "[a > b]", "[a b]"])
      await expect(matching(wrong)).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it("matches patterns in time that grows with the text alone", async () => {
    const { logGroupName } = await stream("/app/hostile", [`{"a":"${"a".repeat(20_000)}"}`]);
    const filterPattern = `{ $.a = "${"*a".repeat(30)}*b" }`;
    const filtered = await client.send(new FilterLogEventsCommand({ logGroupName, filterPattern }));
    expect(filtered.events).toEqual([]);
  });

  it("keeps the tags of groups, by today's operations, the older ones and templates", async () => {
    const logGroupName = "/app/tagged";
    await client.send(new CreateLogGroupCommand({ logGroupName, tags: { team: "ml" } }));
    const resourceArn = `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}`;
    await client.send(new TagResourceCommand({ resourceArn: `${resourceArn}:*`, tags: { stage: "test" } }));
    expect((await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({
      team: "ml",
      stage: "test",
    });
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ["team"] }));
    expect((await client.send(new ListTagsLogGroupCommand({ logGroupName }))).tags).toEqual({ stage: "test" });
    await expect(
      client.send(new ListTagsForResourceCommand({ resourceArn: `${resourceArn}-none` })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    const type = home.resourceTypes.get("AWS::Logs::LogGroup");
    const context = { stackName: "s", logicalId: "L", generateName: () => "/app/templated" };
    const state = await type?.create({ Tags: [{ Key: "cost", Value: "7" }] }, context);
    const templated = () => client.send(new ListTagsLogGroupCommand({ logGroupName: "/app/templated" }));
    expect((await templated()).tags).toEqual({ cost: "7" });
    if (state !== undefined) await type?.update?.({ Tags: [] }, state, context, {});
    expect((await templated()).tags).toEqual({});
  });

  it("pages through a filter's result", async () => {
    const { logGroupName } = await stream("/app/pages", ["x1", "y", "x2", "x3"]);
    const first = await client.send(new FilterLogEventsCommand({ logGroupName, filterPattern: "x1 -y", limit: 1 }));
    expect(first.events?.length).toBe(1);
    const all = await client.send(new FilterLogEventsCommand({ logGroupName, limit: 3 }));
    const rest = await client.send(new FilterLogEventsCommand({ logGroupName, limit: 3, nextToken: all.nextToken }));
    expect([...(all.events ?? []), ...(rest.events ?? [])].map(({ message }) => message)).toEqual([
      "x1",
      "y",
      "x2",
      "x3",
    ]);
    expect(rest.nextToken).toBeUndefined();
  });

  it("refuses events out of order and reports those too old or too new", async () => {
    const names = await stream("/app/limits", ["a"]);
    const put = (...timestamps: number[]) =>
      client.send(
        new PutLogEventsCommand({ ...names, logEvents: timestamps.map((timestamp) => ({ timestamp, message: "m" })) }),
      );
    await expect(put(NOW, NOW - 1)).rejects.toMatchObject({ name: "InvalidParameterException" });
    const { rejectedLogEventsInfo } = await put(NOW - 15 * 86_400_000, NOW, NOW + 3 * 3_600_000);
    expect(rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 });
  });

  it("describes groups and streams, and answers the errors clients look for", async () => {
    const { logGroupName } = await stream("/app/described", ["a"]);
    await client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 7 }));
    const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
    expect(logGroups?.[0]).toMatchObject({
      retentionInDays: 7,
      arn: "arn:aws:logs:us-east-1:000000000000:log-group:/app/described:*",
    });
    const { logStreams } = await client.send(
      new DescribeLogStreamsCommand({ logGroupName, orderBy: "LastEventTime", descending: true }),
    );
    expect(logStreams?.[0]).toMatchObject({ logStreamName: "s", lastEventTimestamp: NOW });
    await expect(client.send(new CreateLogGroupCommand({ logGroupName }))).rejects.toMatchObject({
      name: "ResourceAlreadyExistsException",
    });
    await expect(client.send(new GetLogEventsCommand({ logGroupName, logStreamName: "none" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  it("has no filters of metrics or subscriptions, and says whose group there is not", async () => {
    const { logGroupName } = await stream("/app/filters", ["a"]);
    expect((await client.send(new DescribeMetricFiltersCommand({}))).metricFilters).toEqual([]);
    const group = await client.send(new DescribeSubscriptionFiltersCommand({ logGroupName }));
    expect(group.subscriptionFilters).toEqual([]);
    const missing = client.send(new DescribeSubscriptionFiltersCommand({ logGroupName: "/none" }));
    await expect(missing).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("turns embedded-metric lines into metrics", async () => {
    const line = {
      _aws: {
        Timestamp: NOW,
        CloudWatchMetrics: [
          { Namespace: "app", Dimensions: [["service"]], Metrics: [{ Name: "rows", Unit: "Count" }] },
        ],
      },
      service: "curate",
      rows: [3, 4],
    };
    await stream("/app/emf", [JSON.stringify(line), '{"_aws":"broken"}']);
    const { CloudWatchClient, GetMetricStatisticsCommand } = await import("@aws-sdk/client-cloudwatch");
    const metrics = new CloudWatchClient(home.clientConfig());
    const { Datapoints } = await metrics.send(
      new GetMetricStatisticsCommand({
        Namespace: "app",
        MetricName: "rows",
        Dimensions: [{ Name: "service", Value: "curate" }],
        StartTime: new Date(NOW - 60_000),
        EndTime: new Date(NOW + 60_000),
        Period: 60,
        Statistics: ["Sum", "SampleCount"],
      }),
    );
    expect(Datapoints).toMatchObject([{ Sum: 7, SampleCount: 2, Unit: "Count" }]);
  });
});
