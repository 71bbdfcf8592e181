/**
 * What AWS says of a task's parameters when the state machine is made, seen against the API that the task calls.
 *
 *   P1. A member that the API does not have, or has in another spelling, is refused at any depth.
 *   P2. A required member that is neither given nor computed is missing, of `aws-sdk:` only where it is one of the task's own.
 *       Optimized integrations make up idempotency tokens.
 *   P3. Of values only this is said, and of `aws-sdk:` alone: numbers and truth values are no texts, texts and fractions no whole
 *       numbers, most texts and fractions no truth values. All else of types, enums and bounds is judged when the task runs.
 *   P4. `aws-sdk:` integrations take the names of AWS SDK for Java 2; optimized ones are older and take the API's own as well
 *       (`BOOL`), and here and there another that is documented.
 * Sources: https://docs.aws.amazon.com/step-functions/latest/dg/connect-parameters.html, and what CreateStateMachine was seen
 * to answer, with messages in the words it has for both.
 */
import type { JsonObject } from "../../engine/states/index.ts";
import { type ApiModel, type ApiShape, apiModel } from "./api-model.ts";
import { memberName } from "./member-name.ts";
import { type ApiCall, optimizedApi } from "./optimized-apis.ts";
import { ownIntegrations } from "./own-integrations.ts";
import { type ApiProblem, shapeProblems, valueAt } from "./shape-problems.ts";
import { truthValue } from "./truth-value.ts";

const RESOURCE = /^arn:aws[\w-]*:states:[^:]*:[^:]*:(?:(aws-sdk):)?([a-z0-9-]+):(\w+)(?:\.[\w:]+)?$/;

/** Members that an optimized integration has beyond its API. */
const BEYOND: Readonly<Record<string, readonly string[]>> = { "bedrock:invokeModel": ["Input", "Output"] };
/** Calls whose method in AWS SDK for Java takes a body beside the request, which its model does not require. */
const UPLOADS: readonly string[] = ["s3:putObject", "s3:uploadPart"];
/** `"RetryStrategy": {"attempts": 5}` is how the documentation has Batch's. */
const SPELLED: Readonly<Record<string, string>> = { attempts: "Attempts" };

const CHECKED = { required: true, unknown: true, nullIsAbsent: true, convertible: true } as const;

type Called = Readonly<{
  model: ApiModel;
  input: ApiShape;
  isSdk: boolean;
  beyond: readonly string[];
  body: readonly string[];
}>;

/** @param members as the state gives them; null for what a path computes */
export function memberProblems(resource: string, members: JsonObject): string[] {
  const called = calledApi(resource);
  if (called === undefined) return [];
  return called.isSdk ? sdkProblems(called, members) : optimizedProblems(called, members);
}

/** The required members that are missing; where none is, the first that cannot be read into AWS SDK for Java's request. */
function sdkProblems({ model, input, body }: Called, members: JsonObject): string[] {
  const required = [...requiredOf(input), ...body].filter((field) => !Object.hasOwn(members, field));
  if (required.length > 0) return required.map(missing);
  const problems = shapeProblems(model, input, members, { unknown: true, nullIsAbsent: true, convertible: true });
  for (const { kind, field, path, shape } of problems) {
    if (kind === "unknown") return [unsupported(field, path.length === 0 ? namesOf(input) : [])];
    const problem = kind === "type" ? valueProblem(shape, field, valueAt(members, path)) : undefined;
    if (problem !== undefined) return [problem];
  }
  return [];
}

function optimizedProblems({ model, input, beyond }: Called, members: JsonObject): string[] {
  const messages = new Set<string>();
  for (const { kind, field, path, shape } of shapeProblems(model, input, members, { ...CHECKED, named })) {
    const isOwn = path.length === 0 && beyond.includes(field);
    if (kind === "unknown" && !isOwn) messages.add(unsupported(field, []));
    if (kind === "missing" && !isGenerated(shape, field)) messages.add(missing(field));
  }
  return [...messages];
}

const missing = (field: string): string => `The field '${field}' is required but was missing`;

/** @param known what it may have been meant for: AWS names the nearest, which is certain for another case only */
function unsupported(field: string, known: readonly string[]): string {
  const meant = known.find((name) => name.toLowerCase() === field.toLowerCase());
  const hint = meant === undefined ? "" : `. Did you mean '${meant}'?`;
  return `The field "${field}" is not supported by Step Functions${hint}`;
}

/** JSONata within the arguments; what it comes to is for the run. */
const isComputed = (value: unknown): boolean => typeof value === "string" && /^\{%.*%\}$/s.test(value);

/** Other types are read leniently, or refused in words that name classes of AWS SDK for Java: those are for the run. */
function valueProblem(shape: ApiShape, field: string, value: unknown): string | undefined {
  if (isComputed(value)) return undefined;
  if (shape.t === "string") return `The value for the field '${field}' must be a STRING`;
  if (shape.t === "integer") return `The value for the field '${field}' must be an INTEGER`;
  return shape.t === "boolean" ? booleanProblem(value) : undefined;
}

/** As Jackson, which reads the parameters, reads a truth value: whole numbers and some texts are one. */
function booleanProblem(value: unknown): string | undefined {
  const from = "Cannot deserialize value of type `java.lang.Boolean` from";
  if (truthValue(value) !== undefined) return undefined;
  if (typeof value === "string")
    return `${from} String ${JSON.stringify(value.trim())}: only "true" or "false" recognized`;
  if (Array.isArray(value)) return `${from} Array value (token \`JsonToken.START_ARRAY\`)`;
  if (typeof value === "object") return `${from} Object value (token \`JsonToken.START_OBJECT\`)`;
  return `${from} Floating-point value (token \`JsonToken.VALUE_NUMBER_FLOAT\`)`;
}

const namesOf = (shape: ApiShape): string[] => (shape.t === "structure" ? Object.keys(shape.m) : []);
const requiredOf = (shape: ApiShape): readonly string[] => (shape.t === "structure" ? (shape.r ?? []) : []);

function calledApi(resource: string): Called | undefined {
  const [, sdk, service = "", action = ""] = RESOURCE.exec(resource) ?? [];
  const own = sdk === undefined ? ownIntegrations(service) : undefined;
  const ownInput = own?.operation(action)?.input;
  if (own !== undefined && ownInput !== undefined)
    return { model: own, input: ownInput, isSdk: false, beyond: [], body: [] };
  const api: ApiCall | undefined = sdk === undefined ? optimizedApi(service, action) : { service, action };
  const model = api === undefined ? undefined : apiModel(api.service);
  const operation = api === undefined ? undefined : model?.operation(api.action);
  if (model === undefined || operation === undefined) return undefined;
  const name = `${service}:${action}`;
  const beyond = sdk === undefined && Object.hasOwn(BEYOND, name) ? (BEYOND[name] ?? []) : [];
  const body = sdk !== undefined && UPLOADS.includes(name) ? ["Body"] : [];
  return { model, input: operation.input ?? NOTHING, isSdk: sdk !== undefined, beyond, body };
}

const NOTHING: ApiShape = { t: "structure", m: {} };

function named(written: string): string {
  if (Object.hasOwn(SPELLED, written)) return SPELLED[written] ?? written;
  return /^[A-Z][A-Za-z0-9]*$/.test(written) ? memberName(written) : written;
}

function isGenerated(shape: ApiProblem["shape"], field: string): boolean {
  return shape.t === "structure" && shape.g?.includes(field) === true;
}
