/** Definition → text that parses back to the same definition, numbers that JSON.stringify would change included. */
import type { Definition } from "./engine.ts";
import { isArray, isObject, type JsonValue } from "./json.ts";

/** The definition as JSON text, indented by two spaces; ends without a line break. */
export function printDefinition({ source }: Definition): string {
  return print(source, "\n");
}

function print(value: JsonValue, newline: string): string {
  const inner = `${newline}  `;
  if (isArray(value)) {
    return value.length === 0 ? "[]" : `[${value.map((item) => inner + print(item, inner)).join(",")}${newline}]`;
  }
  if (isObject(value)) {
    const members = Object.entries(value).map(
      ([key, member]) => `${inner}${JSON.stringify(key)}: ${print(member, inner)}`,
    );
    return members.length === 0 ? "{}" : `{${members.join(",")}${newline}}`;
  }
  return typeof value === "number" ? printNumber(value) : JSON.stringify(value);
}

/** JSON has -0, and numbers too large for a double, which reading makes infinite; JSON.stringify writes 0 and null. */
function printNumber(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (value === Number.POSITIVE_INFINITY) return "1e999";
  return value === Number.NEGATIVE_INFINITY ? "-1e999" : JSON.stringify(value);
}
