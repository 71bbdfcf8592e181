/**
 * Payload templates (Parameters, ItemSelector, ResultSelector, Assign of JSONPath states): members whose name ends in `.$`
 * are paths or intrinsic calls, everything else is constant. A template without any is one shared constant.
 */
import type { Evaluation } from "./evaluation.ts";
import { compileIntrinsic } from "./intrinsics/compile.ts";
import { isArray, isObject, type JsonValue } from "./json.ts";
import { compilePath } from "./jsonpath/compile.ts";
import { runtimeError } from "./state-error.ts";

export type SyncExpression = (evaluation: Evaluation) => JsonValue;

/** Compiles a template. */
export function compileTemplate(template: JsonValue): SyncExpression {
  return compileNode(template) ?? (() => template);
}

function compileNode(template: JsonValue): SyncExpression | undefined {
  if (isArray(template)) {
    const parts = template.map(compileNode);
    if (parts.every((part) => part === undefined)) return undefined;
    return (evaluation) =>
      parts.map((part, index) => (part === undefined ? (template[index] ?? null) : part(evaluation)));
  }
  if (!isObject(template)) return undefined;
  const members: [string, SyncExpression | undefined, JsonValue][] = [];
  let dynamic = false;
  for (const [key, value] of Object.entries(template)) {
    const isExpression = key.endsWith(".$") && typeof value === "string";
    const compiled = isExpression ? compileDynamicField(key, value) : compileNode(value);
    dynamic ||= compiled !== undefined;
    members.push([isExpression ? key.slice(0, -2) : key, compiled, value]);
  }
  if (!dynamic) return undefined;
  return (evaluation) => {
    const built: Record<string, JsonValue> = {};
    for (const [key, compiled, constant] of members)
      built[key] = compiled === undefined ? constant : compiled(evaluation);
    return built;
  };
}

function compileDynamicField(field: string, text: string): SyncExpression {
  const missing = (path: string, evaluation: Evaluation): never => {
    throw missingPathError(path, field, evaluation);
  };
  if (!text.startsWith("$")) return compileIntrinsic(text, missing);
  const path = compilePath(text);
  return (evaluation) => {
    const value = path.read(evaluation);
    return value === undefined ? missing(text, evaluation) : value;
  };
}

/** States.Runtime for a path in `field` that finds nothing. */
export function missingPathError(path: string, field: string, evaluation: Evaluation) {
  const input = JSON.stringify(path.startsWith("$$") ? evaluation.context() : evaluation.input);
  return runtimeError(
    `The JSONPath '${path}' specified for the field '${field}' could not be found in the input '${input}'`,
  );
}
