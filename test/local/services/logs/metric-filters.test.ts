import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteMetricFilterCommand,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
  TestMetricFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { cloudwatch } from "../../../../local/services/cloudwatch/index.ts";
import { logs } from "../../../../local/services/logs/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const NOW = Date.now();
let home: Home;
let client: CloudWatchLogsClient;
let metrics: CloudWatchClient;
beforeAll(async () => {
  home = await openHome({ directory: temporaryFolder("metric-filters"), services: [logs, cloudwatch] });
  await home.start();
  client = new CloudWatchLogsClient(home.clientConfig());
  metrics = new CloudWatchClient(home.clientConfig());
});
afterAll(() => home.close());

async function group(logGroupName: string) {
  const names = { logGroupName, logStreamName: "s" };
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  await client.send(new CreateLogStreamCommand(names));
  return (...messages: string[]) =>
    client.send(
      new PutLogEventsCommand({ ...names, logEvents: messages.map((message) => ({ timestamp: NOW, message })) }),
    );
}

const filter = (logGroupName: string, filterPattern: string, more: object = {}) =>
  client.send(
    new PutMetricFilterCommand({
      logGroupName,
      filterName: "f",
      filterPattern,
      metricTransformations: [
        { metricNamespace: "filtered", metricName: logGroupName.slice(1), metricValue: "1", ...more },
      ],
    }),
  );

async function sums(MetricName: string, ...Dimensions: { Name: string; Value: string }[]) {
  const range = { StartTime: new Date(NOW - 3_600_000), EndTime: new Date(NOW + 3_600_000), Period: 7200 };
  const asked = { Namespace: "filtered", MetricName, Dimensions, Statistics: ["Sum" as const, "SampleCount" as const] };
  const { Datapoints = [] } = await metrics.send(new GetMetricStatisticsCommand({ ...asked, ...range }));
  const total = (of: "Sum" | "SampleCount") => Datapoints.reduce((sum, point) => sum + (point[of] ?? 0), 0);
  return [total("Sum"), total("SampleCount")];
}

describe("a metric filter", () => {
  it("counts the events that match, and gives its default where none does", async () => {
    const write = await group("/errors");
    await write("ERROR before the filter");
    await filter("/errors", "ERROR", { defaultValue: 0 });
    await write("ERROR one", "fine", "ERROR two");
    expect(await sums("errors")).toEqual([2, 2]);
    await write("fine");
    expect(await sums("errors")).toEqual([2, 3]);
    await client.send(new DeleteMetricFilterCommand({ logGroupName: "/errors", filterName: "f" }));
    await write("ERROR three");
    expect(await sums("errors")).toEqual([2, 3]);
  });

  it("takes values and dimensions from fields of JSON and from columns", async () => {
    const json = await group("/json");
    await filter("/json", "{ $.ms > 0 }", { metricValue: "$.ms", dimensions: { step: "$.step" } });
    await json('{"ms":5,"step":"a"}', '{"ms":7,"step":"a"}', '{"ms":9,"step":"b"}', '{"ms":-1,"step":"a"}', "text");
    expect(await sums("json", { Name: "step", Value: "a" })).toEqual([12, 2]);
    expect(await sums("json", { Name: "step", Value: "b" })).toEqual([9, 1]);
    const columns = await group("/columns");
    await filter("/columns", "[ip, ..., status = 4*, bytes]", { metricValue: "$bytes", dimensions: { ip: "$ip" } });
    await columns("a - x 404 10", "a - 200 20", "b - x y 403 30");
    expect(await sums("columns", { Name: "ip", Value: "a" })).toEqual([10, 1]);
    expect(await sums("columns", { Name: "ip", Value: "b" })).toEqual([30, 1]);
  });

  it("is described with its group, found by its metric, and gone with the group", async () => {
    await group("/described");
    await filter("/described", "x");
    const describedBy = async (more: object) =>
      (await client.send(new DescribeMetricFiltersCommand(more))).metricFilters?.map(
        ({ logGroupName }) => logGroupName,
      );
    const one = { metricName: "described", metricNamespace: "filtered" };
    expect(await describedBy(one)).toEqual(["/described"]);
    expect(await describedBy({ ...one, metricNamespace: "other" })).toEqual([]);
    expect(await describedBy({ logGroupName: "/described", filterNamePrefix: "g" })).toEqual([]);
    const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/described" }));
    expect(logGroups?.[0]?.metricFilterCount).toBe(1);
    await client.send(new DeleteLogGroupCommand({ logGroupName: "/described" }));
    expect(await describedBy(one)).toEqual([]);
  });

  it("is refused when it could not work", async () => {
    await group("/refused");
    const refused = (pattern: string, more: object, message: RegExp) =>
      expect(filter("/refused", pattern, more)).rejects.toMatchObject({ name: "InvalidParameterException", message });
    await refused("{ $.a", {}, /no closing brace/);
    await refused("ERROR", { metricValue: "$.a" }, /has no field \$\.a/);
    await refused("[a, b]", { metricValue: "$c" }, /has no field \$c/);
    await refused("{ $.a = 1 }", { dimensions: { a: "$.a" }, defaultValue: 0 }, /mutually exclusive/);
    await expect(filter("/none", "a")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("can be tried on messages", async () => {
    const { matches } = await client.send(
      new TestMetricFilterCommand({ filterPattern: "[, code > 1]", logEventMessages: ["a 1", "b 2", "c 3 4"] }),
    );
    expect(matches).toEqual([{ eventNumber: 2, eventMessage: "b 2", extractedValues: {} }]);
  });

  it("is made by a template", async () => {
    const write = await group("/templated");
    const type = home.resourceTypes.get("AWS::Logs::MetricFilter");
    const context = { stackName: "s", logicalId: "L", generateName: () => "generated" };
    const properties = {
      LogGroupName: "/templated",
      FilterPattern: '{ $.level = "ERROR" }',
      MetricTransformations: [{ MetricNamespace: "filtered", MetricName: "templated", MetricValue: 2 }],
    };
    const state = await type?.create(properties, context);
    await write('{"level":"ERROR"}');
    expect(await sums("templated")).toEqual([2, 1]);
    if (state !== undefined) await type?.delete(state, context);
    await write('{"level":"ERROR"}');
    expect(await sums("templated")).toEqual([2, 1]);
  });
});
