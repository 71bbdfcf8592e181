/**
 * One JSONata expression, `{% … %}` without the braces, compiled once: to closures where possible (fast-path.ts), else
 * to the reference evaluator, with bounds on depth, sequence length, time and matching so that a hostile expression ends.
 */
import jsonata from "jsonata";
import type { Evaluation, Expression } from "../evaluation.ts";
import { isArray, isObject, type JsonValue, setMember } from "../json.ts";
import { BoundedRegExpConstructor } from "../regex/bounded-regexp.ts";
import { evaluationError } from "../state-error.ts";
import { isAstNode, isShallow, variableNames } from "./ast.ts";
import { compileFast, type Fast, LEAVE } from "./fast-path.ts";
import { statesMember } from "./fast-paths.ts";
import { awsBindings, MAX_SEQUENCE, registerAwsFunctions } from "./functions.ts";
import { registerListFunctions } from "./list-functions.ts";
import { type OwnData, ownDataFor } from "./own-data.ts";
import { checkSize, limitSizes } from "./size-limit.ts";

/** Bounds of one evaluation: depth and length as AWS has them without publishing its figures; the rest is ours. */
const LIMITS = { stack: 100, timeout: 5_000, sequence: MAX_SEQUENCE, RegexEngine: BoundedRegExpConstructor };
/** What AWS says when a bound is met: no error code, and after a colon instead of a full stop. */
const BOUND_MESSAGES: Readonly<Record<string, string>> = {
  D1011: "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive",
  D1012: "Expression evaluation timeout: Check for infinite loop",
  D2014: "Expression evaluation memory limit exceeded: Check for excessive memory usage",
  D2015: "Expression evaluation memory limit exceeded: Check for excessive memory usage",
};

/** The text between the braces, or undefined if `text` is no expression. */
export function expressionText(text: string): string | undefined {
  return text.length >= 4 && text.startsWith("{%") && text.endsWith("%}") ? text.slice(2, -2).trim() : undefined;
}

/** Reads an expression: its syntax tree, or why it is none, in the parser's words. */
export function parseExpression(text: string): Readonly<{ ast: unknown }> | Readonly<{ problem: string }> {
  try {
    return { ast: jsonata(text).ast() };
  } catch (thrown) {
    // The parser recurses: what it says of that is about itself, not about the expression.
    if (thrown instanceof RangeError) return { problem: "the expression is nested too deeply" };
    return { problem: isObjectLike(thrown) ? textOf(thrown) : String(thrown) };
  }
}

/**
 * Compiles an expression for the given field, when it is first evaluated: a definition may have very many, of which one execution
 * comes by few.
 * @param field as in EvaluationFailed's location, e.g. `Output/error`
 */
export function compileExpression(text: string, field: string): Expression {
  let compiled: Expression | undefined;
  return (evaluation) => {
    compiled ??= compileNow(text, field);
    return compiled(evaluation);
  };
}

function compileNow(text: string, field: string): Expression {
  const compiled = jsonata(text, LIMITS);
  const ast: unknown = compiled.ast();
  const fast = isAstNode(ast) && isShallow(ast) ? compileFast(ast) : undefined;
  return fast === undefined ? evaluated(compiled, text, field) : preferred(fast, text, field);
}

/** The fast closure; the evaluator, which is large and seldom needed beside one, is made when it is. */
function preferred(fast: Fast, text: string, field: string): Expression {
  let slow: Expression | undefined;
  return (evaluation) => {
    const value = fast(evaluation);
    if (value !== LEAVE) return checked(value, text, field);
    slow ??= evaluated(jsonata(text, LIMITS), text, field);
    return slow(evaluation);
  };
}

function evaluated(compiled: jsonata.Expression, text: string, field: string): Expression {
  const ast: unknown = compiled.ast();
  const names = [...variableNames(ast)];
  registerAwsFunctions(compiled, names);
  registerListFunctions(compiled, names);
  limitSizes(compiled, ast);
  const ownData = ownDataFor(ast, names);
  return async (evaluation) => {
    const value: unknown = await evaluate(compiled, bindings(names, evaluation, ownData)).catch((thrown: unknown) => {
      throw evaluationError(
        `The JSONata expression '${text}' specified for the field '${field}' threw an error during evaluation${endingOf(thrown)}`,
        field,
      );
    });
    return checked(plain(value), text, field);
  };
}

async function evaluate(compiled: jsonata.Expression, bound: Record<string, unknown>): Promise<unknown> {
  const value: unknown = await compiled.evaluate(undefined, bound);
  checkSize(value);
  return value;
}

function bindings(names: readonly string[], evaluation: Evaluation, ownData: OwnData): Record<string, unknown> {
  const bound: Record<string, unknown> = awsBindings(evaluation);
  for (const name of names) {
    const value = name === "states" ? statesMember(evaluation, undefined) : evaluation.variable(name);
    if (value !== undefined) bound[name] = ownData(value);
  }
  return bound;
}

const UNSUPPORTED = Symbol("no JSON value");

function checked(value: JsonValue | undefined | typeof UNSUPPORTED, text: string, field: string): JsonValue {
  // Nothing is worded before it is needed: this runs at every expression of every state.
  if (value !== undefined && value !== UNSUPPORTED) return value;
  const what = value === undefined ? "nothing (undefined)" : "an unsupported result type";
  throw evaluationError(`The JSONata expression '${text}' specified for the field '${field}' returned ${what}.`, field);
}

/** The evaluator's answer as a plain JSON value: sequences become arrays, functions and the like are not supported. */
function plain(value: unknown): JsonValue | undefined | typeof UNSUPPORTED {
  if (value === undefined) return undefined;
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  // JSON has no such number; AWS answers its name as text.
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object" || value instanceof RegExp) return UNSUPPORTED;
  if (isArray(value)) {
    const items: JsonValue[] = [];
    for (const item of value) {
      const converted = plain(item);
      if (converted === UNSUPPORTED) return UNSUPPORTED;
      items.push(converted ?? null);
    }
    return items;
  }
  if ("_jsonata_function" in value || "_jsonata_lambda" in value || !isObject(value)) return UNSUPPORTED;
  const built: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(value)) {
    const converted = plain(member);
    if (converted === UNSUPPORTED) return UNSUPPORTED;
    if (converted !== undefined) setMember(built, key, converted);
  }
  return built;
}

function endingOf(thrown: unknown): string {
  const code = isObjectLike(thrown) && "code" in thrown ? String(thrown.code) : "";
  const bound = BOUND_MESSAGES[code];
  return bound === undefined ? `. ${messageOf(thrown)}` : `: ${bound}`;
}

function messageOf(thrown: unknown): string {
  if (!isObjectLike(thrown)) return String(thrown);
  return `${"code" in thrown ? `${String(thrown.code)}: ` : ""}${textOf(thrown)}`;
}

function textOf(thrown: object): string {
  return "message" in thrown ? String(thrown.message) : JSON.stringify(thrown);
}

function isObjectLike(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
