/** Putting and reading metrics. */
import type * as CloudWatch from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import { pairs, queryMetricData } from "./metric-data.ts";
import type { MetricId, MetricStore } from "./metric-store.ts";
import { byPeriod, statistic } from "./statistics.ts";

/** `changed` hears of every metric that got data, after it was written. */
export function metricOperations(
  home: HomePorts,
  metrics: MetricStore,
  changed: (metric: MetricId) => void,
): Operations<typeof CloudWatch> {
  return {
    PutMetricData: {
      authorize: ({ Namespace = "" }) => ({ resource: "*", context: { "cloudwatch:namespace": Namespace } }),
      handle: ({ Namespace = "", MetricData = [] }) => {
        for (const datum of MetricData) changed(putDatum(metrics, Namespace, datum, home.clock.now()));
        return {};
      },
    },
    GetMetricStatistics: {
      handle: (input) => {
        const { Namespace: namespace = "", MetricName: name = "", Period = 60 } = input;
        const metric = { namespace, name, dimensions: pairs(input.Dimensions) };
        const points = metrics.read(metric, ms(input.StartTime), ms(input.EndTime));
        const wanted = input.Unit === undefined ? points : points.filter(({ unit }) => unit === input.Unit);
        return {
          Label: name,
          Datapoints: byPeriod(wanted, Period).map(({ startMs, points: inPeriod }) => {
            const simple = input.Statistics ?? [];
            const extended = input.ExtendedStatistics ?? [];
            return {
              Timestamp: new Date(startMs),
              Unit: asUnit(inPeriod[0]?.unit),
              ...Object.fromEntries(simple.map((stat) => [stat, statistic(stat, inPeriod)])),
              ...(extended.length === 0
                ? {}
                : {
                    ExtendedStatistics: Object.fromEntries(extended.map((stat) => [stat, statistic(stat, inPeriod)])),
                  }),
            };
          }),
        };
      },
    },
    GetMetricData: {
      handle: ({ MetricDataQueries = [], StartTime, EndTime, ScanBy }) => ({
        MetricDataResults: queryMetricData(metrics, MetricDataQueries, ms(StartTime), ms(EndTime)).map(
          ({ id, label, points }) => {
            const sorted = [...points].sort(([left], [right]) => left - right);
            if (ScanBy !== "TimestampAscending") sorted.reverse();
            return {
              Id: id,
              Label: label,
              Timestamps: sorted.map(([atMs]) => new Date(atMs)),
              Values: sorted.map(([, value]) => value),
              StatusCode: "Complete",
            };
          },
        ),
        Messages: [],
      }),
    },
    ListMetrics: {
      handle: ({ Namespace, MetricName, Dimensions = [] }) => ({
        Metrics: metrics
          .list()
          .filter(({ namespace, name }) => (Namespace ?? namespace) === namespace && (MetricName ?? name) === name)
          .filter(({ dimensions }) =>
            Dimensions.every(({ Name, Value }) =>
              dimensions.some((own) => own.Name === Name && (Value === undefined || own.Value === Value)),
            ),
          )
          .map(({ namespace, name, dimensions }) => ({
            Namespace: namespace,
            MetricName: name,
            Dimensions: [...dimensions],
          })),
      }),
    },
  };
}

function putDatum(metrics: MetricStore, namespace: string, datum: CloudWatch.MetricDatum, nowMs: number): MetricId {
  if (namespace === "" || !datum.MetricName) {
    throw new AwsError("MissingParameter", "The parameters Namespace and MetricData.member.N.MetricName are required.");
  }
  const metric = { namespace, name: datum.MetricName, dimensions: pairs(datum.Dimensions) };
  const base = { atMs: datum.Timestamp?.getTime() ?? nowMs, unit: datum.Unit ?? "None" };
  const set = datum.StatisticValues;
  if (set) {
    const { SampleCount: count = 0, Sum: sum = 0, Minimum: minimum = 0, Maximum: maximum = 0 } = set;
    metrics.put(metric, { ...base, count, sum, minimum, maximum });
    return metric;
  }
  const values = datum.Values ?? (datum.Value === undefined ? [] : [datum.Value]);
  if (values.length === 0) {
    throw new AwsError(
      "InvalidParameterCombination",
      `${datum.MetricName} has neither Value, Values nor StatisticValues.`,
    );
  }
  for (const [index, value] of values.entries()) {
    if (!Number.isFinite(value))
      throw new AwsError("InvalidParameterValue", `The value ${value} for ${datum.MetricName} is not a number.`);
    const count = datum.Counts?.[index] ?? 1;
    metrics.put(metric, { ...base, count, sum: value * count, minimum: value, maximum: value });
  }
  return metric;
}

const ms = (date: Date | undefined) => date?.getTime() ?? 0;

const UNITS = [
  "Seconds",
  "Microseconds",
  "Milliseconds",
  "Bytes",
  "Kilobytes",
  "Megabytes",
  "Percent",
  "Count",
] as const;
const asUnit = (unit: string | undefined) => UNITS.find((known) => known === unit) ?? "None";
