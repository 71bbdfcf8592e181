/** Where errors can be injected into a definition, and which. */
import type { Definition } from "../engine.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "../json.ts";

export type InjectionSite = Readonly<{
  state: string;
  /** A container fails from inside: a branch or an iteration of it does. */
  kind: "task" | "container";
  errors: readonly string[];
  /** The Parallel and Map states around it, innermost first: they meet what it does not catch. */
  inside: readonly string[];
}>;

/** An error name no definition lists: only States.ALL and States.TaskFailed meet it. */
const UNNAMED_ERROR = "Tidemill.InjectedError";
const ALWAYS = ["States.Timeout", "States.TaskFailed", UNNAMED_ERROR];
/** Of a distributed Map: its children fail with errors of their own, the Map itself with this. */
const TOO_MANY_FAILED = "States.ExceedToleratedFailureThreshold";
const WILDCARD = "States.ALL";

/** All Tasks, and the Parallel and Map states that retry or catch. */
export function injectionSites(definition: JsonObject): InjectionSite[] {
  const sites: InjectionSite[] = [];
  visitFlow(definition, [], sites);
  return sites;
}

function visitFlow(flow: JsonObject, inside: readonly string[], sites: InjectionSite[]): void {
  for (const [state, source] of Object.entries(isObject(flow.States) ? flow.States : {})) {
    if (!isObject(source)) continue;
    if (source.Type === "Task") sites.push({ state, kind: "task", errors: errorsAt(source), inside });
    const flows = innerFlows(source);
    const meetsErrors = source.Retry !== undefined || source.Catch !== undefined;
    if (flows.length > 0 && meetsErrors) {
      sites.push({
        state,
        kind: "container",
        errors: isDistributed(source) ? [TOO_MANY_FAILED] : errorsAt(source),
        inside,
      });
    }
    for (const inner of flows) visitFlow(inner, [state, ...inside], sites);
  }
}

function errorsAt({ Retry, Catch }: JsonObject): string[] {
  const declared = [...list(Retry), ...list(Catch)].filter(isObject).flatMap(({ ErrorEquals }) => list(ErrorEquals));
  const names = declared.filter((name) => typeof name === "string" && name !== WILDCARD).map(String);
  return [...new Set([...names, ...ALWAYS])];
}

function innerFlows(source: JsonObject): JsonObject[] {
  return [source.ItemProcessor, source.Iterator, ...list(source.Branches)].filter((flow) => isObject(flow));
}

function isDistributed({ ItemProcessor }: JsonObject): boolean {
  const config = isObject(ItemProcessor) ? ItemProcessor.ProcessorConfig : undefined;
  return isObject(config) && config.Mode === "DISTRIBUTED";
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return isArray(value) ? value : [];
}

/** The definition with the branches or iterations of one state failing at once. */
export function withFailingInside(definition: Definition, state: string, error: string): Definition {
  const name = `Inject ${error}`;
  const fail = { StartAt: name, States: { [name]: { Type: "Fail", Error: error, Cause: "injected" } } };
  const replaced = (value: JsonValue, key: string): JsonValue => {
    if (isArray(value)) return value.map((item) => replaced(item, ""));
    if (!isObject(value)) return value;
    if (key !== state || innerFlows(value).length === 0) {
      return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, replaced(inner, member)]));
    }
    if (value.Branches !== undefined) return { ...value, Branches: [fail] };
    const field = value.ItemProcessor === undefined ? "Iterator" : "ItemProcessor";
    const processor = isObject(value[field]) ? value[field] : {};
    const config = processor.ProcessorConfig === undefined ? {} : { ProcessorConfig: processor.ProcessorConfig };
    return { ...value, [field]: { ...config, ...fail } };
  };
  const source = replaced(definition.source, "");
  return isObject(source) ? { ...definition, source } : definition;
}
