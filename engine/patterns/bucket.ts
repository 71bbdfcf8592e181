/**
 * The sub-rules that share one value of one field: one of them, or a bucket of many. A bucket that grows past its limit
 * sorts its sub-rules by another of their fields, so that a value common to many rules ("source") costs no more than the
 * rest of them distinguishes.
 */
import type { CompiledSubRule } from "./compiled-sub-rule.ts";
import type { EventLeaves } from "./event-leaves.ts";
import type { CompiledField } from "./field-table.ts";

export interface Search<Name> {
  check(entry: Entry<Name>): void;
}

/** What is filed under one key. */
export interface Holder<Name> {
  /** How many times sub-rules are in here; one may be more than once. */
  readonly count: number;
  /** What is filed instead when `entry` is added. */
  with(entry: Entry<Name>, nest: Nest<Name>): Holder<Name>;
  /** What is filed instead when every occurrence of `entry` is gone; undefined for nothing. */
  without(entry: Entry<Name>): Holder<Name> | undefined;
  visit(leaves: EventLeaves, search: Search<Name>): void;
}

/** The fields an index already decides by, from the innermost outwards, and how to make one that decides by others. */
export interface Nest<Name> {
  readonly slot: number;
  readonly outer: Nest<Name> | undefined;
  makeInner(nest: Nest<Name>): InnerIndex<Name>;
}

/** An index by further fields. */
export interface InnerIndex<Name> {
  readonly count: number;
  /** False, and nothing done, when the sub-rule has no field left that would tell it from others. */
  add(entry: Entry<Name>): boolean;
  /** Takes out every occurrence. */
  remove(entry: Entry<Name>): void;
  visit(leaves: EventLeaves, search: Search<Name>): void;
}

/** A sub-rule in the index. Small, as at ten thousand rules reading it from memory is what a match costs. */
export class Entry<Name> implements Holder<Name> {
  /** The rule's. */
  readonly name: Name;
  readonly fields: CompiledSubRule;
  /** The fields left to check when it was found in an event without arrays: the index has decided the others. */
  rest: readonly CompiledField[];
  /** The number of the search that checked it, or found its rule, last. */
  checked = 0;
  /** All sub-rules of the rule, where it has several. */
  siblings: readonly Entry<Name>[] | undefined;

  constructor(name: Name, fields: CompiledSubRule) {
    this.name = name;
    this.fields = fields;
    this.rest = fields;
    this.siblings = undefined;
  }

  get count(): number {
    return 1;
  }

  with(entry: Entry<Name>): Holder<Name> {
    return new Bucket([this, entry]);
  }

  without(entry: Entry<Name>): Holder<Name> | undefined {
    return entry === this ? undefined : this;
  }

  visit(_leaves: EventLeaves, search: Search<Name>): void {
    search.check(this);
  }
}

const LARGEST = 12;

class Bucket<Name> implements Holder<Name> {
  #entries: Entry<Name>[];
  #inner: InnerIndex<Name> | undefined;

  constructor(entries: Entry<Name>[]) {
    this.#entries = entries;
  }

  get count(): number {
    return this.#entries.length + (this.#inner?.count ?? 0);
  }

  with(entry: Entry<Name>, nest: Nest<Name>): Holder<Name> {
    if (this.#inner?.add(entry)) return this;
    this.#entries.push(entry);
    if (this.#inner === undefined && this.#entries.length > LARGEST) {
      const inner = nest.makeInner(nest);
      this.#entries = this.#entries.filter((one) => !inner.add(one));
      this.#inner = inner;
    }
    return this;
  }

  without(entry: Entry<Name>): Holder<Name> | undefined {
    if (this.#entries.includes(entry)) this.#entries = this.#entries.filter((one) => one !== entry);
    this.#inner?.remove(entry);
    return this.count === 0 ? undefined : this;
  }

  visit(leaves: EventLeaves, search: Search<Name>): void {
    for (const entry of this.#entries) search.check(entry);
    this.#inner?.visit(leaves, search);
  }
}
