/** Values of JSONata states' fields: any JSON whose strings may be `{% … %}` expressions. */
import type { Evaluation, Expression, MaybePromise } from "../evaluation.ts";
import { isArray, isObject, type JsonObject, type JsonValue, setMember } from "../json.ts";
import { compileExpression, expressionText } from "./expression.ts";

/**
 * Compiles a template. Its expressions' locations are the field and the way to them: `Output/error`, `Arguments/list[0]`.
 */
export function compileJsonataTemplate(template: JsonValue, field: string): Expression {
  return compileNode(template, field) ?? (() => template);
}

function compileNode(template: JsonValue, field: string): Expression | undefined {
  if (typeof template === "string") {
    const text = expressionText(template);
    return text === undefined ? undefined : compileExpression(text, field);
  }
  if (isArray(template)) return compileArray(template, field);
  return isObject(template) ? compileObject(Object.entries(template), field) : undefined;
}

function compileArray(template: readonly JsonValue[], field: string): Expression | undefined {
  const parts = template.map((item, index) => compileNode(item, `${field}[${index}]`));
  if (parts.every((part) => part === undefined)) return undefined;
  const build = (evaluation: Evaluation, built: JsonValue[]): MaybePromise<JsonValue> => {
    for (let index = built.length; index < parts.length; index += 1) {
      const part = parts[index];
      const value = part === undefined ? (template[index] ?? null) : part(evaluation);
      if (value instanceof Promise) return value.then((ready) => build(evaluation, [...built, ready]));
      built.push(value);
    }
    return built;
  };
  return (evaluation) => build(evaluation, []);
}

function compileObject(entries: readonly (readonly [string, JsonValue])[], field: string): Expression | undefined {
  const members: { key: string; part: Expression }[] = [];
  for (const [key, value] of entries) {
    const part = compileNode(value, `${field}/${key}`);
    if (part !== undefined) members.push({ key, part });
  }
  if (members.length === 0) return undefined;
  // Copied at every evaluation: the members in their order, the constant ones filled in already.
  const form: JsonObject = Object.fromEntries(entries);
  const build = (evaluation: Evaluation, built: Record<string, JsonValue>, from: number): MaybePromise<JsonValue> => {
    for (let index = from; index < members.length; index += 1) {
      const member = members[index];
      if (member === undefined) break;
      const value = member.part(evaluation);
      if (value instanceof Promise) {
        return value.then((ready) => {
          setMember(built, member.key, ready);
          return build(evaluation, built, index + 1);
        });
      }
      setMember(built, member.key, value);
    }
    return built;
  };
  return (evaluation) => build(evaluation, { ...form }, 0);
}
