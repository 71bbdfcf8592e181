/** What a bench gives: a row a measurement, and in words each figure it had to reach and did not. */
export interface BenchResult {
  rows: readonly Readonly<Record<string, string | number>>[];
  missed: readonly string[];
}

/** The middle value; of an even number of values the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}
