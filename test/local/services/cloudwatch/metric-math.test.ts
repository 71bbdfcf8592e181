import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListTagsForResourceCommand,
  type MetricDataQuery,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  type StandardUnit,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { cloudwatch } from "../../../../local/services/cloudwatch/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

// Signatures are checked against this clock, so it stands near the real time; half past the minute, away from its ends.
const NOW = Math.floor(Date.now() / 600_000) * 600_000 + 30_000;
const START = NOW - 30_000 - 300_000;
const clock = { nowMs: NOW, now: () => clock.nowMs, at: (_atMs: number, _fire: () => void) => () => {} };
let home: Home;
let client: CloudWatchClient;

const at = (minute: number) => new Date(START + minute * 60_000);
const put = (MetricName: string, values: readonly (number | undefined)[]) =>
  client.send(
    new PutMetricDataCommand({
      Namespace: "math",
      MetricData: values.flatMap((Value, minute) =>
        Value === undefined ? [] : [{ MetricName, Value, Timestamp: at(minute) }],
      ),
    }),
  );

beforeAll(async () => {
  home = await openHome({ directory: temporaryFolder("metric-math"), services: [cloudwatch], clock });
  client = new CloudWatchClient(home.clientConfig());
  await home.start();
  await put("calls", [10, 20, 30, 40, 50]);
  await put("errors", [1, undefined, 3, undefined, 5]);
});
afterAll(() => home.close());

const metric = (Id: string, MetricName: string): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace: "math", MetricName }, Period: 60, Stat: "Sum" },
  ReturnData: false,
});

async function compute(Expression: string, more: MetricDataQuery[] = []) {
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries: [metric("calls", "calls"), metric("errors", "errors"), ...more, { Id: "e", Expression }],
      StartTime: at(0),
      EndTime: at(5),
      ScanBy: "TimestampAscending",
    }),
  );
  return MetricDataResults;
}

describe("metric math", () => {
  it.each([
    ["calls + 1", [11, 21, 31, 41, 51]],
    ["100 * errors / calls", [10, 10, 10]],
    ["-errors ^ 2 + 10", [11, 19, 35]],
    ["(calls - 10) / 10", [0, 1, 2, 3, 4]],
    ["calls > 20 && errors != 3", [0, 0, 1]],
    ["calls >= 30 AND calls < 50 OR calls == 10", [1, 0, 1, 1, 0]],
    ["SUM(METRICS())", [11, 20, 33, 40, 55]],
    ["SUM([calls, errors])", [11, 20, 33, 40, 55]],
    ["MAX(METRICS('err'))", [1, 3, 5]],
    ["MIN([calls, errors])", [1, 20, 3, 40, 5]],
    ["calls / AVG(calls)", [10 / 30, 20 / 30, 1, 40 / 30, 50 / 30]],
    ["SUM(calls)", [150, 150, 150, 150, 150]],
    ["FILL(errors, 0)", [1, 0, 3, 0, 5]],
    ["FILL(errors, REPEAT)", [1, 1, 3, 3, 5]],
    ["FILL(errors, LINEAR)", [1, 2, 3, 4, 5]],
    ["IF(calls > 30, 1, 0)", [0, 0, 0, 1, 1]],
    ["IF(calls > 20, calls, errors)", [1, 30, 40, 50]],
    ["DIFF(calls)", [10, 10, 10, 10]],
    ["RATE(calls) * PERIOD(calls)", [10, 10, 10, 10]],
    ["DIFF_TIME(errors)", [120, 120]],
    ["RUNNING_SUM(calls)", [10, 30, 60, 100, 150]],
    ["CEIL(calls / 20) + FLOOR(0.5) + ABS(-1) + LOG10(10)", [3, 3, 4, 4, 5]],
    ["FIRST([errors, calls])", [1, 3, 5]],
    ["LAST(METRICS()) + METRIC_COUNT(METRICS()) + DATAPOINT_COUNT(errors)", [6, 8, 10]],
    ["STDDEV(calls) ^ 2 + 0 * errors", [200, 200, 200]],
    ["TIME_SERIES(2)", [2, 2, 2, 2, 2]],
    ["rate * 2", [2 / 10, 6 / 30, 10 / 50]],
  ])("computes %s", async (expression, expected) => {
    const rate: MetricDataQuery = { Id: "rate", Expression: "errors / calls", ReturnData: false };
    const [result, ...others] = await compute(expression, [rate]);
    expect(result).toMatchObject({ Id: "e", Label: "e", StatusCode: "Complete" });
    expect(result?.Values?.map((value) => Number(value.toFixed(9)))).toEqual(
      expected.map((value) => Number(value.toFixed(9))),
    );
    expect(others).toEqual([]);
  });

  it("answers each series of a list, with its times", async () => {
    const [calls, errors] = await compute("METRICS() * 2");
    expect([calls?.Label, calls?.Values]).toEqual(["calls", [20, 40, 60, 80, 100]]);
    expect([errors?.Label, errors?.Timestamps]).toEqual(["errors", [at(0), at(2), at(4)]]);
  });

  it.each([
    ["none + 1", "there is no metric or expression none"],
    ["SEARCH('{a} b', 'Sum', 60)", "the function SEARCH is not built"],
    ["constructor(calls)", "the function constructor is not built"],
    ["calls +", "it ends too early"],
    ["calls calls", "calls is not expected"],
    ["SUM(calls", "\\) is missing"],
    ["calls ; 1", 'cannot read "; 1"'],
    ["RATE(1)", "a time series is expected"],
    ["e + 1", "The expression e refers to itself"],
    [`${"(".repeat(900)}1${")".repeat(900)}`, "nests deeper than 50 levels"],
    ["REPEAT", "makes no time series"],
  ])("refuses %s", async (expression, message) => {
    await expect(compute(expression)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringMatching(message),
    });
  });
});

