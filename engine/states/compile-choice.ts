import { compileRule } from "./choice-rules.ts";
import { compileAssign, jsonataField } from "./compile-base.ts";
import type { ChoiceBranch, ChoiceState, StateBase } from "./compiled.ts";
import { whenReady } from "./evaluation.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "./json.ts";
import { compileTyped } from "./jsonata/typed-field.ts";

/** A Choice state: its rules in order, with the default as a last one that always matches. */
export function compileChoice(base: StateBase, source: JsonObject): ChoiceState {
  const rules = (isArray(source.Choices) ? source.Choices : []).filter(isObject);
  const choices: ChoiceBranch[] = rules.map((rule, index) => ({
    matches: base.jsonata ? condition(rule.Condition ?? false, index) : compileRule(rule),
    next: String(rule.Next),
    assign: compileAssign(rule.Assign, `Choices[${index}]/Assign`, base.jsonata),
    output: base.jsonata ? (jsonataField(rule.Output, `Choices[${index}]/Output`) ?? base.output) : undefined,
  }));
  if (typeof source.Default === "string") {
    choices.push({ matches: () => true, next: source.Default, assign: base.assign, output: base.output });
  }
  return { ...base, type: "Choice", choices, assign: undefined };
}

function condition(source: JsonValue, index: number): ChoiceBranch["matches"] {
  const compiled = compileTyped(source, `Choices[${index}]/Condition`, "boolean");
  return (evaluation) => whenReady(compiled(evaluation), (value) => value === true);
}
