/**
 * Compiles the JSONata that workflows are mostly made of to plain closures: `$states` and variable paths, literals, object and
 * array constructors, comparison, boolean, arithmetic and string operators, conditions, `$exists`, `$not`, `$count`.
 *
 *   F1. A closure answers exactly as the evaluator would, or LEAVE: then the evaluator is asked instead. Whatever raises an
 *       error there is left to it, so that errors are worded in one place.
 *   F2. undefined is JSONata's "nothing".
 */
import { deepEqual } from "../deep-equal.ts";
import type { Evaluation } from "../evaluation.ts";
import { isArray, isObject, type JsonValue } from "../json.ts";
import { type AstNode, isAstNode } from "./ast.ts";
import { pathReader, statesMember } from "./fast-paths.ts";

export const LEAVE: unique symbol = Symbol("left to the evaluator");
export type Fast = (evaluation: Evaluation) => JsonValue | undefined | typeof LEAVE;

/** The closure, or undefined if some part of the expression needs the evaluator. */
export function compileFast(node: AstNode): Fast | undefined {
  if (node.predicate !== undefined || node.group !== undefined || node.keepArray === true) return undefined;
  if (node.stages !== undefined || node.focus !== undefined || node.index !== undefined) return undefined;
  switch (node.type) {
    case "string":
    case "number":
    case "value":
      return literal(node.value);
    case "variable":
      return variable(node.value);
    case "path":
      return pathReader(node);
    case "block":
      return node.expressions?.length === 1 && node.expressions[0] ? compileFast(node.expressions[0]) : undefined;
    case "binary":
      return binary(node);
    case "unary":
      return node.value === "{" ? objectConstructor(node) : node.value === "[" ? arrayConstructor(node) : undefined;
    case "condition":
      return condition(node);
    case "function":
      return functionCall(node);
    default:
      return undefined;
  }
}

function literal(value: unknown): Fast | undefined {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value === null)
    return () => value;
  return undefined;
}

function variable(name: unknown): Fast | undefined {
  if (typeof name !== "string" || name === "" || name === "$") return undefined;
  if (name === "states") return (evaluation) => statesMember(evaluation, undefined);
  // Built-in functions are values too; only the evaluator knows them, so an unset variable is left to it.
  return (evaluation) => {
    const value = evaluation.variable(name);
    return value === undefined ? LEAVE : value;
  };
}

function binary(node: AstNode): Fast | undefined {
  const left = isAstNode(node.lhs) ? compileFast(node.lhs) : undefined;
  const right = node.rhs === undefined ? undefined : compileFast(node.rhs);
  const operator = typeof node.value === "string" ? BINARY.get(node.value) : undefined;
  if (left === undefined || right === undefined || operator === undefined) return undefined;
  if (node.value === "and" || node.value === "or") {
    const decides = node.value === "or";
    return (evaluation) => {
      const first = left(evaluation);
      if (typeof first !== "boolean") return LEAVE;
      if (first === decides) return first;
      const second = right(evaluation);
      return typeof second === "boolean" ? second : LEAVE;
    };
  }
  return (evaluation) => {
    const first = left(evaluation);
    if (first === LEAVE) return LEAVE;
    const second = right(evaluation);
    return second === LEAVE ? LEAVE : operator(first, second);
  };
}

type Operator = (left: JsonValue | undefined, right: JsonValue | undefined) => JsonValue | typeof LEAVE;

const finite = (value: number) => (Number.isFinite(value) ? value : LEAVE);
const arithmetic =
  (compute: (left: number, right: number) => number): Operator =>
  (left, right) =>
    typeof left === "number" && typeof right === "number" ? finite(compute(left, right)) : LEAVE;
const ordering =
  (holds: (left: string | number, right: string | number) => boolean): Operator =>
  (left, right) => {
    if (typeof left === "number" && typeof right === "number") return holds(left, right);
    return typeof left === "string" && typeof right === "string" ? holds(left, right) : LEAVE;
  };

