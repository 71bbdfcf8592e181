/** The sub-rules found by one field: for each kind of predicate, the structure that answers which of them a value satisfies. */
import { Bucket, type BucketOptions, type Entry, type Place } from "./bucket.ts";
import type { EventLeaves } from "./event-leaves.ts";
import { parseIpAddress } from "./ip-address.ts";
import type { Predicate, Scalar } from "./predicate.ts";
import { type Interval, RangeIndex } from "./range-index.ts";
import { parseWildcard } from "./wildcard.ts";

type Check = (entry: Entry) => void;

interface Ranged<Bound extends number | bigint> extends Interval<Bound>, Place {
  readonly entry: Entry;
}

/** How a predicate is looked up. Affix keys are by length, so that a value is cut once for each length there is. */
type Key =
  | { by: "exact"; value: Scalar }
  | { by: "folded"; value: string }
  | { by: "prefix" | "suffix"; value: string }
  | { by: "range"; low: number; high: number }
  | { by: "address"; low: bigint; high: bigint }
  | { by: "presence" };

type BucketKey = Exclude<Key, { by: "range" | "address" }>;

const RANGE_COST = 3;
const PRESENCE_COST = 10_000;
const IPV6_BASE = 1n << 128n;

export class PathIndex {
  readonly #owner: BucketOptions;
  readonly #exact = new Map<Scalar, Bucket>();
  #folded: Map<string, Bucket> | undefined;
  #prefixes: Map<number, Map<string, Bucket>> | undefined;
  #suffixes: Map<number, Map<string, Bucket>> | undefined;
  #ranges: RangeIndex<number, Ranged<number>> | undefined;
  #addresses: RangeIndex<bigint, Ranged<bigint>> | undefined;
  #presence: Bucket | undefined;
  #used = 0;

  /** @param owner its `drop` is called when the last sub-rule is gone */
  constructor(owner: BucketOptions) {
    this.#owner = owner;
  }

  /** Roughly how many sub-rules a value that satisfies `predicate` would find here. */
  cost(predicate: Predicate): number {
    const key = keyOf(predicate);
    switch (key.by) {
      case "exact":
        return this.#exact.get(key.value)?.count ?? 0;
      case "folded":
        return 1 + (this.#folded?.get(key.value)?.count ?? 0);
      case "prefix":
        return 1 + (this.#prefixes?.get(key.value.length)?.get(key.value)?.count ?? 0);
      case "suffix":
        return 1 + (this.#suffixes?.get(key.value.length)?.get(key.value)?.count ?? 0);
      case "range":
        return RANGE_COST + (this.#ranges?.size ?? 0) / 4;
      case "address":
        return RANGE_COST + (this.#addresses?.size ?? 0) / 4;
      case "presence":
        return PRESENCE_COST + (this.#presence?.count ?? 0);
    }
  }

  add(predicate: Predicate, entry: Entry): void {
    const key = keyOf(predicate);
    if (key.by === "range") {
      this.#ranges ??= new RangeIndex();
      this.#addRange(this.#ranges, key, entry);
    } else if (key.by === "address") {
      this.#addresses ??= new RangeIndex();
      this.#addRange(this.#addresses, key, entry);
    } else {
      this.#bucketFor(key).add(entry);
    }
  }

  /** Calls `check` with every sub-rule that a leaf with this value may satisfy. */
  visit(value: Scalar, leaves: EventLeaves, check: Check): void {
    this.#exact.get(value)?.visit(leaves, check);
    this.#presence?.visit(leaves, check);
    if (typeof value === "number") this.#ranges?.visit(value, ({ entry }) => check(entry));
    if (typeof value !== "string") return;
    this.#folded?.get(value.toLowerCase())?.visit(leaves, check);
    for (const [length, buckets] of this.#prefixes ?? []) {
      if (length <= value.length) buckets.get(value.slice(0, length))?.visit(leaves, check);
    }
    for (const [length, buckets] of this.#suffixes ?? []) {
      if (length <= value.length) buckets.get(value.slice(value.length - length))?.visit(leaves, check);
    }
    const address = this.#addresses && parseIpAddress(value);
    if (address) this.#addresses?.visit(numbered(address.family, address.bits), ({ entry }) => check(entry));
  }

  #addRange<B extends number | bigint>(
    index: RangeIndex<B, Ranged<B>>,
    { low, high }: Interval<B>,
    entry: Entry,
  ): void {
    const ranged: Ranged<B> = {
      low,
      high,
      entry,
      remove: () => {
        index.delete(ranged);
        this.#owner.parent?.changed(-1);
        this.#release();
      },
    };
    index.add(ranged);
    entry.places.push(ranged);
    this.#used++;
    this.#owner.parent?.changed(1);
  }

  #bucketFor(key: BucketKey): Bucket {
    switch (key.by) {
      case "exact":
        return this.#bucketIn(this.#exact, key.value);
      case "folded":
        this.#folded ??= new Map();
        return this.#bucketIn(this.#folded, key.value);
      case "prefix":
        this.#prefixes ??= new Map();
        return this.#bucketIn(ofLength(this.#prefixes, key.value.length), key.value);
      case "suffix":
        this.#suffixes ??= new Map();
        return this.#bucketIn(ofLength(this.#suffixes, key.value.length), key.value);
      case "presence":
        this.#presence ??= this.#makeBucket(() => {
          this.#presence = undefined;
        });
        return this.#presence;
    }
  }

  #bucketIn<K>(buckets: Map<K, Bucket>, key: K): Bucket {
    const known = buckets.get(key);
    if (known) return known;
    const bucket = this.#makeBucket(() => buckets.delete(key));
    buckets.set(key, bucket);
    return bucket;
  }

  #makeBucket(forget: () => void): Bucket {
    this.#used++;
    const { parent, slot, makeInner } = this.#owner;
    const drop = () => {
      forget();
      this.#release();
    };
    return new Bucket({ parent, slot, makeInner, drop });
  }

