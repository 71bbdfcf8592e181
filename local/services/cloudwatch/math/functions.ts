/**
 * Functions of metric math.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
import { listOf, type MathValue, mapped, type Series, scalar, seriesOf, timesOf } from "./series.ts";

export interface MathContext {
  /** Metrics of the request, for METRICS(). */
  metrics: readonly { id: string; series: Series }[];
  startMs: number;
  endMs: number;
}

type MathFunction = (values: readonly MathValue[], context: MathContext) => MathValue;

export const FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  ABS: each(Math.abs),
  CEIL: each(Math.ceil),
  FLOOR: each(Math.floor),
  LOG: each(Math.log),
  LOG10: each(Math.log10),
  SUM: over((values) => values.reduce((sum, value) => sum + value, 0)),
  AVG: over((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
  MIN: over((values) => Math.min(...values)),
  MAX: over((values) => Math.max(...values)),
  STDDEV: over((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  }),
  DATAPOINT_COUNT: over((values) => values.length),
  METRIC_COUNT: ([value]) => scalar(listIn(value).length),
  METRICS: ([value], { metrics }) => {
    const part = value?.kind === "word" ? value.word : "";
    return listOf(metrics.filter(({ id }) => id.includes(part)).map(({ series }) => series));
  },
  FIRST: ([value]) => seriesOf(required(listIn(value)[0])),
  LAST: ([value]) => seriesOf(required(listIn(value).at(-1))),
  PERIOD: ([value]) => scalar(required(listIn(value)[0]).periodMs / 1000),
  RUNNING_SUM: ([value]) => eachSeries(value, runningSum),
  DIFF: ([value]) => eachSeries(value, (series) => withPrevious(series, ([, before], [, now]) => now - before)),
  DIFF_TIME: ([value]) =>
    eachSeries(value, (series) => withPrevious(series, ([before], [now]) => (now - before) / 1000)),
  RATE: ([value]) =>
    eachSeries(value, (series) =>
      withPrevious(series, ([beforeMs, before], [nowMs, now]) => (now - before) / ((nowMs - beforeMs) / 1000)),
    ),
  EPOCH: ([value]) => eachSeries(value, (series) => mapped(series, (_, atMs) => atMs / 1000)),
  MINUTE: ([value]) => eachSeries(value, (series) => mapped(series, (_, atMs) => new Date(atMs).getUTCMinutes())),
  HOUR: ([value]) => eachSeries(value, (series) => mapped(series, (_, atMs) => new Date(atMs).getUTCHours())),
  DAY: ([value]) => eachSeries(value, (series) => mapped(series, (_, atMs) => new Date(atMs).getUTCDay() || 7)),
  REMOVE_EMPTY: ([value]) => listOf(listIn(value).filter(({ points }) => points.size > 0)),
  TIME_SERIES: ([value], context) => seriesOf(constant(numberIn(value), context)),
  FILL: ([value, filling], context) => eachSeries(value, (series) => filled(series, filling, context)),
  IF: ([condition, yes, no]) => chosen(required(condition), required(yes), no),
};

function each(work: (value: number) => number): MathFunction {
  return ([value]) =>
    value?.kind === "scalar" ? scalar(work(value.value)) : eachSeries(value, (series) => mapped(series, work));
}

/** Of one series a number, of several a series: at each time over those that have a point. */
function over(work: (values: readonly number[]) => number): MathFunction {
  return ([value]) => {
    if (value?.kind === "scalar") return scalar(work([value.value]));
    if (value?.kind === "series") return scalar(work([...value.series.points.values()]));
    const list = listIn(value);
    const points = new Map(
      timesOf(list).map((atMs) => [atMs, work(list.flatMap(({ points: own }) => own.get(atMs) ?? []))]),
    );
    return seriesOf({ points, periodMs: list[0]?.periodMs ?? 60_000, label: "" });
  };
}

function eachSeries(value: MathValue | undefined, work: (series: Series) => Series): MathValue {
  const list = listIn(value).map(work);
  return value?.kind === "list" ? listOf(list) : seriesOf(required(list[0]));
}

function runningSum(series: Series): Series {
  let sum = 0;
  return mapped(series, (value) => {
    sum += value;
    return sum;
  });
}

type Point = readonly [atMs: number, value: number];

function withPrevious(series: Series, work: (before: Point, now: Point) => number): Series {
  let before: Point | undefined;
  return mapped(series, (value, atMs) => {
    const now: Point = [atMs, value];
    const result = before && work(before, now);
    before = now;
    return result;
  });
}

/** Every period of the request has a point. */
function filled(series: Series, filling: MathValue | undefined, { startMs, endMs }: MathContext): Series {
  const { periodMs, points } = series;
  const known = [...points];
  const full = new Map<number, number>();
  for (let atMs = Math.ceil(startMs / periodMs) * periodMs; atMs < endMs; atMs += periodMs) {
    const value = points.get(atMs) ?? fillingAt(atMs, known, filling);
    if (value !== undefined) full.set(atMs, value);
  }
  return { ...series, points: full };
}

function fillingAt(atMs: number, known: readonly Point[], filling: MathValue | undefined): number | undefined {
  if (filling?.kind === "scalar") return filling.value;
  if (filling?.kind === "series") return filling.series.points.get(atMs);
  const before = known.findLast(([time]) => time < atMs);
  if (filling?.kind !== "word" || before === undefined) return undefined;
  if (filling.word === "REPEAT") return before[1];
  const after = known.find(([time]) => time > atMs);
  if (filling.word !== "LINEAR" || after === undefined) return undefined;
  return before[1] + ((after[1] - before[1]) * (atMs - before[0])) / (after[0] - before[0]);
}

function chosen(condition: MathValue, yes: MathValue, no: MathValue | undefined): MathValue {
  if (condition.kind === "scalar") return condition.value !== 0 ? yes : required(no);
  const at = (value: MathValue | undefined, atMs: number) =>
    value?.kind === "scalar" ? value.value : value?.kind === "series" ? value.series.points.get(atMs) : undefined;
  return eachSeries(condition, (series) => mapped(series, (test, atMs) => at(test !== 0 ? yes : no, atMs)));
}

function constant(value: number, { startMs, endMs }: MathContext): Series {
  const points = new Map<number, number>();
  for (let atMs = Math.ceil(startMs / 60_000) * 60_000; atMs < endMs; atMs += 60_000) points.set(atMs, value);
  return { points, periodMs: 60_000, label: "" };
}

function listIn(value: MathValue | undefined): readonly Series[] {
  if (value?.kind === "list") return value.list;
  if (value?.kind === "series") return [value.series];
  throw new TypeError("a time series is expected");
}

function numberIn(value: MathValue | undefined): number {
  if (value?.kind === "scalar") return value.value;
  throw new TypeError("a number is expected");
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError("an argument is missing");
  return value;
}
