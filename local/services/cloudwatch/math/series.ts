/** What metric math computes with: a number, values in time, or several of these. */
export interface Series {
  /** In order of time. */
  points: ReadonlyMap<number, number>;
  periodMs: number;
  label: string;
}

export type MathValue =
  | { kind: "scalar"; value: number }
  | { kind: "series"; series: Series }
  | { kind: "list"; list: readonly Series[] }
  /** REPEAT, LINEAR and texts: only some functions take them. */
  | { kind: "word"; word: string };

export const scalar = (value: number): MathValue => ({ kind: "scalar", value });
export const seriesOf = (series: Series): MathValue => ({ kind: "series", series });
export const listOf = (list: readonly Series[]): MathValue => ({ kind: "list", list });

/** Each point by `work`; what answers undefined has no point. */
export function mapped(series: Series, work: (value: number, atMs: number) => number | undefined): Series {
  const points = new Map<number, number>();
  for (const [atMs, value] of series.points) {
    const result = work(value, atMs);
    if (result !== undefined && Number.isFinite(result)) points.set(atMs, result);
  }
  return { ...series, points };
}

/** All times of several series, in order. */
export function timesOf(list: readonly Series[]): number[] {
  return [...new Set(list.flatMap(({ points }) => [...points.keys()]))].sort((a, b) => a - b);
}
