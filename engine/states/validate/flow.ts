/** Validates StartAt, States and the transitions between them. */
import { isArray, isObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Surroundings } from "./findings.ts";
import { validateState } from "./state.ts";

const MAX_NAME = 80;
const ROOT_FIELDS = ["Comment", "QueryLanguage", "StartAt", "TimeoutSeconds", "Version", "States"];
const INNER_FIELDS = ["Comment", "StartAt", "States", "ProcessorConfig"];

export function validateFlow(source: JsonObject, location: string, around: Surroundings): void {
  const { findings } = around;
  for (const field of Object.keys(source)) {
    if (!(location === "" ? ROOT_FIELDS : INNER_FIELDS).includes(field))
      findings.error(`Field '${field}' is not supported`, location);
  }
  const missing = ["States", "StartAt"].filter((field) => source[field] === undefined);
  if (missing.length > 0) {
    findings.error(`These fields are required: [${missing.join(", ")}]`, location);
    return;
  }
  if (!isObject(source.States)) {
    findings.error("Expected value of type Object", `${location}/States`);
    return;
  }
  const names: ReadonlySet<string> = new Set(Object.keys(source.States));
  const { StartAt: startAt } = source;
  if (typeof startAt !== "string") findings.error("Expected value of type String", `${location}/StartAt`);
  else if (!names.has(startAt))
    findings.error(`Missing 'Next' target: ${startAt}`, `${location}/StartAt`, "MISSING_TRANSITION_TARGET");
  for (const [name, state] of Object.entries(source.States)) {
    const at = `${location}/States/${name}`;
    if (name === "" || name.length > MAX_NAME)
      findings.error(`State name must have 1 to ${MAX_NAME} characters`, at, "INVALID_STATE_NAME");
    if (around.names.has(name)) findings.error(`Duplicate state name: ${name}`, at, "DUPLICATE_STATE_NAME");
    around.names.set(name, at);
    if (!isObject(state)) findings.error("Expected value of type Object", at);
    else {
      validateState(state, at, around);
      validateTargets(state, at, names, around);
    }
  }
  // Where nothing ends, AWS does not go on to ask what is reached.
  if (location === "" && !Object.values(source.States).some(isTerminal))
    findings.errorWithoutPlace("Workflow has no terminal state", "MISSING_END_STATE");
  else if (typeof startAt === "string") validateReach(source.States, startAt, location, around);
}

function isTerminal(state: JsonValue): boolean {
  return isObject(state) && (state.End === true || state.Type === "Succeed" || state.Type === "Fail");
}

function targetsOf(state: JsonObject): [string, string][] {
  const targets: [string, string][] = [];
  if (typeof state.Next === "string") targets.push(["Next", state.Next]);
  if (typeof state.Default === "string") targets.push(["Default", state.Default]);
  for (const field of ["Choices", "Catch"]) {
    const list = state[field];
    for (const [index, item] of (isArray(list) ? list : []).entries()) {
      if (isObject(item) && typeof item.Next === "string") targets.push([`${field}[${index}]/Next`, item.Next]);
    }
  }
  return targets;
}

function validateTargets(state: JsonObject, at: string, names: ReadonlySet<string>, { findings }: Surroundings): void {
  for (const [field, target] of targetsOf(state)) {
    if (names.has(target)) continue;
    // AWS writes 'Next' wherever the target is named, also under Default.
    findings.error(`Missing 'Next' target: ${target}`, `${at}/${field}`, "MISSING_TRANSITION_TARGET");
  }
}

function validateReach(states: JsonObject, startAt: string, location: string, { findings }: Surroundings): void {
  const reached = new Set<string>();
  const open = [startAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = states[name];
    if (reached.has(name) || !isObject(state)) continue;
    reached.add(name);
    for (const [, target] of targetsOf(state)) open.push(target);
  }
  for (const name of Object.keys(states)) {
    if (!reached.has(name))
      findings.error(`State "${name}" is not reachable.`, `${location}/States/${name}`, "MISSING_TRANSITION_TARGET");
  }
}
