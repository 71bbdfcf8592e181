/**
 * Reference paths: ResultPath puts a value into a copy of the input, copying only along the path; ItemsPath reads one. Where a
 * step does not fit the data, the state fails with States.ReferencePathConflict, which AWS's list of errors does not have.
 */

import type { Evaluation } from "../evaluation.ts";
import { isArray, isObject, type JsonValue } from "../json.ts";
import { MAX_CAUSE, shownJson } from "../shown.ts";
import { StateError } from "../state-error.ts";
import { child } from "./child.ts";
import { type CompiledPath, compilePath } from "./compile.ts";
import { parsePath } from "./parse.ts";

type Key = string | number;

/** Compiles a reference path (`$`, `$.a.b[0]`) to a function that places `value` in `input`. */
export function compileReferencePath(text: string): (input: JsonValue, value: JsonValue) => JsonValue {
  const keys = keysOf(text);
  if (keys.length === 0) return (_input, value) => value;
  return (input, value) => {
    if (!isObject(input) && !isArray(input)) {
      throw conflict(`Unable to apply ReferencePath ${text} to input ${shownJson(input)}`);
    }
    return place(input, keys, 0, value, input);
  };
}

/** Compiles a reference path to a function that reads the value there. */
export function compileReferenceRead(text: string): (evaluation: Evaluation) => JsonValue {
  const path: CompiledPath = compilePath(text);
  const keys = keysOf(text);
  return (evaluation) => {
    const value = path.read(evaluation);
    if (value !== undefined) return value;
    const root = path.rootValue(evaluation) ?? null;
    let at: JsonValue | undefined = root;
    const failing = keys.find((key) => {
      at = child(at, key);
      return at === undefined;
    });
    throw unplaceable(failing ?? "", root);
  };
}

function keysOf(text: string): readonly Key[] {
  return parsePath(text).steps.map((step) =>
    step.kind === "property" ? (step.names[0] ?? "") : step.kind === "index" ? (step.indexes[0] ?? 0) : "",
  );
}

function place(
  target: JsonValue | undefined,
  keys: readonly Key[],
  at: number,
  value: JsonValue,
  whole: JsonValue,
): JsonValue {
  const key = keys[at];
  if (key === undefined) return value;
  if (typeof key === "number") {
    if (!isArray(target) || key >= target.length) throw unplaceable(key, whole);
    const copy = [...target];
    copy[key] = place(target[key], keys, at + 1, value, whole);
    return copy;
  }
  if (target !== undefined && !isObject(target)) throw unplaceable(key, whole);
  const inner = target !== undefined && Object.hasOwn(target, key) ? target[key] : undefined;
  const placed = place(inner, keys, at + 1, value, whole);
  // Object spread would take "__proto__" as an own member correctly, but a literal key would not: define it.
  return target === undefined
    ? Object.fromEntries([[key, placed]])
    : { ...target, ...Object.fromEntries([[key, placed]]) };
}

function unplaceable(key: Key, input: JsonValue): StateError {
  const step = typeof key === "number" ? `[${key}]` : key;
  return conflict(`Unable to apply step "${step}" to input ${shownJson(input)}`);
}

function conflict(cause: string): StateError {
  return new StateError("States.ReferencePathConflict", cause.slice(0, MAX_CAUSE));
}
