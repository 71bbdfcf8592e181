/** Validates paths, intrinsic calls and JSONata expressions wherever a state may have them. */
import { IntrinsicSyntaxError, parseIntrinsic } from "../intrinsics/parse.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "../json.ts";
import { expressionProblem, expressionText } from "../jsonata/expression.ts";
import { JsonPathSyntaxError, parsePath } from "../jsonpath/parse.ts";
import type { Findings } from "./findings.ts";

const JSONPATH_ONLY = ["InputPath", "Parameters", "ResultSelector", "ResultPath", "OutputPath", "ItemsPath"];
const JSONATA_ONLY = ["Arguments", "Output", "Items"];
const NESTED = new Set(["States", "Branches", "ItemProcessor", "Iterator"]);
const PATH_FIELDS = /^(?:InputPath|OutputPath|ResultPath|ItemsPath|Variable|.*Path)$/;

export function validateExpressions(state: JsonObject, at: string, jsonata: boolean, findings: Findings): void {
  for (const field of jsonata ? JSONPATH_ONLY : JSONATA_ONLY) {
    if (state[field] === undefined) continue;
    const language = jsonata ? "JSONata" : "JSONPath";
    findings.error(`Field '${field}' is not supported when QueryLanguage is set to ${language}`, `${at}/${field}`);
  }
  for (const [field, value] of Object.entries(state)) {
    if (!NESTED.has(field) && field !== "Result") visit(field, value, `${at}/${field}`, jsonata, findings);
  }
}

function visit(field: string, value: JsonValue, at: string, jsonata: boolean, findings: Findings): void {
  if (isArray(value)) {
    for (const [index, item] of value.entries()) visit(field, item, `${at}[${index}]`, jsonata, findings);
  } else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) visit(key, member, `${at}/${key}`, jsonata, findings);
  } else if (typeof value === "string") {
    if (jsonata) visitJsonata(value, at, findings);
    else if (field.endsWith(".$") || (PATH_FIELDS.test(field) && value.startsWith("$"))) visitPath(value, at, findings);
  }
}

function visitJsonata(value: string, at: string, findings: Findings): void {
  const text = expressionText(value);
  const problem = text === undefined ? undefined : expressionProblem(text);
  if (problem !== undefined) findings.error(`JSONata expression parsing failed: ${problem}`, at);
}

function visitPath(value: string, at: string, findings: Findings): void {
  try {
    if (value.startsWith("$")) parsePath(value);
    else parseIntrinsic(value);
  } catch (thrown) {
    if (!(thrown instanceof JsonPathSyntaxError || thrown instanceof IntrinsicSyntaxError)) throw thrown;
    findings.error("Value is not a valid JSONPath or intrinsic function", at);
  }
}
