/** Validates Retry and Catch. */
import { isArray, isObject, type JsonObject, type JsonValue } from "../json.ts";
import { wrongLanguage } from "./fields.ts";
import type { Findings } from "./findings.ts";
import { validateRetrierNumbers } from "./numbers.ts";

const RETRIER_FIELDS = [
  "ErrorEquals",
  "IntervalSeconds",
  "MaxAttempts",
  "BackoffRate",
  "MaxDelaySeconds",
  "JitterStrategy",
  "Comment",
];
const CATCHER_FIELDS = ["ErrorEquals", "Next", "Assign", "Comment"];

export function validateHandlers(state: JsonObject, at: string, jsonata: boolean, findings: Findings): void {
  for (const field of ["Retry", "Catch"] as const) {
    const list = state[field];
    if (list === undefined) continue;
    if (!isArray(list)) {
      findings.error("Expected value of type Array", `${at}/${field}`);
      continue;
    }
    for (const [index, handler] of list.entries()) {
      const where = `${at}/${field}[${index}]`;
      if (!isObject(handler)) findings.error("Expected value of type Object", where);
      else if (field === "Retry") validateRetrier(handler, where, findings);
      else validateCatcher(handler, where, jsonata, findings);
      if (isObject(handler)) validateErrors(handler.ErrorEquals, where, index === list.length - 1, findings);
    }
  }
}

function validateRetrier(retrier: JsonObject, at: string, findings: Findings): void {
  supported(retrier, at, RETRIER_FIELDS, findings);
  validateRetrierNumbers(retrier, at, findings);
  const { JitterStrategy: jitter } = retrier;
  if (jitter !== undefined && jitter !== "NONE" && jitter !== "FULL")
    findings.error("Value should be one of the following: [NONE, FULL]", `${at}/JitterStrategy`);
}

function validateCatcher(catcher: JsonObject, at: string, jsonata: boolean, findings: Findings): void {
  supported(catcher, at, [...CATCHER_FIELDS, "Output", "ResultPath"], findings);
  const foreign = jsonata ? "ResultPath" : "Output";
  if (catcher[foreign] !== undefined) wrongLanguage(foreign, at, jsonata, findings);
  if (catcher.Next === undefined) findings.error("These fields are required: [Next]", at);
  else if (typeof catcher.Next !== "string") findings.error("Expected value of type String", `${at}/Next`);
}

function supported(source: JsonObject, at: string, fields: readonly string[], findings: Findings): void {
  for (const field of Object.keys(source)) {
    if (!fields.includes(field)) findings.error(`Field '${field}' is not supported`, at);
  }
}

function validateErrors(names: JsonValue | undefined, at: string, isLast: boolean, findings: Findings): void {
  const where = `${at}/ErrorEquals`;
  if (names === undefined) findings.error("These fields are required: [ErrorEquals]", at);
  else if (!isArray(names)) findings.error("Expected value of type Array", where);
  else if (names.length === 0) findings.error("Value cannot be empty", where);
  else if (names.some((name) => typeof name !== "string"))
    findings.error("Expected value of type String", `${where}[${names.findIndex((name) => typeof name !== "string")}]`);
  else if (names.includes("States.ALL") && (names.length > 1 || !isLast))
    findings.error("States.ALL must appear alone and at end of list", where);
}
