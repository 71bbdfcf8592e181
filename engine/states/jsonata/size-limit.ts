/**
 * How much an expression's values may say. Values share structure: thirty times `$d := [$d, $d]` says a thousand million
 * values in a few kilobytes, and whatever then goes through them never ends. AWS stops such an expression at its memory limit,
 * which was measured for numbers only (functions.ts); a value here may say what would take about twice that.
 */
import type jsonata from "jsonata";
import { isArray } from "../json.ts";
import { type AstNode, isAstNode } from "./ast.ts";

/** In units of 8 bytes: one for each value, and for each 8 characters of text. */
const MAX_SIZE = 2_000_000;
/** An expression with fewer constructors than that, no variable of its own and no function of its own cannot say very much. */
const FEW = 8;

type Container = Readonly<Record<string, unknown>> | readonly unknown[];

/** By array or object, so that each is counted once however often it is said. */
const sizes = new WeakMap<object, number>();

/** Makes the evaluator refuse a value that says too much as soon as it is made, where the expression could make one. */
export function limitSizes(expression: jsonata.Expression, ast: unknown): void {
  if (!isAstNode(ast) || constructors(ast) < FEW) return;
  const refuse = (node: AstNode, _input: unknown, _environment: unknown, result: unknown) => {
    if (MAKES.has(node.type ?? "") || node.group !== undefined) checkSize(result);
  };
  // The evaluator looks its hook up by a symbol, which the types of `assign` do not know.
  Reflect.apply(expression.assign, expression, [Symbol.for("jsonata.__evaluate_exit"), refuse]);
}

/** Kinds of nodes that put values into new ones. */
const MAKES: ReadonlySet<string> = new Set(["unary", "function", "apply"]);

/** @throws what the evaluator throws at its own limit */
export function checkSize(value: unknown): void {
  if (isContainer(value) && sizeOf(value) > MAX_SIZE) throw { code: "D2015", value: MAX_SIZE };
}

/** Constructors of arrays and objects in the tree; a variable or function of the expression's own counts as many. */
function constructors(node: unknown): number {
  if (typeof node !== "object" || node === null) return 0;
  const own = isAstNode(node) ? weightOf(node) : 0;
  return Object.values(node).reduce<number>((sum, child) => (sum >= FEW ? sum : sum + constructors(child)), own);
}

function weightOf({ type, value, group }: AstNode): number {
  if (type === "bind" || type === "lambda" || type === "partial") return FEW;
  return (type === "unary" && value !== "-") || group !== undefined ? 1 : 0;
}

/** Counted with a stack of its own, since data nest deeply; stops to count once it is too much. */
function sizeOf(root: Container): number {
  const open: Container[] = [root];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const before = open.length;
    let size = 1;
    for (const value of membersOf(top)) {
      if (!isContainer(value)) size += typeof value === "string" ? 1 + value.length / 8 : 1;
      else {
        const known = sizes.get(value);
        if (known === undefined) open.push(value);
        else size += known;
      }
    }
    if (open.length > before) continue;
    sizes.set(top, size);
    open.pop();
  }
  return sizes.get(root) ?? 0;
}

function membersOf(container: Container): readonly unknown[] {
  if (isArray(container)) return container;
  const entries = Object.entries(container);
  return [...entries.map(([name]) => name), ...entries.map(([, value]) => value)];
}

/** Functions of the evaluator's are objects too, and point in circles. */
function isContainer(value: unknown): value is Container {
  if (typeof value !== "object" || value === null || value instanceof RegExp) return false;
  return !("_jsonata_function" in value || "_jsonata_lambda" in value);
}
