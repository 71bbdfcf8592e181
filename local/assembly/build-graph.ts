/** The order in which an assembly's resources are made, over all its stacks. */
import { AssemblyError } from "./assembly-error.ts";
import { dependencyOrder } from "./order.ts";
import { type OutputName, referencesOf } from "./references.ts";
import { resolveValue } from "./resolve-value.ts";
import type { StackModel } from "./stack-model.ts";
import type { TemplateOutput, TemplateResource } from "./template.ts";

export interface Export {
  model: StackModel;
  output: TemplateOutput;
  outputName: string;
}

export interface PlannedResource {
  model: StackModel;
  logicalId: string;
  resource: TemplateResource;
}

/** Where values of other stacks come from. */
interface Sources {
  models: readonly StackModel[];
  exports: ReadonlyMap<string, Export>;
}

/** `stack/logicalId`, as nodes of the graph and in messages. */
export const resourceKey = (stackName: string, logicalId: string): string => `${stackName}/${logicalId}`;

/**
 * Exports by name. Names are known before any resource is, so they may hold only parameters.
 * @throws AssemblyError AssemblyInvalid when two stacks export the same name.
 */
export function exportTable(models: readonly StackModel[]): Map<string, Export> {
  const table = new Map<string, Export>();
  for (const model of models) {
    for (const [outputName, output] of model.outputs) {
      if (!output.Export) continue;
      const name = String(resolveValue(output.Export.Name, model.scope, `${model.stackName}/Outputs/${outputName}`));
      const other = table.get(name);
      if (other) {
        throw new AssemblyError(
          "AssemblyInvalid",
          `${model.stackName} and ${other.model.stackName} both export the name ${name}; an account and region take one`,
        );
      }
      table.set(name, { model, output, outputName });
    }
  }
  return table;
}

/** @throws AssemblyError AssemblyInvalid when the assembly has no such stack, or the stack no such output */
export function outputOf(models: readonly StackModel[], { ofStack, outputName }: OutputName, at: string) {
  const model = models.find(({ stackName }) => stackName === ofStack);
  const output = model?.outputs.get(outputName);
  if (model !== undefined && output !== undefined) return { model, output };
  const missing = model === undefined ? "the assembly has no such stack" : "it has no such output";
  throw new AssemblyError("AssemblyInvalid", `${at} reads the output ${outputName} of ${ofStack}: ${missing}`);
}

/**
 * Every resource of every stack, each after what it refers to, DependsOn names or its stack depends on.
 * @throws AssemblyError AssemblyCycle naming the ring, AssemblyInvalid for a reference to nothing.
 */
export function orderResources(models: readonly StackModel[], exports: ReadonlyMap<string, Export>): PlannedResource[] {
  const sources: Sources = { models, exports };
  const planned = new Map<string, PlannedResource>();
  const edges = new Map<string, Set<string>>();
  const byArtifact = new Map(models.map((model) => [model.artifactId, model]));
  const beforeOf = new Map<StackModel, readonly string[]>();
  for (const model of models) {
    const stacksBefore = model.dependencies.flatMap((id) => {
      const stack = byArtifact.get(id);
      return stack ? [endOf(stack)] : [];
    });
    const reads = model.reads.map((read) => resourceKey(read.stackName, read.logicalId));
    const before = [...stacksBefore, ...reads, ...beforeNested(model, beforeOf, sources)];
    beforeOf.set(model, before);
    const own = [...model.resources.keys()].map((id) => resourceKey(model.stackName, id));
    // That an output refers to nothing is told before anything is made.
    const outputs = outputReferences(model, sources);
    edges.set(endOf(model), new Set([...own, ...before, ...outputs]));
    if (model.parent) edges.get(resourceKey(model.parent.model.stackName, model.parent.logicalId))?.add(endOf(model));
    for (const [logicalId, resource] of model.resources) {
      const key = resourceKey(model.stackName, logicalId);
      planned.set(key, { model, logicalId, resource });
      edges.set(key, new Set([...before, ...dependenciesOf(model, logicalId, resource, sources)]));
    }
  }
  const ordered = dependencyOrder([...edges.keys()].sort(endsLast), (node) => edges.get(node) ?? []);
  return ordered.flatMap((node) => planned.get(node) ?? []);
}

const endOf = ({ stackName }: StackModel) => `(end of ${stackName})`;

/** What the resource that a nested stack is comes after, its own resources come after as well. */
function beforeNested(
  { parent }: StackModel,
  beforeOf: ReadonlyMap<StackModel, readonly string[]>,
  sources: Sources,
): string[] {
  const resource = parent?.model.resources.get(parent.logicalId);
  if (parent === undefined || resource === undefined) return [];
  const own = dependenciesOf(parent.model, parent.logicalId, resource, sources);
  return [...own, ...(beforeOf.get(parent.model) ?? [])];
}

// Stack ends are bookkeeping: as roots they must come last, or they would decide the order of a stack's own resources.
const endsLast = (left: string, right: string) => Number(left.startsWith("(")) - Number(right.startsWith("("));

function dependenciesOf(
  model: StackModel,
  logicalId: string,
  resource: TemplateResource,
  sources: Sources,
): Set<string> {
  const at = resourceKey(model.stackName, logicalId);
  const named = typeof resource.DependsOn === "string" ? [resource.DependsOn] : (resource.DependsOn ?? []);
  const strange = named.filter((id) => !model.declared.has(id));
  if (strange.length > 0) {
    throw new AssemblyError(
      "AssemblyInvalid",
      `${at} has DependsOn ${strange.join(", ")}, which ${model.stackName} does not define; name a resource of its template`,
    );
  }
  // DependsOn a resource whose condition is false is allowed, and means nothing.
  const keys = new Set(named.filter((id) => model.resources.has(id)).map((id) => resourceKey(model.stackName, id)));
  addReferences(resource.Properties, model, at, sources, keys);
  return keys;
}

function outputReferences(model: StackModel, sources: Sources): Set<string> {
  const keys = new Set<string>();
  for (const [name, { Value }] of model.outputs)
    addReferences(Value, model, `${model.stackName}/Outputs/${name}`, sources, keys);
  return keys;
}

function addReferences(value: unknown, model: StackModel, at: string, sources: Sources, keys: Set<string>): void {
  const { logicalIds, exportNames, outputs } = referencesOf(value, model.scope, at);
  for (const id of logicalIds) {
    if (!model.resources.has(id)) {
      throw new AssemblyError(
        "AssemblyInvalid",
        `${at} refers to ${id}, which is neither a parameter nor a resource of ${model.stackName} under its conditions`,
      );
    }
    keys.add(resourceKey(model.stackName, id));
  }
  for (const name of exportNames) {
    const source = sources.exports.get(name);
    if (!source)
      throw new AssemblyError("AssemblyInvalid", `${at} imports ${name}, which no stack of the assembly exports`);
    const { model: from, output, outputName } = source;
    addReferences(output.Value, from, `${from.stackName}/Outputs/${outputName}`, sources, keys);
  }
  for (const name of outputs) {
    const { model: from, output } = outputOf(sources.models, name, at);
    addReferences(output.Value, from, `${name.ofStack}/Outputs/${name.outputName}`, sources, keys);
  }
}