  #release(): void {
    if (--this.#used === 0) this.#owner.drop();
  }
}

function keyOf(predicate: Predicate): Key {
  switch (predicate.kind) {
    case "string":
    case "literal":
      return { by: "exact", value: predicate.value };
    case "number":
      return { by: "exact", value: predicate.value ?? Number(predicate.digits) };
    case "prefix":
    case "suffix":
      return predicate.ignoreCase || predicate.value === ""
        ? { by: "presence" }
        : { by: predicate.kind, value: predicate.value };
    case "equals-ignore-case":
      return isAscii(predicate.value) ? { by: "folded", value: predicate.value.toLowerCase() } : { by: "presence" };
    case "wildcard":
      return wildcardKey(parseWildcard(predicate.value));
    case "range":
      return { by: "range", low: predicate.low, high: predicate.high };
    case "address":
      return {
        by: "address",
        low: numbered(predicate.family, predicate.low),
        high: numbered(predicate.family, predicate.high),
      };
    case "exists":
    case "anything-but":
      return { by: "presence" };
  }
}

// The longer of the literal ends; a wildcard at both ends says nothing one could look up.
function wildcardKey(pieces: readonly string[]): Key {
  const first = pieces[0] ?? "";
  const last = pieces[pieces.length - 1] ?? "";
  if (pieces.length === 1) return { by: "exact", value: first };
  if (first === "" && last === "") return { by: "presence" };
  return first.length >= last.length ? { by: "prefix", value: first } : { by: "suffix", value: last };
}

// One line of numbers for both families: IPv6 comes after all of IPv4.
function numbered(family: 4 | 6, bits: bigint): bigint {
  return family === 4 ? bits : IPV6_BASE + bits;
}

function ofLength(byLength: Map<number, Map<string, Bucket>>, length: number): Map<string, Bucket> {
  const known = byLength.get(length);
  if (known) return known;
  const buckets = new Map<string, Bucket>();
  byLength.set(length, buckets);
  return buckets;
}

function isAscii(text: string): boolean {
  return [...text].every((letter) => letter < "\u0080");
}
