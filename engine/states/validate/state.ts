/** Validates one state's own fields. */
import { isArray, isObject, type JsonObject } from "../json.ts";
import { expressionText } from "../jsonata/expression.ts";
import { parseTimestamp } from "../timestamp.ts";
import { validateChoices } from "./choices.ts";
import { validateExpressions } from "./expressions.ts";
import { validateFields } from "./fields.ts";
import type { Findings, Surroundings } from "./findings.ts";
import { validateFlow } from "./flow.ts";
import { validateHandlers } from "./handlers.ts";
import { validateMap } from "./map.ts";
import { validateStateNumbers } from "./numbers.ts";
import { validateTask } from "./task.ts";
import { validateAppearances } from "./warnings.ts";

const TYPES = ["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"];
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  Task: ["Resource"],
  Choice: ["Choices"],
  Parallel: ["Branches"],
};
const WAIT_FIELDS = ["SecondsPath", "Seconds", "TimestampPath", "Timestamp"];

/** Adds to `around.findings` what is wrong with one state. @param at where it stands: `/States/Train` */
export function validateState(state: JsonObject, at: string, around: Surroundings): void {
  const { findings } = around;
  if (state.Type === undefined) {
    findings.error("The field 'Type' is required but was missing", at);
    return;
  }
  if (typeof state.Type !== "string" || !TYPES.includes(state.Type)) {
    findings.error(`The field 'Type' should have one of these values: [${TYPES.join(", ")}]`, `${at}/Type`);
    return;
  }
  validateQueryLanguage(state, `${at}/QueryLanguage`, findings);
  if (state.QueryLanguage === "JSONPath" && around.rootJsonata) {
    findings.error("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", at);
    return;
  }
  // As AWS has it, whatever is not JSONPath word for word is judged as JSONata.
  const jsonata = state.QueryLanguage === undefined ? around.rootJsonata : state.QueryLanguage !== "JSONPath";
  for (const field of REQUIRED[state.Type] ?? []) {
    if (state[field] === undefined) findings.error(`The field '${field}' is required but was missing`, at);
  }
  validateTransition(state, at, around);
  validateTypes(state, at, findings);
  validateFields(state, at, jsonata, findings);
  validateStateNumbers(state, at, jsonata, findings);
  validateExpressions(state, at, jsonata, around);
  validateHandlers(state, at, jsonata, findings);
  if (!jsonata) validateAppearances(state, at, findings);
  validateByType(state, at, jsonata, around);
}

function validateByType(state: JsonObject, at: string, jsonata: boolean, around: Surroundings): void {
  if (state.Type === "Task") validateTask(state, at, jsonata, around);
  if (state.Type === "Wait") validateWait(state, at, jsonata, around);
  if (state.Type === "Choice") validateChoices(state, at, jsonata, around.findings);
  if (state.Type === "Parallel") validateBranches(state, at, around);
  if (state.Type === "Map") validateMap(state, at, jsonata, around);
}

const TYPED: Readonly<Record<string, readonly string[]>> = {
  String: ["Comment", "Next", "Default", "Error", "Cause"],
  Object: ["Assign", "Credentials"],
};

function validateTypes(state: JsonObject, at: string, findings: Findings): void {
  for (const [type, fields] of Object.entries(TYPED)) {
    for (const field of fields) {
      const value = state[field];
      const holds = type === "String" ? typeof value === "string" : isObject(value);
      if (value !== undefined && !holds) findings.error(`Expected value of type ${type}`, `${at}/${field}`);
    }
  }
}

/** @param at where the field stands */
export function validateQueryLanguage(source: JsonObject, at: string, findings: Findings): void {
  const { QueryLanguage: language } = source;
  if (language !== undefined && language !== "JSONPath" && language !== "JSONata")
    findings.error("Value should be one of the following: [JSONPath, JSONata]", at);
}

function validateTransition(state: JsonObject, at: string, { findings }: Surroundings): void {
  if (state.Type === "Choice" || state.Type === "Succeed" || state.Type === "Fail") return;
  if (state.End !== undefined && typeof state.End !== "boolean")
    findings.error("Expected value of type Boolean", `${at}/End`);
  if (state.Next === undefined && state.End !== true) findings.error("These fields are required: [Next, End]", at);
  if (state.Next !== undefined && state.End === true)
    findings.error("There should only be one of the following fields: [Next, End]", at);
}

function validateBranches(state: JsonObject, at: string, around: Surroundings): void {
  const { findings } = around;
  const { Branches: branches } = state;
  if (branches === undefined) return;
  if (!isArray(branches)) findings.error("Expected value of type Array", `${at}/Branches`);
  else if (branches.length === 0) findings.error("Value cannot be empty", `${at}/Branches`);
  for (const [index, branch] of (isArray(branches) ? branches : []).entries()) {
    if (isObject(branch)) validateFlow(branch, `${at}/Branches[${index}]`, around);
    else findings.error("Expected value of type Object", `${at}/Branches[${index}]`);
  }
}

function validateWait(state: JsonObject, at: string, jsonata: boolean, { findings }: Surroundings): void {
  if (WAIT_FIELDS.every((field) => state[field] === undefined))
    findings.error(`This object should have only one of the following fields: [${WAIT_FIELDS.join(", ")}]`, at);
  const { Timestamp: timestamp } = state;
  if (timestamp === undefined) return;
  if (typeof timestamp !== "string") findings.error("Expected value of type String", `${at}/Timestamp`);
  else if (jsonata && expressionText(timestamp) !== undefined) return;
  else if (parseTimestamp(timestamp) === undefined)
    findings.error("String does not match RFC3339 timestamp", `${at}/Timestamp`);
}
