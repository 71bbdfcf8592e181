/** Random rules of JSONPath Choice states: every comparison operator, with operands of its kind, alone and combined. */
import type { JsonValue } from "../../../../engine/index.ts";
import { COMPARISON_OPERATORS } from "../../../../engine/states/choice-rules.ts";
import type { Draw } from "./draw.ts";
import { path } from "./expressions.ts";
import { NUMBERS, STRINGS } from "./hostile.ts";

const TIMES = ["2024-01-01T00:00:00Z", "2024-02-29T23:59:59.999+14:00", "0001-01-01T00:00:00Z"] as const;
const WILDCARDS = ["*", "a*\\*", "*****b", "", "\\\\*"] as const;

export function rule(draw: Draw, depth: number): { [key: string]: JsonValue } {
  if (depth > 0 && draw.chance(0.3)) {
    if (draw.chance(0.3)) return { Not: rule(draw, depth - 1) };
    return { [draw.pick(["And", "Or"])]: draw.several(1, 3, () => rule(draw, depth - 1)) };
  }
  const operator = draw.pickAny(COMPARISON_OPERATORS) ?? "IsNull";
  return { Variable: path(draw), [operator]: operand(draw, operator) };
}

function operand(draw: Draw, operator: string): JsonValue {
  if (operator.endsWith("Path")) return path(draw);
  if (operator.startsWith("Numeric")) return draw.pick(NUMBERS);
  if (operator.startsWith("Timestamp")) return draw.pick(TIMES);
  if (operator === "StringMatches") return draw.pick(WILDCARDS);
  return operator.startsWith("String") ? draw.pick(STRINGS) : draw.chance(0.5);
}
