/**
 * What is wrong with the parameters of an `aws-sdk:` task, seen against the API it calls.
 *
 *   P1. What Step Functions cannot build a request from never reaches the service: a member that is missing or has another type.
 *   P2. What it can is the service's to refuse: enums, lengths, ranges, and a required member that is null.
 *   P3. Members the API does not have are left to the client's own schema, which may be newer.
 * Sources: the wording as recorded for both; https://docs.aws.amazon.com/step-functions/latest/dg/connect-parameters.html
 */
import { apiModel } from "./api-model.ts";
import { type ApiProblem, shapeProblems, valueAt } from "./shape-problems.ts";

export type ParameterProblem = Readonly<{
  /** Who refuses: Step Functions with States.Runtime, or the service with a ValidationException. */
  by: "states" | "service";
  message: string;
}>;

const CHECKED = { required: true, convertible: true, nullIsAbsent: true } as const;

/** @param service,action as in the resource; undefined when nothing is wrong or the API is not known */
export function parameterProblem(service: string, action: string, parameters: unknown): ParameterProblem | undefined {
  const model = apiModel(service);
  const shape = model?.operation(action)?.input;
  if (model === undefined || shape === undefined) return undefined;
  const [problem] = shapeProblems(model, shape, parameters ?? {}, CHECKED);
  return problem === undefined ? undefined : worded(problem, parameters);
}

function worded(problem: ApiProblem, parameters: unknown): ParameterProblem {
  const { kind, field } = problem;
  if (kind === "missing") return { by: "states", message: `The field '${field}' is required but was missing` };
  if (kind === "type") return { by: "states", message: `The value of the field '${field}' has an invalid format` };
  const place = kind === "null" ? [...problem.path, field] : problem.path;
  const shown = kind === "null" ? "null" : `'${shortened(valueAt(parameters, problem.path))}'`;
  const at = `1 validation error detected: Value ${shown} at '${memberOf(place)}' failed to satisfy constraint`;
  return { by: "service", message: `${at}: Member must ${ruleOf(problem)}` };
}

function ruleOf({ kind, shape }: ApiProblem): string {
  if (kind === "null") return "not be null";
  if (kind === "enum") return `satisfy enum value set: [${shape.t === "string" ? (shape.e ?? []).join(", ") : ""}]`;
  const what = shape.t === "integer" || shape.t === "float" ? "value" : "length";
  const { min, max } = "min" in shape || "max" in shape ? shape : {};
  return kind === "below"
    ? `have ${what} greater than or equal to ${min}`
    : `have ${what} less than or equal to ${max}`;
}

/** `["Tags", "0", "Key"]` → `tags.1.member.key`. */
function memberOf(path: readonly string[]): string {
  const named = path.map((name) =>
    /^\d+$/.test(name) ? `${Number(name) + 1}.member` : name.charAt(0).toLowerCase() + name.slice(1),
  );
  return named.join(".");
}

function shortened(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.slice(0, 1000);
}
