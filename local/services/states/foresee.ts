/** What executions of a state machine will ask for, read off its definition. */
import { isArray, isObject, type JsonObject, type JsonValue } from "../../../engine/states/json.ts";
import type { Foreseen } from "../../readiness.ts";
import { parseResource, type TaskResource } from "./integrations/resource.ts";
import { awsSdkService, optimizedService } from "./integrations/service-names.ts";

/**
 * Reads what tasks of a definition, and of the machines it starts, call: each once, in the order in which the states come.
 * What only a Catch leads to is not foreseen: most executions go well.
 *
 * @param definitionOf the definition of another machine by its ARN; undefined where there is none
 */
export function foresee(
  definition: JsonObject,
  definitionOf: (machineArn: string) => JsonObject | undefined,
): Foreseen[] {
  const things = new Map<string, Foreseen>();
  const machines = new Set<string>();
  // Not by recursion: machines may start each other in a long row.
  const flows = [statesInOrder(definition)];
  for (let flow = flows.at(-1); flow !== undefined; flow = flows.at(-1)) {
    const { value: state, done } = flow.next();
    if (done === true) flows.pop();
    else {
      const { calls, machineArn } = called(state);
      for (const call of calls) things.set(`${call.service} ${call.name}`, call);
      const started = machineArn === undefined || machines.has(machineArn) ? undefined : definitionOf(machineArn);
      if (machineArn !== undefined) machines.add(machineArn);
      const inner = [...innerFlows(state), ...(started === undefined ? [] : [started])];
      flows.push(...inner.reverse().map(statesInOrder));
    }
  }
  return [...things.values()];
}

function* statesInOrder({ StartAt, States }: JsonObject): Generator<JsonObject, undefined> {
  if (!isObject(States)) return;
  const seen = new Set<JsonValue | undefined>([undefined]);
  const ahead: (JsonValue | undefined)[] = [StartAt];
  for (const name of ahead) {
    if (seen.has(name) || typeof name !== "string" || !Object.hasOwn(States, name)) continue;
    seen.add(name);
    const state = States[name];
    if (!isObject(state)) continue;
    yield state;
    ahead.push(...objects(state.Choices).map(({ Next }) => Next), state.Next, state.Default);
  }
}

/** The flows that a state holds. */
export function innerFlows({ Branches, ItemProcessor, Iterator }: JsonObject): JsonObject[] {
  return [...objects(Branches), ...[ItemProcessor, Iterator].filter(isObject)];
}

function objects(value: JsonValue | undefined): JsonObject[] {
  return isArray(value) ? value.filter(isObject) : [];
}

function called(state: JsonObject): { calls: Foreseen[]; machineArn?: string | undefined } {
  const resource = typeof state.Resource === "string" ? parseResource(state.Resource) : undefined;
  if (resource === undefined || resource.kind === "activity") return { calls: [] };
  if (resource.kind === "lambda-arn") return { calls: [{ service: "lambda", name: resource.functionArn }] };
  const service = serviceOf(resource);
  if (service === undefined) return { calls: [] };
  const given = [state.Arguments, state.Parameters].find(isObject) ?? {};
  if (service === "lambda") return { calls: [{ service, name: literal(given.FunctionName) ?? "" }] };
  const call = { service, name: resource.action };
  if (service === "states") return { calls: [call], machineArn: literal(given.StateMachineArn) };
  return { calls: queriesAhead(given) ? [QUERY, call] : [call] };
}

const QUERY: Foreseen = { service: "athena", name: "startQueryExecution" };

/** A processing job whose input is the answer of a query. */
function queriesAhead(given: JsonObject): boolean {
  return objects(given.ProcessingInputs).some(
    ({ DatasetDefinition: dataset }) => isObject(dataset) && dataset.AthenaDatasetDefinition !== undefined,
  );
}

function serviceOf({ kind, service }: Extract<TaskResource, { service: string }>): string | undefined {
  return (kind === "optimized" ? optimizedService(service) : awsSdkService(service))?.home;
}

function literal(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && !value.startsWith("{%") ? value : undefined;
}
