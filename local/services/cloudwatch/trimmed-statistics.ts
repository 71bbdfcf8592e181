/**
 * Statistics over a part of the values: trimmed (TM, TC, TS) and winsorized (WM) means, the interquartile mean, and the share
 * of values in a range (PR).
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
export interface Occurrences {
  value: number;
  count: number;
}

const SHORT = /^(tm|tc|ts|wm)(\d{1,2}(?:\.\d+)?|100)$/i;
const RANGED = /^(TM|TC|TS|WM|PR)\((-?[\d.]+)?(%)?:(-?[\d.]+)?(%)?\)$/i;

/** Undefined for a name that is none of them. @param sorted by value */
export function trimmedStatistic(name: string, sorted: readonly Occurrences[]): number | undefined {
  if (name.toUpperCase() === "IQM") return mean(byPercent(sorted, 25, 75));
  const [, short, upper] = SHORT.exec(name) ?? [];
  if (short !== undefined) return summary(short, sorted, byPercent(sorted, 0, Number(upper)));
  const [, ranged, low, lowPercent, high, highPercent] = RANGED.exec(name) ?? [];
  if (ranged === undefined) return undefined;
  const percent = lowPercent !== undefined || highPercent !== undefined;
  const part = percent
    ? byPercent(sorted, Number(low ?? 0), Number(high ?? 100))
    : byValue(sorted, Number(low ?? Number.NEGATIVE_INFINITY), Number(high ?? Number.POSITIVE_INFINITY));
  return summary(ranged, sorted, part);
}

function summary(name: string, all: readonly Occurrences[], part: readonly Occurrences[]): number {
  switch (name.toUpperCase()) {
    case "TC":
      return countOf(part);
    case "TS":
      return sumOf(part);
    case "PR":
      return (100 * countOf(part)) / countOf(all);
    case "WM":
      return winsorized(all, part);
    default:
      return mean(part);
  }
}

/** What lies outside is counted as the nearest value inside. */
function winsorized(all: readonly Occurrences[], part: readonly Occurrences[]): number {
  const [low, high] = [part[0]?.value ?? 0, part.at(-1)?.value ?? 0];
  return mean(all.map(({ value, count }) => ({ value: Math.min(Math.max(value, low), high), count })));
}

function byPercent(sorted: readonly Occurrences[], low: number, high: number): Occurrences[] {
  const total = countOf(sorted);
  const [from, to] = [(low / 100) * total, (high / 100) * total];
  let seen = 0;
  return sorted.flatMap(({ value, count }) => {
    const [start, end] = [seen, seen + count];
    seen = end;
    const inside = Math.min(end, to) - Math.max(start, from);
    return inside > 0 ? [{ value, count: inside }] : [];
  });
}

/** Above `low`, up to and with `high`. */
function byValue(sorted: readonly Occurrences[], low: number, high: number): Occurrences[] {
  return sorted.filter(({ value }) => value > low && value <= high);
}

const countOf = (part: readonly Occurrences[]) => part.reduce((sum, { count }) => sum + count, 0);
const sumOf = (part: readonly Occurrences[]) => part.reduce((sum, { value, count }) => sum + value * count, 0);
const mean = (part: readonly Occurrences[]) => sumOf(part) / countOf(part);
