/** The sub-rules found by one field: for each kind of predicate, the structure that answers which of them a value satisfies. */
import type { Entry, Holder, Nest, Search } from "./bucket.ts";
import type { EventLeaves } from "./event-leaves.ts";
import { ExactIndex } from "./exact-index.ts";
import { type IndexKey, keysOf, numbered, type TextPart } from "./index-key.ts";
import { parseIpAddress } from "./ip-address.ts";
import type { Predicate, Scalar } from "./predicate.ts";
import { RangeIndex } from "./range-index.ts";
import { TextIndex } from "./text-index.ts";

/** From here on a predicate is looked up by there being a value at all. */
export const PRESENCE_COST = 1e9;
// A range is worth looking up by only where nothing names a value: it goes inside that value's bucket.
const RANGE_COST = 1e6;

export class PathIndex<Name> {
  readonly #nest: Nest<Name>;
  readonly #exact = new ExactIndex<Name>();
  #texts: Map<TextPart, TextIndex<Name>> | undefined;
  #ranges: RangeIndex<Name, number> | undefined;
  #addresses: RangeIndex<Name, bigint> | undefined;
  #presence: Holder<Name> | undefined;
  #count = 0;

  /** @param nest this field, and those decided before */
  constructor(nest: Nest<Name>) {
    this.#nest = nest;
  }

  /** How many times sub-rules are in here. */
  get count(): number {
    return this.#count;
  }

  /** Roughly how many sub-rules a value that satisfies `predicate` would find here; text costs more than values. */
  cost(predicate: Predicate): number {
    return Math.min(...keysOf(predicate).map((key) => this.#cost(key)));
  }

  /** Puts a sub-rule under each of its field's predicates. True when what finds it again has decided the field. */
  add(predicates: readonly Predicate[], entry: Entry<Name>): boolean {
    let isDecided = true;
    for (const predicate of predicates) {
      const key = this.#cheapest(keysOf(predicate));
      if (!key.isWhole) isDecided = false;
      this.#count++;
      if (key.by === "range") {
        this.#ranges ??= new RangeIndex();
        this.#ranges.add(key, entry);
      } else if (key.by === "address") {
        this.#addresses ??= new RangeIndex();
        this.#addresses.add(key, entry);
      } else {
        const held = this.#get(key);
        this.#set(key, held === undefined ? entry : held.with(entry, this.#nest));
      }
    }
    return isDecided;
  }

  /** Takes out every occurrence of a sub-rule that was put in by these predicates. */
  remove(predicates: readonly Predicate[], entry: Entry<Name>): void {
    for (const predicate of predicates) {
      for (const key of keysOf(predicate)) {
        if (key.by === "range") {
          this.#count -= this.#ranges?.remove(entry) ?? 0;
        } else if (key.by === "address") {
          this.#count -= this.#addresses?.remove(entry) ?? 0;
        } else {
          const held = this.#get(key);
          if (held === undefined) continue;
          const before = held.count;
          const left = held.without(entry);
          this.#count -= before - (left?.count ?? 0);
          if (left !== held) this.#set(key, left);
        }
      }
    }
  }

  /** Has every sub-rule checked that a leaf with this value may satisfy. */
  visit(value: Scalar, leaves: EventLeaves, search: Search<Name>): void {
    this.#exact.get(value)?.visit(leaves, search);
    this.#presence?.visit(leaves, search);
    if (typeof value === "number") this.#ranges?.visit(value, search);
    if (typeof value !== "string") return;
    if (this.#texts !== undefined) for (const index of this.#texts.values()) index.visit(value, leaves, search);
    const address = this.#addresses && parseIpAddress(value);
    if (address) this.#addresses?.visit(numbered(address.family, address.bits), search);
  }

  #cheapest(keys: readonly IndexKey[]): IndexKey {
    return keys.reduce((best, key) => (this.#cost(key) < this.#cost(best) ? key : best));
  }

  #cost(key: IndexKey): number {
    switch (key.by) {
      case "exact":
        return this.#exact.get(key.value)?.count ?? 0;
      case "prefix":
      case "suffix":
      case "folded-prefix":
      case "folded-suffix":
        return 1 + (this.#get(key)?.count ?? 0);
      case "gram":
        // Every three letters of a value are looked up, so an end that is as rare is better.
        return 4 + (this.#get(key)?.count ?? 0);
      case "range":
        return RANGE_COST + (this.#ranges?.size ?? 0);
      case "address":
        return RANGE_COST + (this.#addresses?.size ?? 0);
      case "presence":
        return PRESENCE_COST + (this.#presence?.count ?? 0);
    }
  }

  #get(key: Exclude<IndexKey, { by: "range" | "address" }>): Holder<Name> | undefined {
    if (key.by === "presence") return this.#presence;
    return key.by === "exact" ? this.#exact.get(key.value) : this.#texts?.get(key.by)?.get(key.text);
  }

  #set(key: Exclude<IndexKey, { by: "range" | "address" }>, holder: Holder<Name> | undefined): void {
    if (key.by === "presence") {
      this.#presence = holder;
    } else if (key.by !== "exact") {
      this.#textIndex(key.by).set(key.text, holder);
    } else {
      this.#exact.set(key.value, holder);
    }
  }

  #textIndex(part: TextPart): TextIndex<Name> {
    this.#texts ??= new Map();
    const known = this.#texts.get(part);
    if (known) return known;
    const index = new TextIndex<Name>(part);
    this.#texts.set(part, index);
    return index;
  }
}
