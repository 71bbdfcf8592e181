/** Validates paths, intrinsic calls, JSONata expressions and names of variables wherever a state may have them. */
import { COMPARISON_OPERATORS } from "../choice-rules.ts";
import { IntrinsicSyntaxError, parseIntrinsic } from "../intrinsics/parse.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "../json.ts";
import type { ExpressionReadings } from "../jsonata/reading.ts";
import { JsonPathSyntaxError, type ParsedPath, parsePath } from "../jsonpath/parse.ts";
import type { Findings, Surroundings } from "./findings.ts";
import { validateJsonata } from "./jsonata.ts";

const NESTED = new Set(["States", "Branches", "ItemProcessor", "Iterator", "Result"]);
/** Values that become data: their own keys mean nothing, except `.$` at the end. */
const TEMPLATES: ReadonlySet<string> = new Set([
  ...["Parameters", "ResultSelector", "ItemSelector", "BatchInput", "Arguments", "Output", "Assign", "Credentials"],
  "Items",
]);
/** Text that is never an expression. */
const PLAIN: ReadonlySet<string> = new Set([
  ...["Comment", "Type", "QueryLanguage", "Next", "Default", "Resource", "Label", "ErrorEquals", "JitterStrategy"],
]);
/** A path alone; where the value may be null, null turns the field off. */
const PATHS: ReadonlySet<string> = new Set(["InputPath", "OutputPath", "ItemsPath"]);
const NULLABLE: ReadonlySet<string> = new Set(["InputPath", "OutputPath", "ResultPath"]);
/** A path that leads to one value of the input, or of a variable, not of the context object. */
const REFERENCES: ReadonlySet<string> = new Set([
  ...["ResultPath", "SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "MaxConcurrencyPath"],
  ...["ToleratedFailureCountPath", "ToleratedFailurePercentagePath", "MaxItemsPath", "MaxItemsPerBatchPath"],
  "MaxInputBytesPerBatchPath",
]);
/** A path or an intrinsic call. */
const CALLS: ReadonlySet<string> = new Set(["ErrorPath", "CausePath"]);
/** In a Choice's rules, where the context object can be asked too. */
const VARIABLES: ReadonlySet<string> = new Set([
  "Variable",
  ...COMPARISON_OPERATORS.filter((name) => name.endsWith("Path")),
]);
const MAX_VARIABLE_NAME = 80;

type Place = Readonly<{
  state: string;
  type: string;
  jsonata: boolean;
  readings: ExpressionReadings;
  findings: Findings;
}>;

export function validateExpressions(state: JsonObject, at: string, jsonata: boolean, around: Surroundings): void {
  const { readings, findings } = around;
  const place: Place = { state: at, type: String(state.Type), jsonata, readings, findings };
  for (const [field, value] of Object.entries(state)) {
    if (!NESTED.has(field)) visitField(field, value, `${at}/${field}`, place);
  }
}

/** A field that the States Language knows. */
function visitField(field: string, value: JsonValue, at: string, place: Place): void {
  const { jsonata, findings } = place;
  if (PLAIN.has(field)) return;
  if (TEMPLATES.has(field)) {
    if (field === "Assign" && isObject(value)) validateNames(value, at, jsonata, findings);
    visitTemplate(field, value, at, place);
  } else if (!jsonata && isPathField(field)) visitPath(field, value, at, findings);
  else if (isArray(value)) {
    for (const [index, item] of value.entries()) visitField(field, item, `${at}[${index}]`, place);
  } else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) visitField(key, member, `${at}/${key}`, place);
  } else if (jsonata) visitText(value, at, place);
}

function visitTemplate(field: string, value: JsonValue, at: string, place: Place): void {
  if (isArray(value)) {
    for (const [index, item] of value.entries()) visitTemplate(field, item, `${at}[${index}]`, place);
  } else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) visitTemplate(key, member, `${at}/${key}`, place);
  } else if (place.jsonata) visitText(value, at, place);
  if (place.jsonata || !field.endsWith(".$") || (typeof value === "string" && isPathOrCall(value))) return;
  const must = "must be a valid JSONPath or a valid intrinsic function call";
  place.findings.error(`The value for the field '${field}' ${must}`, at);
}

function visitText(value: JsonValue, at: string, { state, type, readings, findings }: Place): void {
  if (typeof value !== "string") return;
  validateJsonata(value, { field: at.slice(state.length + 1), type, at }, readings, findings);
}

/** @param value of Assign, whose members are variables; in JSONPath with `.$` after the name of a computed one */
function validateNames(value: JsonObject, at: string, jsonata: boolean, findings: Findings): void {
  for (const field of Object.keys(value)) {
    const name = jsonata ? field : field.replace(/\.\$$/, "");
    const where = `${at}/${field}`;
    if (name === "states")
      findings.error("Cannot assign to reserved variable '$states'.", where, "RESERVED_VARIABLE_NAME");
    else if (!/^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name)) {
      const why = "the variable name contains invalid characters.";
      findings.error(`Invalid variable name '${name}': ${why}`, where, "INVALID_VARIABLE_NAME");
    } else if (name.length > MAX_VARIABLE_NAME) {
      const why = `the variable name is longer than ${MAX_VARIABLE_NAME} characters.`;
      findings.error(`Invalid variable name '${name}': ${why}`, where, "INVALID_VARIABLE_NAME");
    }
  }
}

function isPathField(field: string): boolean {
  return CALLS.has(field) || VARIABLES.has(field) || PATHS.has(field) || REFERENCES.has(field);
}

function visitPath(field: string, value: JsonValue, at: string, findings: Findings): void {
  const path = typeof value === "string" ? pathOf(value) : undefined;
  if (CALLS.has(field)) {
    if (typeof value !== "string" || !isPathOrCall(value)) findings.error("Value must be a valid JSONPath.", at);
  } else if (VARIABLES.has(field)) {
    if (typeof value !== "string" || !value.startsWith("$"))
      findings.error("Value is not a Reference Path: Reference path didn't start with '$'", at);
    else if (path === undefined) findings.error("Value is not a Reference Path", at);
  } else {
    if (value === null && NULLABLE.has(field)) return;
    if (path === undefined) findings.error("Value must be a valid JSONPath.", at);
    else if (REFERENCES.has(field) && !isReference(field, path)) findings.error("Value is not a Reference Path", at);
  }
}

function isReference(field: string, { definite, root }: ParsedPath): boolean {
  return definite && (field === "ResultPath" ? root === "$" : root !== "$$");
}

function pathOf(text: string): ParsedPath | undefined {
  try {
    return parsePath(text);
  } catch (thrown) {
    if (thrown instanceof JsonPathSyntaxError) return undefined;
    throw thrown;
  }
}

function isPathOrCall(text: string): boolean {
  if (text.startsWith("$")) return pathOf(text) !== undefined;
  try {
    parseIntrinsic(text);
    return true;
  } catch (thrown) {
    if (thrown instanceof IntrinsicSyntaxError || thrown instanceof JsonPathSyntaxError) return false;
    throw thrown;
  }
}
