/** Metric data queries: metrics of the store and expressions over them, as GetMetricData and alarms ask. */
import type * as CloudWatch from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../aws-error.ts";
import { evaluateMath, MathError } from "./math/evaluate.ts";
import { type MathValue, type Series, seriesOf, timesOf } from "./math/series.ts";
import type { MetricId, MetricStore } from "./metric-store.ts";
import { byPeriod, statistic } from "./statistics.ts";

export interface DataResult {
  id: string;
  label: string;
  points: ReadonlyMap<number, number>;
}

type Query = CloudWatch.MetricDataQuery;

/**
 * Answers the queries that are to be returned; one that makes several series answers each.
 * @throws AwsError ValidationError
 */
export function queryMetricData(
  metrics: MetricStore,
  queries: readonly Query[],
  startMs: number,
  endMs: number,
): DataResult[] {
  const values = new Map<string, MathValue>();
  const open = new Set<string>();
  const byId = new Map(queries.map((query) => [query.Id ?? "", query]));
  const stored = queries.filter(({ MetricStat }) => MetricStat !== undefined);
  const valueById = (id: string): MathValue | undefined => {
    const known = values.get(id);
    const query = byId.get(id);
    if (known !== undefined || query === undefined) return known;
    if (open.has(id)) throw validation(`The expression ${id} refers to itself`);
    open.add(id);
    const value = query.MetricStat === undefined ? computed(query) : seriesOf(read(metrics, query, startMs, endMs));
    open.delete(id);
    values.set(id, value);
    return value;
  };
  const computed = ({ Id, Expression = "" }: Query): MathValue => {
    const series = stored.map((query) => ({ id: query.Id ?? "", series: seriesIn(valueById(query.Id ?? "")) }));
    try {
      return evaluateMath(Expression, valueById, { metrics: series.flatMap(known), startMs, endMs });
    } catch (thrown) {
      if (thrown instanceof MathError) throw validation(`Error in expression '${Id}': ${thrown.message}`, thrown);
      throw thrown;
    }
  };
  for (const { Id = "" } of queries) valueById(Id);
  return queries
    .filter(({ ReturnData }) => ReturnData !== false)
    .flatMap((query) =>
      resultsOf(
        query,
        values.get(query.Id ?? ""),
        stored.flatMap(({ Id = "" }) => values.get(Id) ?? []),
      ),
    );
}

const known = ({ id, series }: { id: string; series: Series | undefined }) =>
  series === undefined ? [] : [{ id, series }];

function read(metrics: MetricStore, { Id, MetricStat, Label }: Query, startMs: number, endMs: number): Series {
  const { Metric, Period, Stat = "Average", Unit } = MetricStat ?? {};
  if (Metric?.MetricName === undefined || Period === undefined)
    throw validation(`The query ${Id} needs MetricStat with Metric and Period`);
  const metric: MetricId = {
    namespace: Metric.Namespace ?? "",
    name: Metric.MetricName,
    dimensions: pairs(Metric.Dimensions),
  };
  const found = metrics.read(metric, startMs, endMs).filter(({ unit }) => Unit === undefined || unit === Unit);
  const points = new Map(byPeriod(found, Period).map((period) => [period.startMs, statistic(Stat, period.points)]));
  return { points, periodMs: Period * 1000, label: Label ?? metric.name };
}

function resultsOf(query: Query, value: MathValue | undefined, stored: readonly MathValue[]): DataResult[] {
  const { Id: id = "", Label } = query;
  switch (value?.kind) {
    case "series":
      return [
        { id, label: Label ?? (query.MetricStat === undefined ? id : value.series.label), points: value.series.points },
      ];
    case "list":
      return value.list.map(({ label, points }) => ({ id, label: Label ?? label, points }));
    case "scalar": {
      // A number stands at every time that the metrics have.
      const times = timesOf(stored.flatMap((one) => seriesIn(one) ?? []));
      return [{ id, label: Label ?? id, points: new Map(times.map((atMs) => [atMs, value.value])) }];
    }
    default:
      throw validation(`The expression ${id} makes no time series`);
  }
}

function seriesIn(value: MathValue | undefined): Series | undefined {
  return value?.kind === "series" ? value.series : undefined;
}

/** Dimensions with both parts present. */
export function pairs(dimensions: readonly CloudWatch.Dimension[] | undefined): MetricId["dimensions"] {
  return (dimensions ?? []).map(({ Name, Value }) => ({ Name: Name ?? "", Value: Value ?? "" }));
}

function validation(message: string, cause?: unknown): AwsError {
  return new AwsError("ValidationError", message, { cause });
}
