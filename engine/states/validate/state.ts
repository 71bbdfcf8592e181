/** Validates one state's own fields. */
import { isArray, isObject, type JsonObject } from "../json.ts";
import { parseTimestamp } from "../timestamp.ts";
import { validateExpressions } from "./expressions.ts";
import type { Surroundings } from "./findings.ts";
import { validateFlow } from "./flow.ts";
import { isKnownResource } from "./resources.ts";

const TYPES = ["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"];
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  Task: ["Resource"],
  Choice: ["Choices"],
  Parallel: ["Branches"],
};
const WAIT_FIELDS = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];

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
  if (state.QueryLanguage === "JSONPath" && around.rootJsonata) {
    findings.error("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", at);
    return;
  }
  const jsonata = state.QueryLanguage === "JSONata" || (state.QueryLanguage === undefined && around.rootJsonata);
  for (const field of REQUIRED[state.Type] ?? []) {
    if (state[field] === undefined) findings.error(`The field '${field}' is required but was missing`, at);
  }
  validateTransition(state, at, around);
  validateExpressions(state, at, jsonata, findings);
  if (state.Type === "Task") validateTask(state, at, around);
  if (state.Type === "Wait") validateWait(state, at, jsonata, around);
  for (const field of ["Choices", "Branches"]) {
    const list = state[field];
    if (isArray(list) && list.length === 0) findings.error("Value cannot be empty", `${at}/${field}`);
  }
  if (state.Type === "Parallel" && isArray(state.Branches)) {
    for (const [index, branch] of state.Branches.entries()) {
      if (isObject(branch)) validateFlow(branch, `${at}/Branches[${index}]`, around);
    }
  }
  if (state.Type === "Map") validateMap(state, at, around);
}

function validateTransition(state: JsonObject, at: string, { findings }: Surroundings): void {
  if (state.Type === "Choice" || state.Type === "Succeed" || state.Type === "Fail") return;
  if (state.Next === undefined && state.End !== true) findings.error("These fields are required: [Next, End]", at);
}

function validateTask(state: JsonObject, at: string, { type, findings }: Surroundings): void {
  if (typeof state.Resource === "string" && !isKnownResource(state.Resource)) {
    const why = "The value is not a valid resource ARN, or the resource is not available in this region.";
    findings.error(`The resource provided ${state.Resource} is not recognized. ${why}`, `${at}/Resource`);
  }
  if (typeof state.Resource === "string" && type === "EXPRESS") {
    const resource = state.Resource;
    if (!resource.startsWith("arn:") || resource.includes(":activity:")) {
      findings.error("Express state machine does not support Activity ARN", `${at}/Resource`);
    }
    const pattern = /\.(sync(?::2)?|waitForTaskToken)$/.exec(resource)?.[0];
    if (pattern !== undefined)
      findings.error(`Express state machine does not support '${pattern}' service integration `, `${at}/Resource`);
  }
  if (
    isObject(state.Credentials) &&
    state.Credentials.RoleArn === undefined &&
    state.Credentials["RoleArn.$"] === undefined
  ) {
    findings.error("The field 'RoleArn' is required but was missing", `${at}/Credentials`);
  }
}

function validateWait(state: JsonObject, at: string, jsonata: boolean, { findings }: Surroundings): void {
  const given = WAIT_FIELDS.filter((field) => state[field] !== undefined);
  if (given.length !== 1) findings.error(`Exactly one of the fields [${WAIT_FIELDS.join(", ")}] is required`, at);
  const { Timestamp: timestamp } = state;
  const isExpression = jsonata && typeof timestamp === "string" && timestamp.startsWith("{%");
  if (typeof timestamp === "string" && !isExpression && parseTimestamp(timestamp) === undefined) {
    findings.error("String does not match RFC3339 timestamp", `${at}/Timestamp`);
  }
}

function validateMap(state: JsonObject, at: string, around: Surroundings): void {
  const field = state.ItemProcessor === undefined ? "Iterator" : "ItemProcessor";
  const processor = state[field];
  if (!isObject(processor)) around.findings.error("The field 'ItemProcessor' is required but was missing", at);
  else validateFlow(processor, `${at}/${field}`, around);
}
