/**
 * An index of sub-rules by their most selective field: each is put where the fewest others are, and found again when an
 * event has a leaf there that satisfies the field.
 */
import type { Entry, InnerIndex, Nest, Search } from "./bucket.ts";
import type { EventLeaves } from "./event-leaves.ts";
import type { CompiledField } from "./field-table.ts";
import { PathIndex, PRESENCE_COST } from "./path-index.ts";

export class IndexNode<Name> implements InnerIndex<Name> {
  readonly #outer: Nest<Name> | undefined;
  readonly #bySlot = new Map<number, PathIndex<Name>>();

  /** @param outer the fields decided before this index is asked */
  constructor(outer?: Nest<Name>) {
    this.#outer = outer;
  }

  get count(): number {
    let count = 0;
    for (const index of this.#bySlot.values()) count += index.count;
    return count;
  }

  /** False, and nothing done, when no field can be looked up. */
  add(entry: Entry<Name>): boolean {
    const found = this.#mostSelective(entry);
    // Inside a bucket, that there is some value tells few sub-rules from others.
    if (found === undefined || (this.#outer !== undefined && found.cost >= PRESENCE_COST)) return false;
    const { field } = found;
    const index = this.#bySlot.get(field.slot) ?? this.#makeIndex(field.slot);
    const isDecided = index.add(field.field.predicates, entry);
    if (this.#outer === undefined && isDecided) entry.rest = entry.fields.filter((one) => one !== field);
    return true;
  }

  remove(entry: Entry<Name>): void {
    for (const { slot, field } of entry.fields) {
      const index = this.#bySlot.get(slot);
      index?.remove(field.predicates, entry);
      if (index?.count === 0) this.#bySlot.delete(slot);
    }
  }

  visit(leaves: EventLeaves, search: Search<Name>): void {
    if (this.#bySlot.size > leaves.touched.length) {
      for (const slot of leaves.touched) this.#visitSlot(slot, this.#bySlot.get(slot), leaves, search);
    } else {
      for (const [slot, index] of this.#bySlot) this.#visitSlot(slot, index, leaves, search);
    }
  }

  #visitSlot(slot: number, index: PathIndex<Name> | undefined, leaves: EventLeaves, search: Search<Name>): void {
    if (index === undefined) return;
    if (leaves.isSingle(slot)) {
      const value = leaves.single(slot);
      if (value !== undefined) index.visit(value, leaves, search);
    } else {
      for (const { value } of leaves.at(slot)) index.visit(value, leaves, search);
    }
  }

  #mostSelective({ fields }: Entry<Name>): { field: CompiledField; cost: number } | undefined {
    let best: { field: CompiledField; cost: number } | undefined;
    for (const field of fields) {
      // Absence cannot be looked up, so a field that may be absent finds nothing.
      if (field.mayBeAbsent || this.#decides(field.slot)) continue;
      const cost = this.#cost(field);
      if (best === undefined || cost < best.cost) best = { field, cost };
    }
    return best;
  }

  #decides(slot: number): boolean {
    for (let nest = this.#outer; nest !== undefined; nest = nest.outer) if (nest.slot === slot) return true;
    return false;
  }

  #cost({ slot, field }: CompiledField): number {
    const index = this.#bySlot.get(slot) ?? new PathIndex<Name>({ slot, outer: this.#outer, makeInner });
    // A value inside the detail says more than the envelope, which many rules share.
    let cost = field.path.startsWith("detail.") ? 0 : 0.5;
    for (const predicate of field.predicates) cost += index.cost(predicate);
    return cost;
  }

  #makeIndex(slot: number): PathIndex<Name> {
    const index = new PathIndex({ slot, outer: this.#outer, makeInner });
    this.#bySlot.set(slot, index);
    return index;
  }
}

function makeInner<Name>(nest: Nest<Name>): InnerIndex<Name> {
  return new IndexNode(nest);
}
