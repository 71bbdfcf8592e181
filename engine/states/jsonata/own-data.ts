/**
 * Data that an evaluation may write to. States share their data, and the evaluator writes to what it is given in two places:
 * it puts a value into an empty array that an object constructor is applied to, and a transform changes what `$clone`, which
 * an expression can define anew, gives it.
 */
import { isArray, isObject, type JsonValue, setMember } from "../json.ts";
import { isAstNode } from "./ast.ts";

/** Gives the evaluator, instead of a state's data, what it may write to. */
export type OwnData = (value: JsonValue) => JsonValue;

const shared: OwnData = (value) => value;

/** How an expression is to be given its data; most cannot write to them. */
export function ownDataFor(ast: unknown, names: readonly string[]): OwnData {
  if (names.includes("clone")) return copied;
  return constructsFromData(ast, false) ? withOwnEmptyArrays : shared;
}

/** Members of a node whose expressions have parts of the data as their context. */
const CONTEXTS: ReadonlySet<string> = new Set(["steps", "predicate", "stages", "terms", "pattern", "update", "delete"]);

function constructsFromData(node: unknown, inData: boolean): boolean {
  if (isArray(node)) return node.some((item) => constructsFromData(item, inData));
  if (!isAstNode(node)) return false;
  if (node.group !== undefined || (inData && node.type === "unary" && node.value === "{")) return true;
  return Object.entries(node).some(([name, child]) => constructsFromData(child, inData || CONTEXTS.has(name)));
}

function copied(value: JsonValue): JsonValue {
  if (isArray(value)) return value.map(copied);
  return isObject(value) ? objectOf(Object.entries(value).map(([name, member]) => [name, copied(member)])) : value;
}

/** Copies no more than the empty arrays and what leads to them. */
function withOwnEmptyArrays(value: JsonValue): JsonValue {
  if (isArray(value)) {
    const items = value.map(withOwnEmptyArrays);
    return items.length === 0 || items.some((item, at) => item !== value[at]) ? items : value;
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [name, withOwnEmptyArrays(member)] as const);
  return members.some(([name, member]) => member !== value[name]) ? objectOf(members) : value;
}

function objectOf(members: readonly (readonly [string, JsonValue])[]): JsonValue {
  const built: Record<string, JsonValue> = {};
  for (const [name, member] of members) setMember(built, name, member);
  return built;
}
