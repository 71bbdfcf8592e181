/** One filter of Search: numbers are compared as numbers, times as times, the rest as text. */
import type { Filter } from "@aws-sdk/client-sagemaker";
import { validation } from "./errors.ts";

/** @throws ValidationException for an operator that is none, or a value that does not fit the property */
export function matchesFilter(value: unknown, { Name = "", Operator = "Equals", Value = "" }: Filter): boolean {
  if (Operator === "Exists") return value !== undefined;
  if (Operator === "NotExists") return value === undefined;
  if (value === undefined) return Operator === "NotEquals";
  const text = value instanceof Date ? value.toISOString() : String(value);
  if (Operator === "Contains") return text.includes(Value);
  if (Operator === "In") return Value.split(",").includes(text);
  const order = orderOf(value, text, Value, Name);
  switch (Operator) {
    case "Equals":
      return order === 0;
    case "NotEquals":
      return order !== 0;
    case "GreaterThan":
      return order > 0;
    case "GreaterThanOrEqualTo":
      return order >= 0;
    case "LessThan":
      return order < 0;
    case "LessThanOrEqualTo":
      return order <= 0;
    default:
      throw validation(`Operator ${String(Operator)} of filter ${Name} is not valid`);
  }
}

function orderOf(value: unknown, text: string, wanted: string, name: string): number {
  const [left, right] =
    value instanceof Date
      ? [value.getTime(), Date.parse(wanted)]
      : typeof value === "number"
        ? [value, Number(wanted)]
        : [text, wanted];
  if (Number.isNaN(right))
    throw validation(`Value ${wanted} of filter ${name} is not a ${value instanceof Date ? "time" : "number"}`);
  return left < right ? -1 : left > right ? 1 : 0;
}
