/**
 * Sub-rules by a range of values: which of many ranges hold a value, in time that grows with the answer and not with
 * their count.
 *
 * Kept as an array sorted by lower bound, read as a balanced tree in which each node knows the highest upper bound below
 * it. What was added since is kept aside and looked through one by one, until it is worth sorting in: so neither adding
 * nor removing one range makes the next event wait for a sort of all.
 */
import type { Entry, Search } from "./bucket.ts";

export interface Interval<Bound extends number | bigint> {
  readonly low: Bound;
  readonly high: Bound;
}

interface Ranged<Name, Bound extends number | bigint> extends Interval<Bound> {
  /** Undefined once removed. */
  entry: Entry<Name> | undefined;
}

const LEAST_RECENT = 32;

export class RangeIndex<Name, Bound extends number | bigint> {
  readonly #byEntry = new Map<Entry<Name>, Ranged<Name, Bound>[]>();
  #sorted: Ranged<Name, Bound>[] = [];
  #highest: Bound[] = [];
  #recent: Ranged<Name, Bound>[] = [];
  #gone = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a sub-rule under the closed interval from low to high. */
  add({ low, high }: Interval<Bound>, entry: Entry<Name>): void {
    const item: Ranged<Name, Bound> = { low, high, entry };
    const known = this.#byEntry.get(entry);
    if (known) known.push(item);
    else this.#byEntry.set(entry, [item]);
    this.#recent.push(item);
    this.#size++;
  }

  /** Takes out every occurrence of a sub-rule, and says how many there were. */
  remove(entry: Entry<Name>): number {
    const items = this.#byEntry.get(entry) ?? [];
    for (const item of items) item.entry = undefined;
    this.#byEntry.delete(entry);
    this.#gone += items.length;
    this.#size -= items.length;
    return items.length;
  }

  /** Has every sub-rule checked whose interval holds `value`. */
  visit(value: Bound, search: Search<Name>): void {
    const changes = this.#recent.length + this.#gone;
    if (changes > LEAST_RECENT && changes > this.#sorted.length / 8) this.#build();
    for (const { low, high, entry } of this.#recent) {
      if (entry !== undefined && low <= value && value <= high) search.check(entry);
    }
    this.#visit(0, this.#sorted.length, value, search);
  }

  #build(): void {
    const all = [...this.#sorted, ...this.#recent].filter(({ entry }) => entry !== undefined);
    this.#sorted = all.sort((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : 0));
    this.#recent = [];
    this.#gone = 0;
    this.#highest = all.map(({ high }) => high);
    this.#raise(0, all.length);
  }

  /** Sets the highest upper bound of the node in the middle of [from, to), and gives it. */
  #raise(from: number, to: number): Bound | undefined {
    if (from >= to) return undefined;
    const middle = (from + to) >> 1;
    for (const below of [this.#raise(from, middle), this.#raise(middle + 1, to)]) {
      const highest = this.#highest[middle];
      if (below !== undefined && (highest === undefined || below > highest)) this.#highest[middle] = below;
    }
    return this.#highest[middle];
  }

  #visit(from: number, to: number, value: Bound, search: Search<Name>): void {
    if (from >= to) return;
    const middle = (from + to) >> 1;
    const item = this.#sorted[middle];
    const highest = this.#highest[middle];
    if (item === undefined || highest === undefined || highest < value) return;
    this.#visit(from, middle, value, search);
    if (item.low > value) return;
    if (item.entry !== undefined && item.high >= value) search.check(item.entry);
    this.#visit(middle + 1, to, value, search);
  }
}
