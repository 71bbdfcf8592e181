/** A sub-rule made ready: its fields with their slots and tests; and the full check of one against an event. */
import { type ArrayPlaces, type EventLeaves, type Leaf, NOWHERE } from "./event-leaves.ts";
import type { CompiledField, FieldTable } from "./field-table.ts";
import type { SubRule } from "./predicate.ts";

/** In the order of paths, which is the order of the check. */
export type CompiledSubRule = readonly CompiledField[];

export function compileSubRule(subRule: SubRule, fields: FieldTable): CompiledSubRule {
  return subRule.fields.map((field) => fields.acquire(field));
}

/** Whether the event read last satisfies every field with one choice of array elements. */
export function satisfies(fields: CompiledSubRule, leaves: EventLeaves): boolean {
  return satisfiesFrom(fields, 0, leaves, NOWHERE);
}

/** Whether leaves at both places can belong to one choice: no array is entered at two different elements. */
function consistent(chosen: ArrayPlaces, places: ArrayPlaces): boolean {
  for (let at = 0; at < places.length; at += 2) {
    for (let known = 0; known < chosen.length; known += 2) {
      if (chosen[known] === places[at] && chosen[known + 1] !== places[at + 1]) return false;
    }
  }
  return true;
}

function satisfiesFrom(fields: CompiledSubRule, from: number, leaves: EventLeaves, chosen: ArrayPlaces): boolean {
  for (let at = from; at < fields.length; at++) {
    const field = fields[at];
    if (field === undefined) break;
    if (!leaves.isSingle(field.slot)) return satisfiesWithChoice(fields, at, field, leaves, chosen);
    // Most events have no arrays on the way: one leaf or none decides, and there is nothing to choose.
    if (!field.acceptsSingle(leaves.single(field.slot))) return false;
  }
  return true;
}

function satisfiesWithChoice(
  fields: CompiledSubRule,
  at: number,
  field: CompiledField,
  leaves: EventLeaves,
  chosen: ArrayPlaces,
): boolean {
  const found: readonly Leaf[] = leaves.at(field.slot);
  let absent = field.mayBeAbsent;
  const later = found.length > 1 ? arraysOf(fields, at + 1, leaves) : undefined;
  const failed = new Set<string>();
  for (const { value, places } of found) {
    if (!consistent(chosen, places)) continue;
    absent = false;
    if (!field.accepts(value)) continue;
    // Two choices that differ only in arrays no later field looks into end alike: one try is enough.
    const choice = later === undefined ? "" : restrictedTo(places, later);
    if (failed.has(choice)) continue;
    if (satisfiesFrom(fields, at + 1, leaves, places === NOWHERE ? chosen : [...chosen, ...places])) return true;
    failed.add(choice);
  }
  return absent && satisfiesFrom(fields, at + 1, leaves, chosen);
}

function arraysOf(fields: CompiledSubRule, from: number, leaves: EventLeaves): ReadonlySet<number> {
  const arrays = new Set<number>();
  for (let at = from; at < fields.length; at++) {
    for (const { places } of leaves.at(fields[at]?.slot ?? -1)) {
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
