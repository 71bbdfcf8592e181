import { type Expression, whenReady } from "../evaluation.ts";
import { isArray, type JsonValue } from "../json.ts";
import { shownJson } from "../shown.ts";
import { evaluationError, type StateError } from "../state-error.ts";
import { compileExpression, expressionText } from "./expression.ts";

/** What a field may be asked to give, in AWS's words. */
export type JsonType = "array" | "boolean" | "number" | "string";

/**
 * Compiles a field of a JSONata state that takes one type: a literal as it stands, or an expression whose answer is checked.
 * @param field its location in the state, `Choices[0]/Condition`
 */
export function compileTyped(value: JsonValue, field: string, type: JsonType): Expression {
  const text = typeof value === "string" ? expressionText(value) : undefined;
  if (text === undefined) return () => value;
  const compiled = compileExpression(text, field);
  return (evaluation) =>
    whenReady(compiled(evaluation), (answer) => {
      if (typeOf(answer) === type) return answer;
      throw unexpectedType(text, field, type, answer);
    });
}

/** What fails a state whose expression answers another type than the field takes. */
export function unexpectedType(text: string, field: string, type: JsonType, answer: JsonValue): StateError {
  const was = `Expected '${type}', but was '${typeOf(answer)}' for value: ${shownJson(answer)}`;
  return evaluationError(
    `The JSONata expression '${text}' specified for the field '${field}' returned an unexpected result type. ${was}`,
    field,
  );
}

function typeOf(value: JsonValue): string {
  return value === null ? "null" : isArray(value) ? "array" : typeof value;
}
