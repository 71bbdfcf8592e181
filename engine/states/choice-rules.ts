/** Choice rules of JSONPath states: the 39 comparison operators, And, Or, Not. */
import type { Evaluation } from "./evaluation.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "./json.ts";
import { type CompiledPath, compilePath } from "./jsonpath/compile.ts";
import { runtimeError } from "./state-error.ts";
import { parseTimestamp } from "./timestamp.ts";

export type Rule = (evaluation: Evaluation) => boolean;
type Test = (value: JsonValue, operand: JsonValue) => boolean;

const numeric = (holds: (left: number, right: number) => boolean): Test => {
  return (left, right) => typeof left === "number" && typeof right === "number" && holds(left, right);
};
const textual = (holds: (left: string, right: string) => boolean): Test => {
  return (left, right) => typeof left === "string" && typeof right === "string" && holds(left, right);
};
const temporal = (holds: (left: number, right: number) => boolean): Test => {
  return (left, right) => {
    if (typeof left !== "string" || typeof right !== "string") return false;
    const [first, second] = [parseTimestamp(left), parseTimestamp(right)];
    return first !== undefined && second !== undefined && holds(first, second);
  };
};

const TESTS: Readonly<Record<string, Test>> = {
  BooleanEquals: (left, right) => typeof left === "boolean" && left === right,
  NumericEquals: numeric((left, right) => left === right),
  NumericLessThan: numeric((left, right) => left < right),
  NumericLessThanEquals: numeric((left, right) => left <= right),
  NumericGreaterThan: numeric((left, right) => left > right),
  NumericGreaterThanEquals: numeric((left, right) => left >= right),
  StringEquals: textual((left, right) => left === right),
  StringLessThan: textual((left, right) => left < right),
  StringLessThanEquals: textual((left, right) => left <= right),
  StringGreaterThan: textual((left, right) => left > right),
  StringGreaterThanEquals: textual((left, right) => left >= right),
  TimestampEquals: temporal((left, right) => left === right),
  TimestampLessThan: temporal((left, right) => left < right),
  TimestampLessThanEquals: temporal((left, right) => left <= right),
  TimestampGreaterThan: temporal((left, right) => left > right),
  TimestampGreaterThanEquals: temporal((left, right) => left >= right),
};

const KINDS: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === "string",
  IsNumeric: (value) => typeof value === "number",
  IsBoolean: (value) => typeof value === "boolean",
  IsTimestamp: (value) => typeof value === "string" && parseTimestamp(value) !== undefined,
};

/** All comparison operators, with their `…Path` forms. */
export const COMPARISON_OPERATORS: readonly string[] = [
  ...Object.keys(TESTS),
  ...Object.keys(TESTS).map((name) => `${name}Path`),
  ...Object.keys(KINDS),
  "IsPresent",
  "StringMatches",
];

/** Compiles one rule (a member of Choices, or of And, Or, Not). */
export function compileRule(rule: JsonObject): Rule {
  if (isArray(rule.And)) {
    const rules = nested(rule.And);
    return (evaluation) => rules.every((inner) => inner(evaluation));
  }
  if (isArray(rule.Or)) {
    const rules = nested(rule.Or);
    return (evaluation) => rules.some((inner) => inner(evaluation));
  }
  if (isObject(rule.Not)) {
    const inner = compileRule(rule.Not);
    return (evaluation) => !inner(evaluation);
  }
  return compileComparison(rule);
}

function nested(rules: readonly JsonValue[]): Rule[] {
  return rules.filter(isObject).map(compileRule);
}

function compileComparison(rule: JsonObject): Rule {
  const name = COMPARISON_OPERATORS.find((operator) => rule[operator] !== undefined) ?? "";
  const variable = compilePath(String(rule.Variable));
  const operand = rule[name] ?? null;
  if (name === "IsPresent") return (evaluation) => (variable.read(evaluation) !== undefined) === operand;
  const kind = KINDS[name];
  if (kind !== undefined) return (evaluation) => kind(resolve(variable, evaluation)) === operand;
  if (name === "StringMatches") {
    const matches = wildcardMatcher(String(operand));
    return (evaluation) => {
      const value = resolve(variable, evaluation);
      return typeof value === "string" && matches(value);
    };
  }
  const test = TESTS[name.endsWith("Path") ? name.slice(0, -4) : name];
  if (test === undefined) return () => false;
  if (!name.endsWith("Path")) return (evaluation) => test(resolve(variable, evaluation), operand);
  const other = compilePath(String(operand));
  return (evaluation) => test(resolve(variable, evaluation), resolve(other, evaluation));
}

function resolve(path: CompiledPath, evaluation: Evaluation): JsonValue {
  const value = path.read(evaluation);
  if (value !== undefined) return value;
  throw runtimeError(`Invalid path '${path.text}': The choice state's condition path references an invalid value.`);
}

/** `*` stands for any characters; `\*` for a star. Linear in the value's length for each star. */
function wildcardMatcher(pattern: string): (value: string) => boolean {
  const pieces = pattern.split(/(?<!\\)\*/).map((piece) => piece.replace(/\\([*\\])/g, "$1"));
  const [first = "", ...rest] = pieces;
  const last = rest.pop();
  return (value) => {
    if (last === undefined) return value === first;
    if (!value.startsWith(first) || value.length < first.length + last.length || !value.endsWith(last)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = value.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= value.length - last.length;
  };
}