describe("statistics of values with counts", () => {
  it.each([
    ["p90", 4],
    ["TM(0%:80%)", 2.5],
    ["tm80", 2.5],
    ["WM(0%:80%)", 2.8],
    ["TC(:3)", 6],
    ["TS(:3)", 12],
    ["PR(2:4)", 50],
    ["IQM", 3],
  ])("%s", async (stat, expected) => {
    const MetricName = `of-${stat.replace(/\W/g, "")}`;
    const data = { MetricName, Values: [1, 2, 3, 4, 100], Counts: [2, 2, 2, 3, 1], Timestamp: at(1) };
    await client.send(new PutMetricDataCommand({ Namespace: "math", MetricData: [data] }));
    const asked = { Namespace: "math", MetricName, Period: 60, StartTime: at(0), EndTime: at(5) };
    const { Datapoints } = await client.send(new GetMetricStatisticsCommand({ ...asked, ExtendedStatistics: [stat] }));
    expect(Datapoints?.[0]?.ExtendedStatistics?.[stat]).toBeCloseTo(expected, 6);
  });

  it("refuses one it does not know, naming those there are", async () => {
    const asked = { Namespace: "math", MetricName: "calls", Period: 60, StartTime: at(0), EndTime: at(5) };
    await expect(
      client.send(new GetMetricStatisticsCommand({ ...asked, ExtendedStatistics: ["mode"] })),
    ).rejects.toMatchObject({ name: "InvalidParameterValueException", message: /The statistic mode is not one of/ });
  });
});

describe("an alarm on metric math", () => {
  const alarm = {
    AlarmName: "error-rate",
    EvaluationPeriods: 1,
    Threshold: 50,
    ComparisonOperator: "GreaterThanThreshold" as const,
    Metrics: [
      { ...metric("good", "good") },
      { ...metric("bad", "bad") },
      { Id: "rate", Expression: "100 * bad / (good + bad)", Label: "error rate" },
    ],
    Tags: [{ Key: "team", Value: "ml" }],
  };
  const now = (MetricName: string, Value: number, Unit: StandardUnit = "Count") =>
    client.send(new PutMetricDataCommand({ Namespace: "math", MetricData: [{ MetricName, Value, Unit }] }));

  it("moves when one of its metrics does, keeps tags, and its history", async () => {
    await client.send(new PutMetricAlarmCommand(alarm));
    await now("good", 1);
    await now("bad", 1);
    const described = async () => (await client.send(new DescribeAlarmsCommand({}))).MetricAlarms?.[0];
    expect(await described()).toMatchObject({ StateValue: "OK", Metrics: alarm.Metrics });
    await now("bad", 3);
    expect(await described()).toMatchObject({ StateValue: "ALARM", StateReason: /80\.0/ });
    const ResourceARN = (await described())?.AlarmArn;
    await client.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: "a", Value: "b" }] }));
    await client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["team"] }));
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN }));
    expect(Tags).toEqual([{ Key: "a", Value: "b" }]);
    await client.send(new DeleteAlarmsCommand({ AlarmNames: ["error-rate"] }));
    const history = await client.send(
      new DescribeAlarmHistoryCommand({ AlarmName: "error-rate", ScanBy: "TimestampAscending" }),
    );
    expect(history.AlarmHistoryItems?.map(({ HistorySummary }) => HistorySummary)).toEqual([
      'Alarm "error-rate" created',
      "Alarm updated from INSUFFICIENT_DATA to OK",
      "Alarm updated from OK to ALARM",
      'Alarm "error-rate" deleted',
    ]);
    const newest = new DescribeAlarmHistoryCommand({ HistoryItemType: "StateUpdate", MaxRecords: 1 });
    const [moved] = (await client.send(newest)).AlarmHistoryItems ?? [];
    expect(JSON.parse(moved?.HistoryData ?? "")).toMatchObject({
      oldState: { stateValue: "OK" },
      newState: { stateValue: "ALARM", stateReasonData: { recentDatapoints: [80] } },
    });
    await expect(client.send(new ListTagsForResourceCommand({ ResourceARN }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  it("is refused when it cannot be evaluated", async () => {
    const refused = (more: object) =>
      expect(client.send(new PutMetricAlarmCommand({ ...alarm, ...more }))).rejects.toMatchObject({
        name: "ValidationException",
        message: expect.stringMatching(/error-rate: /),
      });
    await refused({ Metrics: undefined });
    await refused({ MetricName: "m", Namespace: "n" });
    await refused({ Metrics: alarm.Metrics.slice(0, 2) });
  });
});
