import { isArray, isObject, type JsonValue } from "../json.ts";

/** How States.Format prints an argument: strings bare, objects as Java's maps print themselves, `{a=1, b=[]}`. */
export function formatArgument(value: JsonValue): string {
  if (typeof value === "string") return value;
  if (isArray(value)) return `[${value.map(formatArgument).join(", ")}]`;
  if (isObject(value)) {
    return `{${Object.entries(value)
      .map(([key, member]) => `${key}=${formatArgument(member)}`)
      .join(", ")}}`;
  }
  return JSON.stringify(value);
}
