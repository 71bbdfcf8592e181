import { compileRule } from "./choice-rules.ts";
import { compileAssign, jsonataField } from "./compile-base.ts";
import type { ChoiceBranch, ChoiceState, StateBase } from "./compiled.ts";
import { whenReady } from "./evaluation.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "./json.ts";
import { compileJsonataTemplate } from "./jsonata/template.ts";
import { evaluationError } from "./state-error.ts";

/** A Choice state: its rules in order, with the default as a last one that always matches. */
export function compileChoice(base: StateBase, source: JsonObject): ChoiceState {
  const rules = (isArray(source.Choices) ? source.Choices : []).filter(isObject);
  const choices: ChoiceBranch[] = rules.map((rule, index) => ({
    matches: base.jsonata ? condition(rule.Condition ?? false, index) : compileRule(rule),
    next: String(rule.Next),
    assign: compileAssign(rule.Assign, base.jsonata),
    output: base.jsonata ? (jsonataField(rule.Output, "Output") ?? base.output) : undefined,
  }));
  if (typeof source.Default === "string") {
    choices.push({ matches: () => true, next: source.Default, assign: base.assign, output: base.output });
  }
  return { ...base, type: "Choice", choices, assign: undefined };
}

function condition(source: JsonValue, index: number): ChoiceBranch["matches"] {
  const field = `Choices[${index}]/Condition`;
  const compiled = compileJsonataTemplate(source, field);
  return (evaluation) =>
    whenReady(compiled(evaluation), (value) => {
      if (typeof value === "boolean") return value;
      const shown = typeof source === "string" ? source.slice(2, -2).trim() : JSON.stringify(source);
      const found = value === null ? "null" : isArray(value) ? "array" : typeof value;
      throw evaluationError(
        `The JSONata expression '${shown}' specified for the field '${field}' returned an unexpected result type. Expected 'boolean', but was '${found}' for value: ${JSON.stringify(value)}`,
        field,
      );
    });
}
