/** Putting and reading metrics. */
import type * as CloudWatch from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import { dimensionKey, type MetricId, type MetricStore } from "./metric-store.ts";
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
        const stats = [...(input.Statistics ?? []), ...(input.ExtendedStatistics ?? [])];
        const { Namespace: namespace = "", MetricName: name = "", Period = 60 } = input;
        const metric = { namespace, name, dimensions: pairs(input.Dimensions) };
        const points = metrics.read(metric, ms(input.StartTime), ms(input.EndTime));
        const wanted = input.Unit === undefined ? points : points.filter(({ unit }) => unit === input.Unit);
        return {
          Label: name,
          Datapoints: byPeriod(wanted, Period).map(({ startMs, points: inPeriod }) => {
            const extended = stats.filter((stat) => stat.startsWith("p"));
            return {
              Timestamp: new Date(startMs),
              Unit: asUnit(inPeriod[0]?.unit),
              ...Object.fromEntries(
                stats.filter((stat) => !stat.startsWith("p")).map((stat) => [stat, statistic(stat, inPeriod)]),
              ),
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
        MetricDataResults: MetricDataQueries.filter(({ ReturnData }) => ReturnData !== false).map((query) => {
          const result = runQuery(metrics, query, ms(StartTime), ms(EndTime));
          if (ScanBy !== "TimestampAscending") {
            result.Timestamps?.reverse();
            result.Values?.reverse();
          }
          return result;
        }),
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

function runQuery(
  metrics: MetricStore,
  query: CloudWatch.MetricDataQuery,
  startMs: number,
  endMs: number,
): CloudWatch.MetricDataResult {
  const stat = query.MetricStat;
  if (!stat?.Metric) {
    throw new AwsError(
      "ValidationError",
      `The query ${query.Id} is an expression: metric math is not built in the embedded home; ask for each MetricStat and compute`,
    );
  }
  const { Namespace: namespace = "", MetricName: name = "", Dimensions } = stat.Metric;
  const points = metrics.read({ namespace, name, dimensions: pairs(Dimensions) }, startMs, endMs);
  const periods = byPeriod(points, stat.Period ?? 60);
  return {
    ...(query.Id === undefined ? {} : { Id: query.Id }),
    Label: query.Label ?? name,
    Timestamps: periods.map((period) => new Date(period.startMs)),
    Values: periods.map((period) => statistic(stat.Stat ?? "Average", period.points)),
    StatusCode: "Complete",
  };
}

/** Dimensions with both parts present. */
function pairs(dimensions: readonly CloudWatch.Dimension[] | undefined): MetricId["dimensions"] {
  return (dimensions ?? []).map(({ Name, Value }) => ({ Name: Name ?? "", Value: Value ?? "" }));
}

/** Whether two metrics are the same one. */
export const sameMetric = (left: MetricId, right: MetricId): boolean =>
  left.namespace === right.namespace &&
  left.name === right.name &&
  dimensionKey(left.dimensions) === dimensionKey(right.dimensions);

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
