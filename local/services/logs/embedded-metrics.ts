/**
 * Embedded metric format: a log line that carries metrics.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";

const Directive = z.object({
  Namespace: z.string().min(1),
  Dimensions: z.array(z.array(z.string())).default([[]]),
  Metrics: z.array(z.object({ Name: z.string(), Unit: z.string().optional() })).default([]),
});
const Embedded = z.looseObject({
  _aws: z.object({ Timestamp: z.number(), CloudWatchMetrics: z.array(Directive) }),
});

/** The PutMetricData calls a line stands for; none when it is no such line, or malformed. */
export function embeddedMetrics(message: string): { Namespace: string; MetricData: MetricDatum[] }[] {
  if (!message.startsWith("{") || !message.includes('"_aws"')) return [];
  const parsed = Embedded.safeParse(parseOrNothing(message));
  if (!parsed.success) return [];
  const line = parsed.data;
  return line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) => {
    const sets = Dimensions.length === 0 ? [[]] : Dimensions;
    const MetricData = sets.flatMap((names) =>
      Metrics.flatMap(({ Name, Unit }) => {
        const values = [line[Name]].flat().filter((value) => typeof value === "number");
        if (values.length === 0) return [];
        const datum: MetricDatum = {
          MetricName: Name,
          Timestamp: new Date(line._aws.Timestamp),
          Values: values,
          Dimensions: names.map((name) => ({ Name: name, Value: String(line[name]) })),
          ...(isUnit(Unit) ? { Unit } : {}),
        };
        return [datum];
      }),
    );
    return MetricData.length > 0 ? [{ Namespace, MetricData }] : [];
  });
}

function parseOrNothing(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

const UNITS = [
  "Count",
  "Milliseconds",
  "Seconds",
  "Microseconds",
  "Bytes",
  "Kilobytes",
  "Megabytes",
  "Percent",
  "None",
] as const;
const isUnit = (unit: string | undefined): unit is (typeof UNITS)[number] => UNITS.some((known) => known === unit);
