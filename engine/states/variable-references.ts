/** Which workflow variables each state reads: DescribeStateMachine's `variableReferences`. */
import { isArray, isObject, type JsonObject, type JsonValue } from "./json.ts";

const NESTED = new Set(["States", "Branches", "ItemProcessor", "Iterator"]);
/** `$name` that is not `$$`, `$.` or `$[`, outside of string literals. */
const REFERENCE = /(?<![\w$])\$([\p{L}_][\p{L}\p{N}_]*)/gu;
/** JSONata: a function call is no variable. */
const CALLED = /^\s*\(/;

/** State name → names of its variables, sorted. States that read none are left out. */
export function variableReferences(definition: JsonObject): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  visitFlow(definition, definition.QueryLanguage === "JSONata", found);
  return found;
}

function visitFlow(flow: JsonObject, jsonata: boolean, found: Record<string, string[]>): void {
  for (const [name, state] of Object.entries(isObject(flow.States) ? flow.States : {})) {
    if (!isObject(state)) continue;
    const own = state.QueryLanguage === undefined ? jsonata : state.QueryLanguage === "JSONata";
    const names = new Set<string>();
    for (const [field, value] of Object.entries(state)) {
      if (!NESTED.has(field) && field !== "Result") collect(field, value, own, names);
    }
    if (names.size > 0) found[name] = [...names].sort();
    for (const branch of isArray(state.Branches) ? state.Branches : [])
      if (isObject(branch)) visitFlow(branch, jsonata, found);
    const processor = state.ItemProcessor ?? state.Iterator;
    if (isObject(processor)) visitFlow(processor, jsonata, found);
  }
}

function collect(field: string, value: JsonValue, jsonata: boolean, names: Set<string>): void {
  if (isArray(value)) for (const item of value) collect(field, item, jsonata, names);
  else if (isObject(value)) for (const [key, member] of Object.entries(value)) collect(key, member, jsonata, names);
  else if (typeof value === "string" && isDynamic(field, value, jsonata)) {
    const code = value.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");
    for (const match of code.matchAll(REFERENCE)) {
      const name = match[1] ?? "";
      const isCall = jsonata && CALLED.test(code.slice(match.index + match[0].length));
      if (!isCall && !(jsonata && name === "states")) names.add(name);
    }
  }
}

function isDynamic(field: string, value: string, jsonata: boolean): boolean {
  if (jsonata) return value.startsWith("{%");
  return field.endsWith(".$") || field.endsWith("Path") || field === "Variable";
}
