/**
 * Payload templates (Parameters, ItemSelector, ResultSelector, Assign of JSONPath states): members whose name ends in `.$`
 * are paths or intrinsic calls, everything else is constant. A template without any is one shared constant.
 */
import type { Evaluation } from "./evaluation.ts";
import { compileIntrinsic } from "./intrinsics/compile.ts";
import { isArray, isObject, type JsonValue, setMember } from "./json.ts";
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
  const members: Member[] = [];
  for (const [key, value] of Object.entries(template)) {
    const isExpression = key.endsWith(".$") && typeof value === "string";
    const compiled = isExpression ? compileDynamicField(key, value) : compileNode(value);
    members.push({ key: isExpression ? key.slice(0, -2) : key, compiled, constant: value });
  }
  if (members.every(({ compiled }) => compiled === undefined)) return undefined;
  return (evaluation) => {
    const built: Record<string, JsonValue> = {};
    for (let index = 0; index < members.length; index += 1) {
      const member = members[index];
      if (member === undefined) break;
      const { key, compiled, constant } = member;
      setMember(built, key, compiled === undefined ? constant : compiled(evaluation));
    }
    return built;
  };
}

type Member = Readonly<{ key: string; compiled: SyncExpression | undefined; constant: JsonValue }>;

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
