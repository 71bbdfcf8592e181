/** Validates paths, intrinsic calls, JSONata expressions and names of variables wherever a state may have them. */
import { COMPARISON_OPERATORS } from "../choice-rules.ts";
import { IntrinsicSyntaxError, parseIntrinsic } from "../intrinsics/parse.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "../json.ts";
import { JsonPathSyntaxError, type ParsedPath, parsePath } from "../jsonpath/parse.ts";
import type { Findings } from "./findings.ts";
import { validateJsonata } from "./jsonata.ts";

const NESTED = new Set(["States", "Branches", "ItemProcessor", "Iterator"]);
/** A path alone; where the value may be null, null turns the field off. */
const PATH_FIELDS: ReadonlySet<string> = new Set([
  ...["InputPath", "OutputPath", "ResultPath", "ItemsPath", "SecondsPath", "TimestampPath", "TimeoutSecondsPath"],
  ...["HeartbeatSecondsPath", "MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath"],
  ...["MaxItemsPath", "MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath"],
]);
/** A path or an intrinsic call. */
const CALL_FIELDS: ReadonlySet<string> = new Set(["ErrorPath", "CausePath"]);
const REFERENCE_FIELDS: ReadonlySet<string> = new Set([
  "Variable",
  ...COMPARISON_OPERATORS.filter((name) => name.endsWith("Path")),
]);
const MAX_VARIABLE_NAME = 80;

export function validateExpressions(state: JsonObject, at: string, jsonata: boolean, findings: Findings): void {
  const place: Place = { state: at, type: String(state.Type), jsonata, findings };
  for (const [field, value] of Object.entries(state)) {
    if (!NESTED.has(field) && field !== "Result") visit(field, value, `${at}/${field}`, place);
  }
}

type Place = Readonly<{ state: string; type: string; jsonata: boolean; findings: Findings }>;

function visit(field: string, value: JsonValue, at: string, place: Place): void {
  const { jsonata, findings } = place;
  if (isArray(value)) {
    for (const [index, item] of value.entries()) visit(field, item, `${at}[${index}]`, place);
  } else if (isObject(value)) {
    if (field === "Assign") validateNames(value, at, jsonata, findings);
    for (const [key, member] of Object.entries(value)) visit(key, member, `${at}/${key}`, place);
  } else if (!jsonata) visitJsonPath(field, value, at, findings);
  else if (typeof value === "string")
    validateJsonata(value, at.slice(place.state.length + 1), place.type, at, findings);
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

function visitJsonPath(field: string, value: JsonValue, at: string, findings: Findings): void {
  if (field.endsWith(".$")) {
    if (typeof value !== "string" || pathOrCallProblem(value)) {
      const must = "must be a valid JSONPath or a valid intrinsic function call";
      findings.error(`The value for the field '${field}' ${must}`, at);
    }
  } else if (PATH_FIELDS.has(field)) visitPath(field, value, at, findings);
  else if (CALL_FIELDS.has(field)) {
    if (typeof value !== "string" || pathOrCallProblem(value)) findings.error("Value must be a valid JSONPath.", at);
  } else if (REFERENCE_FIELDS.has(field)) visitReference(value, at, findings);
}

function visitPath(field: string, value: JsonValue, at: string, findings: Findings): void {
  const isNullable = field === "InputPath" || field === "OutputPath" || field === "ResultPath";
  if (value === null && isNullable) return;
  const path = typeof value === "string" ? pathOf(value) : undefined;
  if (path === undefined) findings.error("Value must be a valid JSONPath.", at);
  else if (field === "ResultPath" && !(path.definite && path.root === "$"))
    findings.error("Value is not a Reference Path", at);
}

function visitReference(value: JsonValue, at: string, findings: Findings): void {
  if (typeof value !== "string" || !value.startsWith("$"))
    findings.error("Value is not a Reference Path: Reference path didn't start with '$'", at);
  else if (pathOf(value) === undefined) findings.error("Value is not a Reference Path", at);
}

function pathOf(text: string): ParsedPath | undefined {
  try {
    return parsePath(text);
  } catch (thrown) {
    if (thrown instanceof JsonPathSyntaxError) return undefined;
    throw thrown;
  }
}

function pathOrCallProblem(text: string): boolean {
  if (text.startsWith("$")) return pathOf(text) === undefined;
  try {
    parseIntrinsic(text);
    return false;
  } catch (thrown) {
    if (thrown instanceof IntrinsicSyntaxError || thrown instanceof JsonPathSyntaxError) return true;
    throw thrown;
  }
}
