/** Statistics of data points over periods. */
import { AwsError } from "../../aws-error.ts";
import type { DataPoint } from "./metric-store.ts";
import { trimmedStatistic } from "./trimmed-statistics.ts";

/** One period with at least one point. */
export interface PeriodValues {
  startMs: number;
  points: readonly DataPoint[];
}

/** Points by period; periods begin at multiples of `periodSeconds`, as the service aligns them. */
export function byPeriod(points: readonly DataPoint[], periodSeconds: number): PeriodValues[] {
  const periodMs = periodSeconds * 1000;
  const groups = new Map<number, DataPoint[]>();
  for (const point of points) {
    const startMs = Math.floor(point.atMs / periodMs) * periodMs;
    const group = groups.get(startMs);
    if (group) group.push(point);
    else groups.set(startMs, [point]);
  }
  return [...groups].map(([startMs, group]) => ({ startMs, points: group })).sort((a, b) => a.startMs - b.startMs);
}

/**
 * A statistic by its name: Average, Sum, Minimum, Maximum, SampleCount, a percentile such as p99, or one over a part of the values.
 * @throws AwsError InvalidParameterValue for others
 */
export function statistic(name: string, points: readonly DataPoint[]): number {
  const total = (of: (point: DataPoint) => number) => points.reduce((sum, point) => sum + of(point), 0);
  switch (name) {
    case "Sum":
      return total(({ sum }) => sum);
    case "SampleCount":
      return total(({ count }) => count);
    case "Average":
      return total(({ sum }) => sum) / total(({ count }) => count);
    case "Minimum":
      return points.reduce((least, { minimum }) => Math.min(least, minimum), Number.POSITIVE_INFINITY);
    case "Maximum":
      return points.reduce((most, { maximum }) => Math.max(most, maximum), Number.NEGATIVE_INFINITY);
    default:
      return percentile(name, points);
  }
}

// Nearest rank over occurrences; a statistic set counts as its average, for its values are not known.
function percentile(name: string, points: readonly DataPoint[]): number {
  const sorted = points.map(({ sum, count }) => ({ value: sum / count, count })).sort((a, b) => a.value - b.value);
  const percent = Number(/^p(\d{1,2}(?:\.\d+)?|100)$/.exec(name)?.[1] ?? Number.NaN);
  if (Number.isNaN(percent)) {
    const trimmed = trimmedStatistic(name, sorted);
    if (trimmed !== undefined) return trimmed;
    throw new AwsError(
      "InvalidParameterValue",
      `The statistic ${name} is not one of Average, Sum, Minimum, Maximum, SampleCount, IQM, pNN, and TM, WM, TC, TS and PR with a bound or a range`,
    );
  }
  const rank = (percent / 100) * sorted.reduce((sum, { count }) => sum + count, 0);
  let seen = 0;
  for (const { value, count } of sorted) {
    seen += count;
    if (seen >= rank) return value;
  }
  return sorted.at(-1)?.value ?? 0;
}
