import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  DescribeAlarmsForMetricCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeliveredEvent } from "../../../../local/define-service.ts";
import { type Home, openHome } from "../../../../local/home.ts";
import { cloudwatch } from "../../../../local/services/cloudwatch/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

// Signatures are checked against this clock, so it stands near the real time; half past the minute, away from its ends.
const NOW = Math.floor(Date.now() / 60_000) * 60_000 + 30_000;
const timers: { atMs: number; fire: () => void }[] = [];
const clock = {
  nowMs: NOW,
  now: () => clock.nowMs,
  at(atMs: number, fire: () => void) {
    timers.push({ atMs, fire });
    return () => {};
  },
};
let home: Home;
let client: CloudWatchClient;
beforeAll(async () => {
  home = await openHome({ directory: temporaryFolder("cloudwatch"), services: [cloudwatch], clock });
  client = new CloudWatchClient(home.clientConfig());
  await home.start();
});
afterAll(() => home.close());

const range = { StartTime: new Date(NOW - 600_000), EndTime: new Date(NOW + 600_000) };

describe("CloudWatch through its own client", () => {
  it("answers statistics and percentiles of what was put", async () => {
    const MetricData = [1, 2, 3, 4].map((Value) => ({
      MetricName: "latency",
      Value,
      Timestamp: new Date(NOW),
      Dimensions: [{ Name: "step", Value: "a" }],
    }));
    await client.send(new PutMetricDataCommand({ Namespace: "stats", MetricData }));
    const { Datapoints } = await client.send(
      new GetMetricStatisticsCommand({
        ...range,
        Namespace: "stats",
        MetricName: "latency",
        Dimensions: [{ Name: "step", Value: "a" }],
        Period: 60,
        Statistics: ["Average", "Maximum"],
        ExtendedStatistics: ["p50"],
      }),
    );
    expect(Datapoints).toMatchObject([{ Average: 2.5, Maximum: 4, ExtendedStatistics: { p50: 2 } }]);
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        ...range,
        MetricDataQueries: [
          {
            Id: "m",
            MetricStat: {
              Metric: { Namespace: "stats", MetricName: "latency", Dimensions: [{ Name: "step", Value: "a" }] },
              Period: 60,
              Stat: "Sum",
            },
          },
        ],
      }),
    );
    expect(MetricDataResults?.[0]?.Values).toEqual([10]);
    const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: "stats" }));
    expect(Metrics).toEqual([
      { Namespace: "stats", MetricName: "latency", Dimensions: [{ Name: "step", Value: "a" }] },
    ]);
  });

  it("moves an alarm to ALARM when its metric crosses the threshold, back when its point has left the evaluation range, and tells the bus", async () => {
    const heard: DeliveredEvent[] = [];
    const stop = home.ports.listen((event) => heard.push(event));
    await client.send(
      new PutMetricAlarmCommand({
        AlarmName: "failed",
        Namespace: "app",
        MetricName: "failures",
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        TreatMissingData: "notBreaching",
      }),
    );
    await client.send(
      new PutMetricDataCommand({ Namespace: "app", MetricData: [{ MetricName: "failures", Value: 1 }] }),
    );
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ["failed"] }));
    expect(MetricAlarms?.[0]).toMatchObject({
      StateValue: "ALARM",
      AlarmArn: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:failed",
    });
    expect(heard[0]).toMatchObject({
      source: "aws.cloudwatch",
      "detail-type": "CloudWatch Alarm State Change",
      resources: ["arn:aws:cloudwatch:us-east-1:000000000000:alarm:failed"],
      detail: {
        alarmName: "failed",
        previousState: { value: "INSUFFICIENT_DATA" },
        state: {
          value: "ALARM",
          reason: "Threshold Crossed: 1 datapoint [1.0] was greater than or equal to the threshold (1.0).",
        },
        configuration: {
          metrics: [{ metricStat: { metric: { namespace: "app", name: "failures" }, period: 60, stat: "Sum" } }],
        },
      },
    });
    for (const minutes of [2, 3]) {
      clock.nowMs = NOW + minutes * 60_000;
      timers.at(-1)?.fire();
      await home.ports.store.committed();
      expect(heard).toHaveLength(minutes - 1);
    }
    expect(heard.at(-1)).toMatchObject({ detail: { state: { value: "OK" }, previousState: { value: "ALARM" } } });
    clock.nowMs = NOW;
    stop();
  });

  const alarmOn = (MetricName: string) =>
    client.send(
      new PutMetricAlarmCommand({
        AlarmName: `${MetricName}-alarm`,
        Namespace: "app",
        MetricName,
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        TreatMissingData: "notBreaching",
      }),
    );

  it("finds the alarms on a metric, of these dimensions", async () => {
    await alarmOn("found");
    const find = async (more: object) => {
      const asked = { Namespace: "app", MetricName: "found", ...more };
      const { MetricAlarms } = await client.send(new DescribeAlarmsForMetricCommand(asked));
      return MetricAlarms?.map(({ AlarmName }) => AlarmName);
    };
    expect(await find({})).toEqual(["found-alarm"]);
    expect(await find({ Statistic: "Sum", Period: 60 })).toEqual(["found-alarm"]);
    expect(await find({ MetricName: "other" })).toEqual([]);
    expect(await find({ Statistic: "Average" })).toEqual([]);
    expect(await find({ Dimensions: [{ Name: "a", Value: "b" }] })).toEqual([]);
  });

  it("sets a state by hand and deletes alarms", async () => {
    await alarmOn("set");
    const AlarmName = "set-alarm";
    await client.send(new SetAlarmStateCommand({ AlarmName, StateValue: "ALARM", StateReason: "drill" }));
    const alarming = await client.send(new DescribeAlarmsCommand({ AlarmNamePrefix: "set", StateValue: "ALARM" }));
    expect(alarming.MetricAlarms?.map(({ StateReason }) => StateReason)).toEqual(["drill"]);
    await client.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }));
    expect((await client.send(new DescribeAlarmsCommand({ AlarmNamePrefix: "set" }))).MetricAlarms).toEqual([]);
    await expect(
      client.send(new SetAlarmStateCommand({ AlarmName, StateValue: "OK", StateReason: "x" })),
    ).rejects.toMatchObject({ name: "ResourceNotFound" });
  });

  it("keeps dashboards", async () => {
    await client.send(new PutDashboardCommand({ DashboardName: "d", DashboardBody: '{"widgets":[]}' }));
    expect((await client.send(new GetDashboardCommand({ DashboardName: "d" }))).DashboardBody).toBe('{"widgets":[]}');
  });
});
