/**
 * What AWS warns of in JSONPath states: values that look computed but stand where nothing is computed.
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
 */
import { COMPARISON_OPERATORS } from "../choice-rules.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Findings } from "./findings.ts";

const TEMPLATES = ["Parameters", "ResultSelector", "ItemSelector", "Assign", "Credentials"];
/** Fields that have a form with `Path`. */
const PATH_FORMS: ReadonlySet<string> = new Set([
  ...["Error", "Cause", "Seconds", "Timestamp", "TimeoutSeconds", "HeartbeatSeconds", "MaxConcurrency"],
  ...["ToleratedFailureCount", "ToleratedFailurePercentage", "MaxItems", "MaxItemsPerBatch"],
  ...["MaxInputBytesPerBatch", ...COMPARISON_OPERATORS.filter((name) => COMPARISON_OPERATORS.includes(`${name}Path`))],
]);
const PATH = /^\$(?:$|[.[$])/;
const CALL = /^States\.\w+\(.*\)$/s;

export function validateAppearances(state: JsonObject, at: string, findings: Findings): void {
  for (const field of TEMPLATES) {
    const template = state[field];
    if (template !== undefined) visitTemplate(template, `${at}/${field}`, findings);
  }
  for (const [field, value] of Object.entries(state)) visitField(field, value, `${at}/${field}`, findings);
  if (state.Type === "Pass" && state.Result !== undefined && holdsPath("Result", state.Result)) {
    const message = "The Result of a Pass state is static: a path or intrinsic function in it is not evaluated";
    findings.warning(message, `${at}/Result`, "PASS_RESULT_IS_STATIC");
  }
}

function visitTemplate(value: JsonValue, at: string, findings: Findings): void {
  if (isArray(value)) {
    for (const [index, item] of value.entries()) visitTemplate(item, `${at}[${index}]`, findings);
  } else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      if (looksComputed(member) && !key.endsWith(".$")) {
        const message = `The value of the field '${key}' appears to be a JSONPath or an intrinsic function, but the field's name does not end with '.$'`;
        findings.warning(message, `${at}/${key}`, "NO_DOLLAR");
      } else visitTemplate(member, `${at}/${key}`, findings);
    }
  }
}

/** Fields of the state itself, of Choice rules, and of a Map's reader and batcher. */
function visitField(field: string, value: JsonValue, at: string, findings: Findings): void {
  if (isArray(value) && ["Choices", "And", "Or"].includes(field)) {
    for (const [index, rule] of value.entries()) {
      if (isObject(rule))
        for (const [name, member] of Object.entries(rule))
          visitField(name, member, `${at}[${index}]/${name}`, findings);
    }
  } else if (isObject(value) && ["Not", "ItemReader", "ReaderConfig", "ItemBatcher"].includes(field)) {
    for (const [name, member] of Object.entries(value)) visitField(name, member, `${at}/${name}`, findings);
  } else if (PATH_FORMS.has(field) && typeof value === "string" && PATH.test(value)) {
    const message = `The value of the field '${field}' looks like a path, but the field's name does not end with 'Path'`;
    findings.warning(message, at, "NO_PATH");
  }
}

function looksComputed(value: JsonValue): boolean {
  return typeof value === "string" && (PATH.test(value) || CALL.test(value));
}

function holdsPath(field: string, value: JsonValue): boolean {
  if (isArray(value)) return value.some((item) => holdsPath(field, item));
  if (isObject(value)) return Object.entries(value).some(([key, member]) => holdsPath(key, member));
  return looksComputed(value);
}
