/** Functions of many events: what `stats` computes of each group. */
import { numberOf, ordered, type Value } from "./expression.ts";

/** Sees one event's values after the other, then answers. */
export interface Accumulator {
  add(values: readonly Value[], atMs: number): void;
  result(): Value;
}

type Make = () => Accumulator;

const overNumbers =
  (result: (numbers: readonly number[], given: Value) => Value): Make =>
  () => {
    const numbers: number[] = [];
    let given: Value;
    return {
      add([value, more]) {
        const number = numberOf(value);
        if (number !== undefined) numbers.push(number);
        given = more;
      },
      result: () => (numbers.length === 0 ? undefined : result(numbers, given)),
    };
  };

const folded =
  (start: Value, next: (so: Value, values: readonly Value[], atMs: number) => Value): Make =>
  () => {
    let so = start;
    return {
      add(values, atMs) {
        so = next(so, values, atMs);
      },
      result: () => so,
    };
  };

/** The value with the least or greatest of what `rankOf` gives. */
const picked =
  (rankOf: (value: Value, atMs: number) => Value, better: (order: number) => boolean): Make =>
  () => {
    let best: { value: Value; rank: Value } | undefined;
    return {
      add([value], atMs) {
        if (value === undefined) return;
        const rank = rankOf(value, atMs);
        if (best === undefined || better(ordered(rank, best.rank))) best = { value, rank };
      },
      result: () => best?.value,
    };
  };

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

export const AGGREGATES: Readonly<Record<string, Make>> = {
  count: folded(0, (so, values) => Number(so) + (values.length === 0 || values[0] !== undefined ? 1 : 0)),
  sum: overNumbers(sum),
  avg: overNumbers((numbers) => sum(numbers) / numbers.length),
  min: picked(
    (value) => value,
    (order) => order < 0,
  ),
  max: picked(
    (value) => value,
    (order) => order > 0,
  ),
  pct: overNumbers((numbers, percent) => percentile(numbers, numberOf(percent) ?? 50)),
  percentile: overNumbers((numbers, percent) => percentile(numbers, numberOf(percent) ?? 50)),
  median: overNumbers((numbers) => percentile(numbers, 50)),
  stddev: overNumbers((numbers) => {
    const mean = sum(numbers) / numbers.length;
    return Math.sqrt(sum(numbers.map((number) => (number - mean) ** 2)) / numbers.length);
  }),
  count_distinct: () => {
    const seen = new Set<Value>();
    return { add: ([value]) => void (value !== undefined && seen.add(value)), result: () => seen.size };
  },
  earliest: picked(
    (_, atMs) => atMs,
    (order) => order < 0,
  ),
  latest: picked(
    (_, atMs) => atMs,
    (order) => order >= 0,
  ),
  sortsfirst: picked(
    (value) => value,
    (order) => order < 0,
  ),
  sortslast: picked(
    (value) => value,
    (order) => order > 0,
  ),
};

/** Between the two nearest ranks, as far as the percentile lies between them. */
function percentile(numbers: readonly number[], percent: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const rank = (Math.min(Math.max(percent, 0), 100) / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? 0;
  return low + ((sorted[Math.ceil(rank)] ?? low) - low) * (rank - Math.floor(rank));
}