const BINARY: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ["=", (left, right) => left !== undefined && right !== undefined && deepEqual(left, right)],
  ["!=", (left, right) => left !== undefined && right !== undefined && !deepEqual(left, right)],
  ["<", ordering((left, right) => left < right)],
  ["<=", ordering((left, right) => left <= right)],
  [">", ordering((left, right) => left > right)],
  [">=", ordering((left, right) => left >= right)],
  ["+", arithmetic((left, right) => left + right)],
  ["-", arithmetic((left, right) => left - right)],
  ["*", arithmetic((left, right) => left * right)],
  ["/", arithmetic((left, right) => left / right)],
  ["%", arithmetic((left, right) => left % right)],
  ["&", concatenate],
  ["and", () => LEAVE],
  ["or", () => LEAVE],
]);

function concatenate(left: JsonValue | undefined, right: JsonValue | undefined): JsonValue | typeof LEAVE {
  const [first, second] = [textOf(left), textOf(right)];
  return first === undefined || second === undefined ? LEAVE : first + second;
}

function textOf(value: JsonValue | undefined): string | undefined {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || Number.isSafeInteger(value)) return String(value);
  return undefined;
}

function objectConstructor(node: AstNode): Fast | undefined {
  const members: [string, Fast][] = [];
  for (const pair of Array.isArray(node.lhs) ? node.lhs : []) {
    const [key, value] = Array.isArray(pair) ? pair : [];
    const compiled = isAstNode(value) ? compileFast(value) : undefined;
    if (!isAstNode(key) || key.type !== "string" || typeof key.value !== "string" || compiled === undefined)
      return undefined;
    if (key.value === "__proto__" || members.some(([name]) => name === key.value)) return undefined;
    members.push([key.value, compiled]);
  }
  return (evaluation) => {
    const built: Record<string, JsonValue> = {};
    for (const [key, compiled] of members) {
      const value = compiled(evaluation);
      if (value === LEAVE) return LEAVE;
      if (value !== undefined) built[key] = value;
    }
    return built;
  };
}

/** An array among the items is appended item by item, unless the item is itself written as `[…]`. */
function arrayConstructor(node: AstNode): Fast | undefined {
  const items: [Fast, boolean][] = [];
  for (const item of node.expressions ?? []) {
    const compiled = compileFast(item);
    if (compiled === undefined) return undefined;
    items.push([compiled, item.value === "["]);
  }
  return (evaluation) => {
    const built: JsonValue[] = [];
    for (const [compiled, nested] of items) {
      const value = compiled(evaluation);
      if (value === LEAVE) return LEAVE;
      // Item by item: a spread of a hundred thousand items is too many arguments.
      if (isArray(value) && !nested) for (const each of value) built.push(each);
      else if (value !== undefined) built.push(value);
    }
    return built;
  };
}

function condition(node: AstNode): Fast | undefined {
  const test = node.condition === undefined ? undefined : compileFast(node.condition);
  const yes = node.then === undefined ? undefined : compileFast(node.then);
  const no = node.else === undefined ? () => undefined : compileFast(node.else);
  if (test === undefined || yes === undefined || no === undefined) return undefined;
  return (evaluation) => {
    const holds = test(evaluation);
    if (typeof holds !== "boolean") return LEAVE;
    return holds ? yes(evaluation) : no(evaluation);
  };
}

function functionCall(node: AstNode): Fast | undefined {
  const name = node.procedure?.type === "variable" ? node.procedure.value : undefined;
  const only = node.arguments?.length === 1 ? node.arguments[0] : undefined;
  const argument = only === undefined ? undefined : compileFast(only);
  const call = typeof name === "string" ? UNARY_FUNCTIONS.get(name) : undefined;
  if (argument === undefined || call === undefined) return undefined;
  return (evaluation) => {
    const value = argument(evaluation);
    return value === LEAVE ? LEAVE : call(value);
  };
}

type UnaryFunction = (value: JsonValue | undefined) => JsonValue | typeof LEAVE;

const UNARY_FUNCTIONS: ReadonlyMap<string, UnaryFunction> = new Map<string, UnaryFunction>([
  ["exists", (value) => value !== undefined],
  ["not", (value) => (typeof value === "boolean" ? !value : LEAVE)],
  ["count", (value) => (value === undefined ? 0 : isArray(value) ? value.length : isObject(value) ? 1 : LEAVE)],
]);
