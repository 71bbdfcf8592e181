/** What an alarm watches, from CloudFormation or PutMetricAlarm: the two use the same names. */
import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import { cfnBoolean, cfnNumber, cfnTags } from "../../parse-properties.ts";
import { pairs } from "./metric-data.ts";
import type { MetricId } from "./metric-store.ts";

const COMPARISONS = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
] as const;

const Dimensions = z.array(z.strictObject({ Name: z.string(), Value: z.string() })).default([]);
const DataQuery = z.strictObject({
  Id: z.string(),
  Label: z.string().optional(),
  Expression: z.string().optional(),
  Period: cfnNumber.optional(),
  ReturnData: cfnBoolean.optional(),
  AccountId: z.string().optional(),
  MetricStat: z
    .strictObject({
      Metric: z.strictObject({ Namespace: z.string(), MetricName: z.string(), Dimensions }),
      Period: cfnNumber,
      Stat: z.string(),
      Unit: z.string().optional(),
    })
    .optional(),
});

export const AlarmDefinition = z.strictObject({
  AlarmName: z.string().optional(),
  AlarmDescription: z.string().optional(),
  ActionsEnabled: cfnBoolean.default(true),
  AlarmActions: z.array(z.string()).default([]),
  OKActions: z.array(z.string()).default([]),
  InsufficientDataActions: z.array(z.string()).default([]),
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions,
  Statistic: z.enum(["Average", "Sum", "Minimum", "Maximum", "SampleCount"]).optional(),
  ExtendedStatistic: z.string().optional(),
  Unit: z.string().optional(),
  Period: cfnNumber.optional(),
  /** Instead of one metric: metrics, and an expression over them that is returned. */
  Metrics: z.array(DataQuery).optional(),
  EvaluationPeriods: cfnNumber,
  DatapointsToAlarm: cfnNumber.optional(),
  Threshold: cfnNumber,
  ComparisonOperator: z.enum(COMPARISONS),
  TreatMissingData: z.enum(["breaching", "notBreaching", "ignore", "missing"]).default("missing"),
  Tags: cfnTags.optional(),
});
export type AlarmDefinition = z.infer<typeof AlarmDefinition>;

/** The statistic's name, whichever field gives it. */
export const statisticOf = (alarm: AlarmDefinition): string => alarm.Statistic ?? alarm.ExtendedStatistic ?? "Average";

/** What the alarm evaluates, as queries of metric data, and how long their periods are. */
export function watched(alarm: AlarmDefinition): { queries: MetricDataQuery[]; period: number } {
  const { Namespace, MetricName, Dimensions: dimensions, Period: period = 60, Metrics } = alarm;
  if (Metrics !== undefined) {
    const periods = Metrics.map(({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? 0);
    return { queries: Metrics.map(asQuery), period: Math.max(60, ...periods) };
  }
  const Metric = { Namespace, MetricName, Dimensions: dimensions };
  return { queries: [{ Id: "m1", MetricStat: { Metric, Period: period, Stat: statisticOf(alarm) } }], period };
}

/** The metrics the alarm depends on. */
export function metricsOf(alarm: AlarmDefinition): MetricId[] {
  return watched(alarm).queries.flatMap(({ MetricStat }) => {
    const { Namespace = "", MetricName = "", Dimensions: dimensions } = MetricStat?.Metric ?? {};
    return MetricStat === undefined ? [] : [{ namespace: Namespace, name: MetricName, dimensions: pairs(dimensions) }];
  });
}

/** Undefined when it can be evaluated, else why not. */
export function alarmProblem({ Metrics, Namespace, MetricName, Period }: AlarmDefinition): string | undefined {
  if (Metrics === undefined) {
    const missing = Object.entries({ Namespace, MetricName, Period }).filter(([, value]) => value === undefined);
    return missing.length === 0
      ? undefined
      : `an alarm on one metric needs ${missing.map(([name]) => name).join(", ")}`;
  }
  if (MetricName !== undefined) return "an alarm has either MetricName or Metrics";
  const returned = Metrics.filter(({ ReturnData = true }) => ReturnData).length;
  return returned === 1 ? undefined : `exactly one of Metrics has ReturnData true, not ${returned}`;
}

type DataQuery = z.infer<typeof DataQuery>;

function asQuery({ Id, Label, Expression, ReturnData, MetricStat }: DataQuery): MetricDataQuery {
  return {
    Id,
    ...(Label === undefined ? {} : { Label }),
    ...(Expression === undefined ? {} : { Expression }),
    ...(ReturnData === undefined ? {} : { ReturnData }),
    ...(MetricStat === undefined
      ? {}
      : { MetricStat: { Metric: MetricStat.Metric, Period: MetricStat.Period, Stat: MetricStat.Stat } }),
  };
}
