/**
 * GetPartitions' Expression: comparisons of partition keys with literals, joined by AND.
 * Numeric keys compare as numbers, others as text.
 */
import type { Column } from "@aws-sdk/client-glue";
import { invalidInput } from "./errors.ts";

const COMPARISON = /^\s*["`]?(\w+)["`]?\s*(=|<>|!=|<=|>=|<|>)\s*(?:'([^']*)'|(-?\d+(?:\.\d+)?))\s*$/;
const NUMERIC = /^(tinyint|smallint|int|integer|bigint|long|float|double|decimal)/i;

/** @throws AwsError InvalidInputException naming the part that is not understood */
export function partitionFilter(
  expression: string | undefined,
  keys: readonly Column[],
): (values: readonly string[]) => boolean {
  if (expression === undefined || expression.trim() === "") return () => true;
  const tests = expression.split(/\s+AND\s+/i).map((part) => comparison(part, keys));
  return (values) => tests.every((test) => test(values));
}

function comparison(part: string, keys: readonly Column[]): (values: readonly string[]) => boolean {
  const [, name = "", operator = "", text, number] = COMPARISON.exec(part) ?? [];
  const index = keys.findIndex(({ Name }) => Name?.toLowerCase() === name.toLowerCase());
  if (index < 0) {
    throw invalidInput(
      `Unsupported expression '${part.trim()}': built are comparisons of a partition key (${keys.map(({ Name }) => Name).join(", ")}) with a literal by = <> < <= > >=, joined by AND`,
    );
  }
  const literal = text ?? number ?? "";
  const numeric = NUMERIC.test(keys[index]?.Type ?? "");
  return (values) => {
    const value = values[index] ?? "";
    const order = numeric ? Number(value) - Number(literal) : value < literal ? -1 : value > literal ? 1 : 0;
    return holds(operator, order);
  };
}

function holds(operator: string, order: number): boolean {
  switch (operator) {
    case "=":
      return order === 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    default:
      return order !== 0;
  }
}
