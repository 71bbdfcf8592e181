/**
 * The sub-rules that share one value of one field. A bucket that grows past its limit sorts its sub-rules by another of
 * their fields, so that a value common to many rules ("source") costs no more than the rest of them distinguishes.
 */
import type { CompiledSubRule } from "./compiled-sub-rule.ts";
import type { EventLeaves } from "./event-leaves.ts";

/** A sub-rule in the index. */
export interface Entry {
  readonly ruleId: number;
  readonly subRule: CompiledSubRule;
  /** Where it was put, to take it out again; once for each predicate of the field it is found by. */
  readonly places: Place[];
  /** The number of the event it was last checked against. */
  checked: number;
}

export interface Place {
  remove(entry: Entry): void;
}

/** An index over further fields. */
export interface InnerIndex {
  /** False, and nothing done, when the sub-rule has no field left to be found by. */
  add(entry: Entry): boolean;
  visit(leaves: EventLeaves, check: (entry: Entry) => void): void;
}

export interface BucketOptions {
  /** The bucket whose inner index this one is in. */
  parent: Bucket | undefined;
  /** Slot of the field the bucket is about. */
  slot: number;
  makeInner: (bucket: Bucket) => InnerIndex;
  /** Takes the bucket out of its index once it is empty. */
  drop: () => void;
}

const LARGEST = 12;

export class Bucket implements Place {
  readonly #options: BucketOptions;
  readonly #entries: Entry[] = [];
  #inner: InnerIndex | undefined;
  #count = 0;

  constructor(options: BucketOptions) {
    this.#options = options;
  }

  /** How many places sub-rules have in here and below. */
  get count(): number {
    return this.#count;
  }

  add(entry: Entry): void {
    if (this.#inner?.add(entry)) return;
    this.#entries.push(entry);
    entry.places.push(this);
    this.changed(1);
    if (this.#inner === undefined && this.#entries.length > LARGEST) this.#split();
  }

  remove(entry: Entry): void {
    const at = this.#entries.indexOf(entry);
    if (at < 0) return;
    this.#entries.splice(at, 1);
    this.changed(-1);
  }

  /** Whether this bucket, or one around it, already decides by the field at `slot`. */
  decides(slot: number): boolean {
    return this.#options.slot === slot || (this.#options.parent?.decides(slot) ?? false);
  }

  visit(leaves: EventLeaves, check: (entry: Entry) => void): void {
    for (const entry of this.#entries) check(entry);
    this.#inner?.visit(leaves, check);
  }

  /** Notes that places were added or removed in here. */
  changed(by: number): void {
    this.#count += by;
    this.#options.parent?.changed(by);
    if (this.#count === 0) this.#options.drop();
  }

  #split(): void {
    const inner = this.#options.makeInner(this);
    this.#inner = inner;
    for (const entry of [...this.#entries]) {
      if (!inner.add(entry)) continue;
      entry.places.splice(entry.places.indexOf(this), 1);
      this.remove(entry);
    }
  }
}
