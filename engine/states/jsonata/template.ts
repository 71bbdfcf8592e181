/** Values of JSONata states' fields: any JSON whose strings may be `{% … %}` expressions. */
import { type Expression, type MaybePromise, whenReady } from "../evaluation.ts";
import { isArray, isObject, type JsonValue } from "../json.ts";
import { compileExpression, expressionText } from "./expression.ts";

/**
 * Compiles a template. Its expressions' locations are the field and the way to them: `Output/error`, `Arguments/list[0]`.
 */
export function compileJsonataTemplate(template: JsonValue, field: string): Expression {
  return compileNode(template, field) ?? (() => template);
}

/** The value itself if the template has no expression. */
export function constantOf(template: JsonValue | undefined): JsonValue | undefined {
  return template !== undefined && compileNode(template, "") === undefined ? template : undefined;
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
  return (evaluation) => {
    const built: JsonValue[] = [...template];
    return whenReady(
      fill(
        parts,
        (part) => part(evaluation),
        (index, value) => {
          built[index] = value;
        },
      ),
      () => built,
    );
  };
}

function compileObject(entries: readonly (readonly [string, JsonValue])[], field: string): Expression | undefined {
  const parts = entries.map(([key, value]) => compileNode(value, `${field}/${key}`));
  if (parts.every((part) => part === undefined)) return undefined;
  return (evaluation) => {
    const built: Record<string, JsonValue> = {};
    for (const [key, value] of entries) built[key] = value;
    return whenReady(
      fill(
        parts,
        (part) => part(evaluation),
        (index, value) => {
          built[entries[index]?.[0] ?? ""] = value;
        },
      ),
      () => built,
    );
  };
}

/** Evaluates the parts in order, and goes on synchronously as long as none is a promise. */
function fill(
  parts: readonly (Expression | undefined)[],
  run: (part: Expression) => MaybePromise<JsonValue>,
  put: (index: number, value: JsonValue) => void,
  from = 0,
): MaybePromise<undefined> {
  for (let index = from; index < parts.length; index += 1) {
    const part = parts[index];
    if (part === undefined) continue;
    const value = run(part);
    if (value instanceof Promise) {
      return value.then((ready) => {
        put(index, ready);
        return fill(parts, run, put, index + 1);
      });
    }
    put(index, value);
  }
  return undefined;
}
