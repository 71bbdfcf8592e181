/**
 * An index of sub-rules by their most selective field: each is put where the fewest others are, and found again when an
 * event has a leaf there that satisfies the field.
 */
import type { Bucket, BucketOptions, Entry, InnerIndex } from "./bucket.ts";
import type { CompiledField } from "./compiled-sub-rule.ts";
import type { EventLeaves } from "./event-leaves.ts";
import { PathIndex } from "./path-index.ts";

const EMPTY = new PathIndex({
  parent: undefined,
  slot: -1,
  drop: () => undefined,
  makeInner: (bucket) => new IndexNode(bucket),
});

export class IndexNode implements InnerIndex {
  readonly #parent: Bucket | undefined;
  readonly #bySlot = new Map<number, PathIndex>();

  /** @param parent the bucket this is the inner index of */
  constructor(parent?: Bucket) {
    this.#parent = parent;
  }

  add(entry: Entry): boolean {
    const field = this.#mostSelective(entry);
    if (field === undefined) return false;
    const index = this.#bySlot.get(field.slot) ?? this.#makeIndex(field.slot);
    for (const predicate of field.field.predicates) index.add(predicate, entry);
    return true;
  }

  visit(leaves: EventLeaves, check: (entry: Entry) => void): void {
    if (this.#bySlot.size > leaves.touched.length) {
      for (const slot of leaves.touched) this.#visitSlot(slot, this.#bySlot.get(slot), leaves, check);
    } else {
      for (const [slot, index] of this.#bySlot) this.#visitSlot(slot, index, leaves, check);
    }
  }

  #visitSlot(slot: number, index: PathIndex | undefined, leaves: EventLeaves, check: (entry: Entry) => void): void {
    if (index === undefined) return;
    for (const { value } of leaves.at(slot) ?? []) index.visit(value, leaves, check);
  }

  #mostSelective({ subRule }: Entry): CompiledField | undefined {
    let best: CompiledField | undefined;
    let lowest = Number.POSITIVE_INFINITY;
    for (const field of subRule.fields) {
      // Absence cannot be looked up, so a field that may be absent finds nothing.
      if (field.mayBeAbsent || this.#parent?.decides(field.slot)) continue;
      const cost = this.#cost(field);
      if (cost < lowest) {
        best = field;
        lowest = cost;
      }
    }
    return best;
  }

  #cost({ slot, field }: CompiledField): number {
    const index = this.#bySlot.get(slot) ?? EMPTY;
    // A value inside the detail says more than the envelope, which many rules share.
    let cost = field.path.startsWith("detail.") ? 0 : 0.5;
    for (const predicate of field.predicates) cost += index.cost(predicate);
    return cost;
  }

  #makeIndex(slot: number): PathIndex {
    const index = new PathIndex(this.#owner(slot));
    this.#bySlot.set(slot, index);
    return index;
  }

  #owner(slot: number): BucketOptions {
    return {
      parent: this.#parent,
      slot,
      makeInner: (bucket: Bucket) => new IndexNode(bucket),
      drop: () => {
        this.#bySlot.delete(slot);
      },
    };
  }
}
