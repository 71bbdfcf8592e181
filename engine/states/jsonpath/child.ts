import { isArray, isObject, type JsonValue } from "../json.ts";

/** The member or item that one step of a path leads to. */
export function child(value: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (typeof key === "number") return isArray(value) ? value.at(key) : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
