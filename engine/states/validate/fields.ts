/**
 * Which fields each type of state takes, by query language, and which exclude one another.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html and AWS's answers
 */
import type { JsonObject } from "../json.ts";
import type { Findings } from "./findings.ts";

const COMMON = ["Type", "Comment", "QueryLanguage"];
const ONWARD = ["Next", "End"];
const HANDLERS = ["Retry", "Catch"];
const PATHS = ["InputPath", "OutputPath"];

type Fields = Readonly<{ both: readonly string[]; jsonPath: readonly string[]; jsonata: readonly string[] }>;

const FIELDS: Readonly<Record<string, Fields>> = {
  Pass: {
    both: [...ONWARD, "Assign"],
    jsonPath: [...PATHS, "Result", "ResultPath", "Parameters"],
    jsonata: ["Output"],
  },
  Task: {
    both: [...ONWARD, ...HANDLERS, "Assign", "Resource", "Credentials", "TimeoutSeconds", "HeartbeatSeconds"],
    jsonPath: [...PATHS, "ResultPath", "Parameters", "ResultSelector", "TimeoutSecondsPath", "HeartbeatSecondsPath"],
    jsonata: ["Arguments", "Output"],
  },
  Wait: {
    both: [...ONWARD, "Assign", "Seconds", "Timestamp"],
    jsonPath: [...PATHS, "SecondsPath", "TimestampPath"],
    jsonata: ["Output"],
  },
  Parallel: {
    both: [...ONWARD, ...HANDLERS, "Assign", "Branches"],
    jsonPath: [...PATHS, "ResultPath", "Parameters", "ResultSelector"],
    jsonata: ["Arguments", "Output"],
  },
  Map: {
    both: [
      ...[...ONWARD, ...HANDLERS, "Assign", "ItemProcessor", "Iterator", "ItemSelector", "ItemReader", "ItemBatcher"],
      ...["ResultWriter", "MaxConcurrency", "ToleratedFailurePercentage", "ToleratedFailureCount", "Label"],
    ],
    jsonPath: [
      ...[...PATHS, "ResultPath", "Parameters", "ResultSelector", "ItemsPath", "MaxConcurrencyPath"],
      ...["ToleratedFailurePercentagePath", "ToleratedFailureCountPath"],
    ],
    jsonata: ["Items", "Output"],
  },
  Choice: { both: ["Choices", "Default", "Assign"], jsonPath: PATHS, jsonata: ["Output"] },
  Succeed: { both: [], jsonPath: PATHS, jsonata: ["Output"] },
  Fail: { both: ["Error", "Cause"], jsonPath: ["ErrorPath", "CausePath"], jsonata: [] },
};

/** A value and the path to it; a Map has the one processor under either name. */
const EXCLUSIVE: readonly (readonly string[])[] = [
  ["TimeoutSeconds", "TimeoutSecondsPath"],
  ["HeartbeatSeconds", "HeartbeatSecondsPath"],
  ["MaxConcurrency", "MaxConcurrencyPath"],
  ["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"],
  ["ToleratedFailureCount", "ToleratedFailureCountPath"],
  ["Error", "ErrorPath"],
  ["Cause", "CausePath"],
  ["ItemProcessor", "Iterator"],
  ["SecondsPath", "Seconds", "TimestampPath", "Timestamp"],
];

/** Fields the state cannot have, and those it has two of. */
export function validateFields(state: JsonObject, at: string, jsonata: boolean, findings: Findings): void {
  const fields = typeof state.Type === "string" ? FIELDS[state.Type] : undefined;
  if (fields === undefined) return;
  const taken = [...COMMON, ...fields.both, ...(jsonata ? fields.jsonata : fields.jsonPath)];
  const other = jsonata ? fields.jsonPath : fields.jsonata;
  for (const field of Object.keys(state)) {
    if (taken.includes(field)) continue;
    if (other.includes(field)) wrongLanguage(field, at, jsonata, findings);
    else findings.error(`Field '${field}' is not supported`, at);
  }
  for (const group of EXCLUSIVE) onlyOneOf(state, at, group, findings);
}

/** Refuses a field that only the other query language has. */
export function wrongLanguage(field: string, at: string, jsonata: boolean, findings: Findings): void {
  const [set, only] = jsonata ? ["JSONata", "JSONPath"] : ["JSONPath", "JSONata"];
  const message = `The QueryLanguage is set to '${set}', but field '${field}' is only supported for the '${only}' QueryLanguage`;
  findings.error(message, at);
}

/** Refuses a second one of the fields. */
export function onlyOneOf(source: JsonObject, at: string, group: readonly string[], findings: Findings): void {
  if (group.filter((field) => source[field] !== undefined).length > 1)
    findings.error(`There should only be one of the following fields: [${group.join(", ")}]`, at);
}
