/** Validates what a Task calls, and that it gives what the integration needs. */
import { isArray, isObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Findings, Surroundings } from "./findings.ts";
import { isKnownResource, missingParameters, namedIntegration } from "./resources.ts";

export function validateTask(state: JsonObject, at: string, jsonata: boolean, around: Surroundings): void {
  const { findings, type } = around;
  const { Resource: resource } = state;
  if (typeof resource === "string") {
    if (isKnownResource(resource) && around.apis?.refuses(resource) !== true)
      validateParameters(state, resource, at, jsonata, around);
    else {
      const why = "The value is not a valid resource ARN, or the resource is not available in this region.";
      findings.error(`The resource provided ${resource} is not recognized. ${why}`, `${at}/Resource`);
    }
    if (type === "EXPRESS") validateExpress(resource, `${at}/Resource`, findings);
  } else if (resource !== undefined) findings.error("Expected value of type String", `${at}/Resource`);
  validateCredentials(state, resource, at, findings);
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
  if (typeof timeout === "number" && typeof heartbeat === "number" && heartbeat >= timeout)
    findings.error("HeartbeatSeconds must be smaller than TimeoutSeconds", `${at}/HeartbeatSeconds`);
}

function validateExpress(resource: string, at: string, findings: Findings): void {
  if (!resource.startsWith("arn:") || resource.includes(":activity:"))
    findings.error("Express state machine does not support Activity ARN", at);
  const pattern = namedIntegration(resource)?.suffix ?? "";
  if (pattern !== "") findings.error(`Express state machine does not support '${pattern}' service integration `, at);
}

function validateParameters(
  state: JsonObject,
  resource: string,
  at: string,
  jsonata: boolean,
  { apis, findings }: Surroundings,
): void {
  const named = namedIntegration(resource);
  if (named === undefined) return;
  const field = jsonata ? "Arguments" : "Parameters";
  const given = state[field];
  if (given === undefined) findings.error(`${field} field is required for resource ARN: ${resource}`, `${at}/Resource`);
  // All of Arguments may be an expression.
  if (!isObject(given)) return;
  const members = jsonata ? given : withoutPaths(given);
  for (const problem of apis?.problems(resource, members) ?? missingParameters(named, Object.keys(members)))
    findings.error(problem, `${at}/${field}`);
}

/** The template with null under the names of what the run computes. In JSONata an expression is a value like another. */
function withoutPaths(template: JsonObject): JsonObject {
  const members = Object.entries(template).map(([name, value]): [string, JsonValue] =>
    name.endsWith(".$") ? [name.slice(0, -2), null] : [name, constantsOf(value)],
  );
  return Object.fromEntries(members);
}

function constantsOf(value: JsonValue): JsonValue {
  if (isArray(value)) return value.map(constantsOf);
  return isObject(value) ? withoutPaths(value) : value;
}

function validateCredentials(state: JsonObject, resource: unknown, at: string, findings: Findings): void {
  const { Credentials: credentials } = state;
  if (!isObject(credentials)) return;
  const where = `${at}/Credentials`;
  if (typeof resource === "string" && /^arn:[^:]*:states:[^:]*:[^:]*:activity:/.test(resource))
    findings.error("The field 'Credentials' is not supported for activities", where);
  else if (credentials.RoleArn === undefined && credentials["RoleArn.$"] === undefined)
    findings.error("The field 'RoleArn' is required but was missing", where);
}
