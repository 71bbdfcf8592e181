/**
 * Intervals by value: which of many ranges hold a number, in time that grows with the answer and not with their count.
 *
 * Kept as an array sorted by lower bound, read as a balanced tree in which each node knows the highest upper bound below
 * it. The array is rebuilt at the first look-up after a change, so adding many rules costs one sort.
 */

export interface Interval<Bound extends number | bigint> {
  readonly low: Bound;
  readonly high: Bound;
}

export class RangeIndex<Bound extends number | bigint, Item extends Interval<Bound>> {
  readonly #items = new Set<Item>();
  #sorted: Item[] | undefined;
  #highest: Bound[] = [];

  get size(): number {
    return this.#items.size;
  }

  add(item: Item): void {
    this.#items.add(item);
    this.#sorted = undefined;
  }

  delete(item: Item): void {
    this.#items.delete(item);
    this.#sorted = undefined;
  }

  /** Calls `found` with every item whose closed interval holds `value`. */
  visit(value: Bound, found: (item: Item) => void): void {
    const sorted = this.#sorted ?? this.#build();
    this.#visit(sorted, 0, sorted.length, value, found);
  }

  #build(): Item[] {
    const sorted = [...this.#items].sort((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : 0));
    this.#highest = sorted.map(({ high }) => high);
    this.#raise(0, sorted.length);
    this.#sorted = sorted;
    return sorted;
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

  #visit(sorted: readonly Item[], from: number, to: number, value: Bound, found: (item: Item) => void): void {
    if (from >= to) return;
    const middle = (from + to) >> 1;
    const item = sorted[middle];
    const highest = this.#highest[middle];
    if (item === undefined || highest === undefined || highest < value) return;
    this.#visit(sorted, from, middle, value, found);
    if (item.low > value) return;
    if (item.high >= value) found(item);
    this.#visit(sorted, middle + 1, to, value, found);
  }
}
