/** Validates the rules of a Choice: one comparison each, a Next at the top and nowhere below. */
import { COMPARISON_OPERATORS } from "../choice-rules.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "../json.ts";
import { expressionText } from "../jsonata/expression.ts";
import { parseTimestamp } from "../timestamp.ts";
import { onlyOneOf, wrongLanguage } from "./fields.ts";
import type { Findings } from "./findings.ts";

const COMPARISONS: ReadonlySet<string> = new Set(COMPARISON_OPERATORS);
const JSONPATH_RULES = ["And", "Or", "Not", "Variable"];
const RULES = [...JSONPATH_RULES, "Condition"];
const TOP_FIELDS = ["Next", "Assign", "Output", "Comment"];

export function validateChoices(state: JsonObject, at: string, jsonata: boolean, findings: Findings): void {
  const { Choices: choices } = state;
  if (choices === undefined) return;
  if (!isArray(choices)) findings.error("Expected value of type Array", `${at}/Choices`);
  else if (choices.length === 0) findings.error("Value cannot be empty", `${at}/Choices`);
  for (const [index, rule] of (isArray(choices) ? choices : []).entries())
    validateRule(rule, `${at}/Choices[${index}]`, jsonata, true, findings);
}

function validateRule(rule: JsonValue, at: string, jsonata: boolean, isTop: boolean, findings: Findings): void {
  if (!isObject(rule)) {
    findings.error("Expected value of type Object", at);
    return;
  }
  if (isTop && rule.Next === undefined) findings.error("These fields are required: [Next]", at);
  if (isTop && rule.Next !== undefined && typeof rule.Next !== "string")
    findings.error("Expected value of type String", `${at}/Next`);
  if (jsonata && rule.Condition !== undefined && !isCondition(rule.Condition))
    findings.error("Expected a boolean or a JSONata expression", `${at}/Condition`);
  const kinds = RULES.filter((kind) => rule[kind] !== undefined);
  if (kinds.length !== 1)
    findings.error(`The object must have only one of the following fields, [${RULES.join(", ")}]`, at);
  const comparisons = Object.keys(rule).filter((field) => COMPARISONS.has(field));
  if (rule.Variable !== undefined) {
    if (comparisons.length === 0) findings.error(`These fields are required: [${[...COMPARISONS].join(", ")}]`, at);
    onlyOneOf(rule, at, comparisons, findings);
    for (const operator of comparisons) validateOperand(operator, rule[operator], `${at}/${operator}`, findings);
  }
  validateRuleFields(rule, at, jsonata, isTop, findings);
  validateNested(rule, at, jsonata, findings);
}

function isCondition(value: JsonValue): boolean {
  return typeof value === "boolean" || (typeof value === "string" && expressionText(value) !== undefined);
}

/** What a comparison compares with: a value of its type; paths are judged with the other paths. */
function validateOperand(operator: string, operand: JsonValue | undefined, at: string, findings: Findings): void {
  if (operator.endsWith("Path")) return;
  const type = /^(?:Is|Boolean)/.test(operator) ? "Boolean" : operator.startsWith("Numeric") ? "Number" : "String";
  if (typeof operand !== type.toLowerCase()) findings.error(`Expected value of type ${type}`, at);
  else if (operator.startsWith("Timestamp") && parseTimestamp(String(operand)) === undefined)
    findings.error("String does not match RFC3339 timestamp", at);
}

function validateRuleFields(rule: JsonObject, at: string, jsonata: boolean, isTop: boolean, findings: Findings): void {
  for (const field of Object.keys(rule)) {
    const isComparison = COMPARISONS.has(field) && rule.Variable !== undefined;
    const isKnown = RULES.includes(field) || isComparison || (isTop ? TOP_FIELDS.includes(field) : field === "Comment");
    const isForeign = jsonata ? JSONPATH_RULES.includes(field) : field === "Condition" || field === "Output";
    if (!isKnown) findings.error(`Field '${field}' is not supported`, at);
    else if (isForeign) wrongLanguage(field, at, jsonata, findings);
  }
}

function validateNested(rule: JsonObject, at: string, jsonata: boolean, findings: Findings): void {
  for (const field of ["And", "Or"]) {
    const rules = rule[field];
    if (rules === undefined) continue;
    if (!isArray(rules)) findings.error("Expected value of type Array", `${at}/${field}`);
    else if (rules.length === 0) findings.error("Value cannot be empty", `${at}/${field}`);
    for (const [index, inner] of (isArray(rules) ? rules : []).entries())
      validateRule(inner, `${at}/${field}[${index}]`, jsonata, false, findings);
  }
  if (rule.Not !== undefined) validateRule(rule.Not, `${at}/Not`, jsonata, false, findings);
}
