/** Why a definite path finds nothing, in the words of Jayway's library as AWS runs it. */

import { isArray, isObject, type JsonValue } from "../json.ts";
import { shownJson } from "../shown.ts";
import { child } from "./child.ts";
import type { PathStep } from "./parse.ts";

/** The reason, for causes that quote it: "Invalid path '$.a.b' : Missing property in path $['a']". */
export function missingReason(root: JsonValue | undefined, steps: readonly PathStep[]): string {
  let value = root;
  let text = "$";
  for (const [index, step] of steps.entries()) {
    const key = keyOf(step);
    const parent = text;
    text += typeof key === "number" ? `[${key}]` : `['${key}']`;
    if (typeof key === "number" && !isArray(value)) return notAnArray(key, value);
    if (typeof key === "string" && !isObject(value)) return `Property ['${key}'] not found in path ${parent}`;
    value = child(value, key);
    if (value === undefined && typeof key === "string" && index < steps.length - 1)
      return `Missing property in path ${text}`;
  }
  return `No results for path: ${text}`;
}

/** The complaint about an index into what is no array; undefined if that is not what is wrong. */
export function notIndexable(root: JsonValue | undefined, steps: readonly PathStep[]): string | undefined {
  let value = root;
  for (const step of steps) {
    const key = keyOf(step);
    if (value === undefined) return undefined;
    if (typeof key === "number" && !isArray(value)) return notAnArray(key, value);
    value = child(value, key);
  }
  return undefined;
}

/** Whether nothing is found only because the last step is an index that the array there does not have. */
export function endsBehindArray(root: JsonValue | undefined, steps: readonly PathStep[]): boolean {
  if (steps.at(-1)?.kind !== "index") return false;
  const holder = steps.slice(0, -1).reduce<JsonValue | undefined>((value, step) => child(value, keyOf(step)), root);
  return isArray(holder);
}

function notAnArray(index: number, value: JsonValue | undefined): string {
  return `Filter: [${index}] can only be applied to arrays. Current context is: ${shownJson(value ?? null)}`;
}

/** The one name or index of a definite path's step. */
function keyOf(step: PathStep): string | number {
  if (step.kind === "property") return step.names[0] ?? "";
  return step.kind === "index" ? (step.indexes[0] ?? 0) : 0;
}
