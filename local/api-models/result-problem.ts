/**
 * What is wrong with a mocked result, seen against the API it stands in for: TestState's `fieldValidationMode`.
 *
 *   P1. Members the API does not know pass: a newer API may.
 *   P2. Required members count in STRICT only.
 *   P3. A `.sync` task ends with the answer of the call that asks for its job, not of the one that starts it. What a task
 *       token brings, an HTTP endpoint answers or API Gateway passes on is free.
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_MockInput.html, wording as recorded
 */
import type { Integration, JsonValue } from "../../engine/states/index.ts";
import { type ApiModel, type ApiShape, apiModel } from "./api-model.ts";
import { optimizedApi } from "./optimized-apis.ts";
import { type ApiProblem, shapeProblems } from "./shape-problems.ts";

type Service = Extract<Integration, { kind: "service" }>;

/** The call whose answer a `.sync` task ends with, where it is that answer unchanged. */
const POLLED: Readonly<Record<string, string>> = {
  "athena:startQueryExecution": "getQueryExecution",
  "sagemaker:createHyperParameterTuningJob": "describeHyperParameterTuningJob",
  "sagemaker:createLabelingJob": "describeLabelingJob",
  "sagemaker:createProcessingJob": "describeProcessingJob",
  "sagemaker:createTrainingJob": "describeTrainingJob",
  "sagemaker:createTransformJob": "describeTransformJob",
  "states:startExecution": "describeExecution",
};

/** The port `resultProblem` of `testState`: the problem in AWS's words, or undefined. */
export function resultProblem(
  integration: Integration,
  result: JsonValue,
  mode: "STRICT" | "PRESENT",
): string | undefined {
  if (integration.kind !== "service") return undefined;
  const target = answerOf(integration);
  if (target === undefined) return undefined;
  const free = integration.pattern === "sync:2" ? new Set(["Input", "Output"]) : undefined;
  for (const problem of shapeProblems(target.model, target.shape, result, { required: mode === "STRICT" })) {
    if (free?.has(problem.path[0] ?? "") !== true) return worded(problem);
  }
  return undefined;
}

function answerOf({ resourceType, action, pattern }: Service): { model: ApiModel; shape: ApiShape } | undefined {
  const sdk = /^aws-sdk:(.+)$/.exec(resourceType)?.[1];
  const called =
    pattern === "request-response"
      ? action
      : pattern === "wait-for-task-token"
        ? undefined
        : POLLED[`${resourceType}:${action}`];
  if (called === undefined) return undefined;
  const api = sdk === undefined ? optimizedApi(resourceType, called) : { service: sdk, action: called };
  const model = api === undefined ? undefined : apiModel(api.service);
  const shape = api === undefined ? undefined : model?.operation(api.action)?.output;
  return model === undefined || shape === undefined ? undefined : { model, shape };
}

function worded({ kind, field, shape }: ApiProblem): string {
  if (kind === "missing") return `Required field '${field}' is missing`;
  if (kind === "type")
    return field === "" ? "The result must be an object" : `Field '${field}' must be ${TYPES[shape.t]}`;
  if (kind === "enum") return `Field '${field}' is not an expected value`;
  const isNumber = shape.t === "integer" || shape.t === "float";
  if (kind === "below")
    return `Field '${field}' is ${isNumber ? "less than the minimum value" : "smaller than the minimum length"}`;
  return `Field '${field}' exceeds the maximum ${isNumber ? "value" : "length"}`;
}

const TYPES: Readonly<Record<ApiShape["t"], string>> = {
  structure: "an object",
  map: "an object",
  list: "an array",
  string: "a string",
  blob: "a string",
  timestamp: "a string",
  integer: "a number",
  float: "a number",
  boolean: "a boolean",
  document: "a value",
};
