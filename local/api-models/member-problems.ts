/**
 * What AWS says of a task's parameters when the state machine is made, seen against the API that the task calls.
 *
 *   P1. A member that the API does not have, or has in another spelling, is refused at any depth.
 *   P2. A required member that is neither given nor computed is missing. Optimized integrations make up idempotency tokens.
 *   P3. Nothing is said of values: types, enums and bounds are judged when the task runs.
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
import { type ApiProblem, shapeProblems } from "./shape-problems.ts";

const RESOURCE = /^arn:aws[\w-]*:states:[^:]*:[^:]*:(?:(aws-sdk):)?([a-z0-9-]+):(\w+)(?:\.[\w:]+)?$/;

/** Members that an optimized integration has beyond its API. */
const BEYOND: Readonly<Record<string, readonly string[]>> = { "bedrock:invokeModel": ["Input", "Output"] };
/** `"RetryStrategy": {"attempts": 5}` is how the documentation has Batch's. */
const SPELLED: Readonly<Record<string, string>> = { attempts: "Attempts" };

const CHECKED = { required: true, unknown: true, nullIsAbsent: true, convertible: true } as const;

type Called = Readonly<{ model: ApiModel; input: ApiShape; isSdk: boolean; beyond: readonly string[] }>;

/** @param members as the state gives them; null for what the run computes */
export function memberProblems(resource: string, members: JsonObject): string[] {
  const called = calledApi(resource);
  if (called === undefined) return [];
  const { model, input, isSdk, beyond } = called;
  const options = isSdk ? CHECKED : { ...CHECKED, named };
  const messages = new Set<string>();
  for (const { kind, field, path, shape } of shapeProblems(model, input, members, options)) {
    const isOwn = path.length === 0 && beyond.includes(field);
    if (kind === "unknown" && !isOwn) messages.add(`The field "${field}" is not supported by Step Functions`);
    if (kind === "missing" && (isSdk || !isGenerated(shape, field)))
      messages.add(`The field '${field}' is required but was missing`);
  }
  return [...messages];
}

function calledApi(resource: string): Called | undefined {
  const [, sdk, service = "", action = ""] = RESOURCE.exec(resource) ?? [];
  const own = sdk === undefined ? ownIntegrations(service) : undefined;
  const ownInput = own?.operation(action)?.input;
  if (own !== undefined && ownInput !== undefined) return { model: own, input: ownInput, isSdk: false, beyond: [] };
  const api: ApiCall | undefined = sdk === undefined ? optimizedApi(service, action) : { service, action };
  const model = api === undefined ? undefined : apiModel(api.service);
  const operation = api === undefined ? undefined : model?.operation(api.action);
  if (model === undefined || operation === undefined) return undefined;
  const name = `${service}:${action}`;
  const beyond = sdk === undefined && Object.hasOwn(BEYOND, name) ? (BEYOND[name] ?? []) : [];
  return { model, input: operation.input ?? NOTHING, isSdk: sdk !== undefined, beyond };
}

const NOTHING: ApiShape = { t: "structure", m: {} };

function named(written: string): string {
  if (Object.hasOwn(SPELLED, written)) return SPELLED[written] ?? written;
  return /^[A-Z][A-Za-z0-9]*$/.test(written) ? memberName(written) : written;
}

function isGenerated(shape: ApiProblem["shape"], field: string): boolean {
  return shape.t === "structure" && shape.g?.includes(field) === true;
}
