import { isArray, isObject, type JsonValue } from "./json.ts";

/** Equality of JSON values; the order of members does not matter. */
export function deepEqual(left: JsonValue, right: JsonValue): boolean {
  if (left === right) return true;
  if (isArray(left)) {
    return (
      isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => deepEqual(item, right[index] ?? null))
    );
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => {
    const ours = left[key];
    const theirs = Object.hasOwn(right, key) ? right[key] : undefined;
    return ours !== undefined && theirs !== undefined && deepEqual(ours, theirs);
  });
}

/** The same text for two values if and only if they are equal. */
export function equalityKey(value: JsonValue): string {
  return JSON.stringify(inOrder(value));
}

/** The same with the members of each object in the order of their names, as entries. */
function inOrder(value: JsonValue): JsonValue {
  if (isArray(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  return { members: names.map((name) => [name, inOrder(value[name] ?? null)]) };
}
