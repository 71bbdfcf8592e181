/** What an alarm watches, from CloudFormation or PutMetricAlarm: the two use the same names. */
import { z } from "zod";
import { cfnBoolean, cfnNumber, cfnTags } from "../../parse-properties.ts";

const COMPARISONS = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
] as const;

export const AlarmDefinition = z.strictObject({
  AlarmName: z.string().optional(),
  AlarmDescription: z.string().optional(),
  ActionsEnabled: cfnBoolean.default(true),
  AlarmActions: z.array(z.string()).default([]),
  OKActions: z.array(z.string()).default([]),
  InsufficientDataActions: z.array(z.string()).default([]),
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.strictObject({ Name: z.string(), Value: z.string() })).default([]),
  Statistic: z.enum(["Average", "Sum", "Minimum", "Maximum", "SampleCount"]).optional(),
  ExtendedStatistic: z.string().optional(),
  Unit: z.string().optional(),
  Period: cfnNumber,
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
