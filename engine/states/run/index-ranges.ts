/** A set of whole numbers as sorted, disjoint, inclusive ranges: thousands of children take a few bytes of a checkpoint. */
export type IndexRanges = readonly (readonly [number, number])[];

export function rangesCount(ranges: IndexRanges): number {
  return ranges.reduce((count, [first, last]) => count + last - first + 1, 0);
}

export function inRanges(ranges: IndexRanges, index: number): boolean {
  const range = ranges[position(ranges, index)];
  return range !== undefined && range[0] <= index;
}

/** The set with `index`; unchanged if it is there. */
export function withIndex(ranges: IndexRanges, index: number): IndexRanges {
  const at = position(ranges, index);
  const next = ranges[at];
  if (next !== undefined && next[0] <= index) return ranges;
  const before = ranges[at - 1];
  const joinsBefore = before !== undefined && before[1] === index - 1;
  const joinsNext = next !== undefined && next[0] === index + 1;
  const first = joinsBefore ? before[0] : index;
  const last = joinsNext ? next[1] : index;
  return [...ranges.slice(0, joinsBefore ? at - 1 : at), [first, last], ...ranges.slice(joinsNext ? at + 1 : at)];
}

/** The set without `index`; unchanged if it is not there. */
export function withoutIndex(ranges: IndexRanges, index: number): IndexRanges {
  const at = position(ranges, index);
  const range = ranges[at];
  if (range === undefined || range[0] > index) return ranges;
  const [first, last] = range;
  const left: IndexRanges = first < index ? [[first, index - 1]] : [];
  const right: IndexRanges = last > index ? [[index + 1, last]] : [];
  return [...ranges.slice(0, at), ...left, ...right, ...ranges.slice(at + 1)];
}

/** Both sets together. */
export function joinedRanges(left: IndexRanges, right: IndexRanges): IndexRanges {
  const joined: [number, number][] = [];
  for (const [first, last] of [...left, ...right].sort((a, b) => a[0] - b[0])) {
    const open = joined.at(-1);
    if (open !== undefined && first <= open[1] + 1) open[1] = Math.max(open[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

/** Where the first range ends at or after `index`. */
function position(ranges: IndexRanges, index: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.[1] ?? 0) < index) low = middle + 1;
    else high = middle;
  }
  return low;
}
