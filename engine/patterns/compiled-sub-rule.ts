/** A sub-rule made ready: its paths as slots, its predicates as functions; and the full check of one against an event. */
import type { ArrayPlaces, EventLeaves, Leaf } from "./event-leaves.ts";
import { NOWHERE } from "./event-leaves.ts";
import type { PathTrie } from "./path-trie.ts";
import type { Field, Scalar, SubRule } from "./predicate.ts";
import { compilePredicate, type Test } from "./test-predicate.ts";

export interface CompiledField {
  readonly field: Field;
  readonly slot: number;
  /** Whether a leaf satisfies one of the predicates; undefined where all of them ask for absence. */
  readonly test: Test | undefined;
  /** One of the predicates is `exists: false`. */
  readonly mayBeAbsent: boolean;
}

export interface CompiledSubRule {
  /** In the order of paths, which is the order of the check. */
  readonly fields: readonly CompiledField[];
}

export function compileSubRule(subRule: SubRule, trie: PathTrie): CompiledSubRule {
  return { fields: subRule.fields.map((field) => compileField(field, trie)) };
}

/** Whether the event read last satisfies every field with one choice of array elements. */
export function satisfies({ fields }: CompiledSubRule, leaves: EventLeaves): boolean {
  return satisfiesFrom(fields, 0, leaves, NOWHERE);
}

/** Whether leaves at both places can belong to one choice: no array is entered at two different elements. */
export function consistent(chosen: ArrayPlaces, places: ArrayPlaces): boolean {
  for (let at = 0; at < places.length; at += 2) {
    for (let known = 0; known < chosen.length; known += 2) {
      if (chosen[known] === places[at] && chosen[known + 1] !== places[at + 1]) return false;
    }
  }
  return true;
}

function compileField(field: Field, trie: PathTrie): CompiledField {
  const present = field.predicates.filter((predicate) => predicate.kind !== "exists" || predicate.present);
  return {
    field,
    slot: trie.acquire(field.path),
    test: present.length === 0 ? undefined : anyOf(present.map(compilePredicate)),
    mayBeAbsent: present.length < field.predicates.length,
  };
}

function satisfiesFrom(
  fields: readonly CompiledField[],
  index: number,
  leaves: EventLeaves,
  chosen: ArrayPlaces,
): boolean {
  for (let at = index; at < fields.length; at++) {
    const field = fields[at];
    if (field === undefined) break;
    const found = leaves.at(field.slot);
    // Most events have no arrays on the way: one leaf decides, and there is nothing to choose.
    if (found?.length === 1 && found[0]?.places === NOWHERE && !field.mayBeAbsent) {
      if (field.test?.(found[0].value) !== true) return false;
      continue;
    }
    if (found === undefined) {
      if (field.mayBeAbsent) continue;
      return false;
    }
    return satisfiesWithChoice(fields, at, field, found, leaves, chosen);
  }
  return true;
}

function satisfiesWithChoice(
  fields: readonly CompiledField[],
  at: number,
  { test, mayBeAbsent }: CompiledField,
  found: readonly Leaf[],
  leaves: EventLeaves,
  chosen: ArrayPlaces,
): boolean {
  let absent = mayBeAbsent;
  const later = found.length > 1 ? arraysOf(fields, at + 1, leaves) : undefined;
  const failed = new Set<string>();
  for (const { value, places } of found) {
    if (!consistent(chosen, places)) continue;
    absent = false;
    if (!test?.(value)) continue;
    // Two choices that differ only in arrays no later field looks into end alike: one try is enough.
    const choice = later === undefined ? "" : restrictedTo(places, later);
    if (failed.has(choice)) continue;
    if (satisfiesFrom(fields, at + 1, leaves, places === NOWHERE ? chosen : [...chosen, ...places])) return true;
    failed.add(choice);
  }
  return absent && satisfiesFrom(fields, at + 1, leaves, chosen);
}

function arraysOf(fields: readonly CompiledField[], from: number, leaves: EventLeaves): ReadonlySet<number> {
  const arrays = new Set<number>();
  for (let at = from; at < fields.length; at++) {
    for (const { places } of leaves.at(fields[at]?.slot ?? -1) ?? []) {
      for (let place = 0; place < places.length; place += 2) arrays.add(places[place] ?? -1);
    }
  }
  return arrays;
}

function restrictedTo(places: ArrayPlaces, arrays: ReadonlySet<number>): string {
  let key = "";
  for (let place = 0; place < places.length; place += 2) {
    if (arrays.has(places[place] ?? -1)) key += `${places[place]}:${places[place + 1]},`;
  }
  return key;
}

function anyOf(tests: readonly Test[]): Test {
  const [only] = tests;
  if (tests.length === 1 && only !== undefined) return only;
  return (value: Scalar) => tests.some((test) => test(value));
}
