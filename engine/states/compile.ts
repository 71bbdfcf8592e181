/** Definition → Machine: every state becomes data and closures, once. */
import { compileBase, type Language } from "./compile-base.ts";
import { compileChoice } from "./compile-choice.ts";
import { compileFail, compileTask, compileWait } from "./compile-leaf.ts";
import { compileMap } from "./compile-map.ts";
import type { CompiledState, Flow } from "./compiled.ts";
import type { Definition, Machine, MachineType } from "./engine.ts";
import { isArray, isObject, type JsonObject } from "./json.ts";

/** No Express execution runs longer. */
const EXPRESS_SECONDS = 300;

/** A Machine with what only the engine needs. */
export class CompiledMachine implements Machine {
  readonly type: MachineType;
  readonly definition: Definition;
  readonly root: Flow;
  readonly timeoutSeconds: number | undefined;
  readonly flows: Map<string, Flow>;

  constructor(definition: Definition, root: Flow, flows: Map<string, Flow>, timeoutSeconds: number | undefined) {
    this.definition = definition;
    this.type = definition.type;
    this.root = root;
    this.flows = flows;
    this.timeoutSeconds =
      definition.type === "EXPRESS" ? Math.min(timeoutSeconds ?? EXPRESS_SECONDS, EXPRESS_SECONDS) : timeoutSeconds;
  }

  child(childMachine: string): Machine {
    const flow = this.flows.get(childMachine);
    if (flow === undefined) throw new UnknownFlowError(childMachine, [...this.flows.keys()]);
    const { ProcessorConfig: _config, ...source } = flow.source;
    const definition = { type: this.type, source };
    return new CompiledMachine(definition, flow, this.flows, flow.express === true ? EXPRESS_SECONDS : undefined);
  }
}

/** A checkpoint or child names a part of the definition that is not there. */
export class UnknownFlowError extends Error {
  override readonly name = "UnknownFlowError";
  readonly code = "UnknownFlow";

  constructor(flow: string, known: readonly string[]) {
    super(`The machine has no states at '${flow}'; it has ${known.map((id) => `'${id}'`).join(", ")}`);
  }
}

/** Compiles a definition that `parseDefinition` gave. */
export function compile(definition: Definition): Machine {
  const flows = new Map<string, Flow>();
  const language: Language = definition.source.QueryLanguage === "JSONata" ? "JSONata" : "JSONPath";
  const root = compileFlow(definition.source, "", language, flows);
  const timeout = definition.source.TimeoutSeconds;
  return new CompiledMachine(definition, root, flows, typeof timeout === "number" ? timeout : undefined);
}

/** Compiles a StartAt/States object, and all below it, into `flows`. */
function compileFlow(
  source: JsonObject,
  id: string,
  language: Language,
  flows: Map<string, Flow>,
  express = false,
): Flow {
  const states = new Map<string, CompiledState>();
  const sources = isObject(source.States) ? source.States : {};
  for (const [name, state] of Object.entries(sources)) {
    if (isObject(state)) states.set(name, compileState(name, state, id, language, flows));
  }
  for (const state of states.values()) if (state.next !== undefined) state.successor = states.get(state.next);
  const startAt = states.get(String(source.StartAt));
  if (startAt === undefined) throw new UnknownFlowError(String(source.StartAt), [...states.keys()]);
  const flow: Flow = { id, startAt, states, source, ...(express ? { express } : {}) };
  flows.set(id, flow);
  return flow;
}

function hasExpressChildren({ ProcessorConfig: config }: JsonObject): boolean {
  return isObject(config) && config.Mode === "DISTRIBUTED" && config.ExecutionType === "EXPRESS";
}

/** Compiles one state; also used for TestState, where the state stands alone. */
export function compileState(
  name: string,
  source: JsonObject,
  within: string,
  language: Language,
  flows: Map<string, Flow>,
): CompiledState {
  const own: Language =
    source.QueryLanguage === "JSONata" || source.QueryLanguage === "JSONPath" ? source.QueryLanguage : language;
  const base = compileBase(name, source, own);
  switch (source.Type) {
    case "Pass":
      return { ...base, type: "Pass", result: own === "JSONPath" ? (source.Result ?? undefined) : undefined };
    case "Succeed":
      return { ...base, type: "Succeed" };
    case "Fail":
      return compileFail(base, source);
    case "Choice":
      return compileChoice(base, source);
    case "Wait":
      return compileWait(base, source);
    case "Task":
      return compileTask(base, source);
    case "Parallel": {
      const branches = isArray(source.Branches) ? source.Branches.filter(isObject) : [];
      const compiled = branches.map((branch, index) =>
        compileFlow(branch, `${within}/${name}/${index}`, language, flows),
      );
      return { ...base, type: "Parallel", branches: compiled };
    }
    default: {
      const processor = isObject(source.ItemProcessor) ? source.ItemProcessor : source.Iterator;
      const inner = isObject(processor) ? processor : {};
      return compileMap(
        base,
        source,
        compileFlow(inner, `${within}/${name}`, language, flows, hasExpressChildren(inner)),
      );
    }
  }
}
