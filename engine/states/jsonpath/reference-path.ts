/** ResultPath: puts a value into a copy of the input, copying only along the path. */
import { isArray, isObject, type JsonValue } from "../json.ts";
import { runtimeError } from "../state-error.ts";
import { parsePath } from "./parse.ts";

/** Compiles a reference path (`$`, `$.a.b[0]`) to a function that places `value` in `input`. */
export function compileReferencePath(text: string): (input: JsonValue, value: JsonValue) => JsonValue {
  const keys = parsePath(text).steps.map((step) =>
    step.kind === "property" ? (step.names[0] ?? "") : step.kind === "index" ? (step.indexes[0] ?? 0) : "",
  );
  if (keys.length === 0) return (_input, value) => value;
  return (input, value) => place(input, keys, 0, value, text);
}

function place(
  target: JsonValue | undefined,
  keys: readonly (string | number)[],
  at: number,
  value: JsonValue,
  text: string,
): JsonValue {
  const key = keys[at];
  if (key === undefined) return value;
  if (typeof key === "number") {
    if (!isArray(target) || key >= target.length) throw unplaceable(text, target);
    const copy = [...target];
    copy[key] = place(target[key], keys, at + 1, value, text);
    return copy;
  }
  if (target !== undefined && !isObject(target)) throw unplaceable(text, target);
  const inner = target !== undefined && Object.hasOwn(target, key) ? target[key] : undefined;
  const placed = place(inner, keys, at + 1, value, text);
  // Object spread would take "__proto__" as an own member correctly, but a literal key would not: define it.
  return target === undefined
    ? Object.fromEntries([[key, placed]])
    : { ...target, ...Object.fromEntries([[key, placed]]) };
}

function unplaceable(text: string, target: JsonValue | undefined) {
  const shown = JSON.stringify(target ?? null);
  return runtimeError(`Unable to apply Reference Path ${text} to input ${shown}`);
}
