/**
 * Payload templates (Parameters, ItemSelector, ResultSelector, Assign of JSONPath states): members whose name ends in `.$`
 * are paths or intrinsic calls, everything else is constant. A template without any is one shared constant.
 */

import type { Evaluation } from "./evaluation.ts";
import { compileIntrinsic } from "./intrinsics/compile.ts";
import { isArray, isObject, type JsonValue, setMember } from "./json.ts";
import { type CompiledPath, compilePath } from "./jsonpath/compile.ts";
import { shownJson } from "./shown.ts";
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
  const members = new Map<string, SyncExpression>();
  // Copied at every evaluation: the members in their order, the constant ones filled in already.
  const form: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(template)) {
    const isExpression = key.endsWith(".$") && typeof value === "string";
    const name = isExpression ? key.slice(0, -2) : key;
    const compiled = isExpression ? compileDynamicField(key, value) : compileNode(value);
    setMember(form, name, value);
    // Of `a` and `a.$` the later one counts.
    if (compiled === undefined) members.delete(name);
    else members.set(name, compiled);
  }
  if (members.size === 0) return undefined;
  const dynamic = [...members].map(([key, compiled]) => ({ key, compiled }));
  return (evaluation) => {
    const built = { ...form };
    for (const { key, compiled } of dynamic) setMember(built, key, compiled(evaluation));
    return built;
  };
}

function compileDynamicField(field: string, text: string): SyncExpression {
  if (!text.startsWith("$")) return compileIntrinsic(text);
  const path = compilePath(text);
  return (evaluation) => {
    refuseNullInput(path, evaluation);
    const value = path.read(evaluation);
    if (value !== undefined) return value;
    if (path.endsBehindArray(evaluation)) return null;
    throw missingPathError(text, field, evaluation);
  };
}

/** Where data go through a path, the data cannot be null, not even for the path `$`. */
export function refuseNullInput({ root }: CompiledPath, { input }: Evaluation): void {
  if (root === "$" && input === null) throw runtimeError("Unable to apply Path transformation to null or empty input.");
}

/** States.Runtime for a path in `field` that finds nothing. */
export function missingPathError(path: string, field: string, evaluation: Evaluation) {
  const input = shownJson(path.startsWith("$$") ? evaluation.context() : evaluation.input);
  return runtimeError(
    `The JSONPath '${path}' specified for the field '${field}' could not be found in the input '${input}'`,
  );
}
