/** Paths that begin at `$states` or a variable and go through names only: `$states.input.items.price`. */
import type { Evaluation } from "../evaluation.ts";
import { isArray, isObject, type JsonValue } from "../json.ts";
import type { AstNode } from "./ast.ts";
import { type Fast, LEAVE } from "./fast-path.ts";

/** `$states` or one of its members; absent ones are undefined. */
export function statesMember(evaluation: Evaluation, member: string | undefined): JsonValue | undefined {
  switch (member) {
    case "input":
      return evaluation.input;
    case "result":
      return evaluation.result;
    case "errorOutput":
      return evaluation.errorOutput;
    case "context":
      return evaluation.context();
    case undefined:
      return {
        input: evaluation.input,
        context: evaluation.context(),
        ...(evaluation.result === undefined ? {} : { result: evaluation.result }),
        ...(evaluation.errorOutput === undefined ? {} : { errorOutput: evaluation.errorOutput }),
      };
    default:
      return undefined;
  }
}

/** The reader of a path node, or undefined if it has a step the evaluator must take. */
export function pathReader(node: AstNode): Fast | undefined {
  const [head, ...rest] = node.steps ?? [];
  if (node.keepSingletonArray === true || head?.type !== "variable" || typeof head.value !== "string") return undefined;
  if (head.value === "" || head.value === "$" || !isPlain(head)) return undefined;
  const names: string[] = [];
  for (const step of rest) {
    if (step.type !== "name" || typeof step.value !== "string" || !isPlain(step)) return undefined;
    names.push(step.value);
  }
  const name = head.value;
  if (name !== "states") {
    return (evaluation) => {
      const value = evaluation.variable(name);
      return value === undefined ? LEAVE : walk(value, names, 0);
    };
  }
  const member = names[0];
  // By far the most common: one decision less at every state.
  if (member === "input") return (evaluation) => walk(evaluation.input, names, 1);
  return (evaluation) => {
    const value = statesMember(evaluation, member);
    return value === undefined ? undefined : walk(value, names, 1);
  };
}

function isPlain(step: AstNode): boolean {
  return (
    step.predicate === undefined &&
    step.stages === undefined &&
    step.group === undefined &&
    step.focus === undefined &&
    step.index === undefined &&
    step.ancestor === undefined &&
    step.tuple === undefined &&
    step.keepArray !== true
  );
}

function walk(value: JsonValue, names: readonly string[], from: number): JsonValue | undefined {
  let current = value;
  for (let index = from; index < names.length; index += 1) {
    if (isArray(current)) return walkSequence(current, names, index);
    const name = names[index] ?? "";
    const next = isObject(current) && Object.hasOwn(current, name) ? current[name] : undefined;
    if (next === undefined) return undefined;
    current = next;
  }
  return current;
}

/** Once an array is met, each step maps over its items and flattens one level; a single result stands for itself. */
function walkSequence(items: readonly JsonValue[], names: readonly string[], from: number): JsonValue | undefined {
  let current: readonly JsonValue[] = items;
  for (let index = from; index < names.length; index += 1) {
    const found: JsonValue[] = [];
    for (const item of current) {
      const value = lookup(item, names[index] ?? "");
      if (value !== undefined) found.push(value);
    }
    if (index === names.length - 1 && found.length === 1 && isArray(found[0])) return found[0];
    current = found.flatMap((value) => (isArray(value) ? value : [value]));
  }
  if (current.length === 0) return undefined;
  return current.length === 1 ? current[0] : current;
}

function lookup(item: JsonValue, name: string): JsonValue | undefined {
  if (isObject(item)) return Object.hasOwn(item, name) ? item[name] : undefined;
  if (!isArray(item)) return undefined;
  const found: JsonValue[] = [];
  collect(item, name, found);
  return found.length > 1 ? found : found[0];
}

/** What is found in arrays within arrays is one sequence: only when it is whole does a single result stand for itself. */
function collect(items: readonly JsonValue[], name: string, found: JsonValue[]): void {
  for (const item of items) {
    if (isArray(item)) collect(item, name, found);
    else {
      const value = lookup(item, name);
      if (isArray(value)) for (const each of value) found.push(each);
      else if (value !== undefined) found.push(value);
    }
  }
}
