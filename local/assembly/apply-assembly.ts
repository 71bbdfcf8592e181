/**
 * Brings a home to an assembly: what is new is created, what changed is updated or replaced, what left is deleted.
 *
 *   A1. An assembly with the digest of the last one applied is left alone, where its assets are there: nothing is resolved.
 *   A2. Nothing is created when anything of it is unsupported, refers to nothing, or runs in a circle.
 *   A3. Killed or failed at any point, the next apply goes on from there (see ledger.ts).
 */
import { z } from "zod";
import type { HomePorts, ResourceState, ResourceType } from "../define-service.ts";
import { AssemblyError } from "./assembly-error.ts";
import { createAssetRegistry } from "./asset-registry.ts";
import {
  type Export,
  exportTable,
  orderResources,
  outputOf,
  type PlannedResource,
  resourceKey,
} from "./build-graph.ts";
import { type Change, changeResource } from "./change-resource.ts";
import { withCustomTypes } from "./custom-resources/custom-types.ts";
import { resolveDynamicReferences } from "./dynamic-references.ts";
import { fitted, nameOf, without } from "./fit-properties.ts";
import { checkGiven, type GivenParameter, KeptParameters, stackParameters } from "./given-parameters.ts";
import { Ledger } from "./ledger.ts";
import { type ModelledStack, modelStacks } from "./model-stacks.ts";
import { standNestedStack } from "./nested-stack.ts";
import { physicalName } from "./physical-name.ts";
import { areThere, publishAssets } from "./publish-assets.ts";
import { type Assembly, readAssembly, type StackTemplate } from "./read-assembly.ts";
import { removeResources } from "./remove-resources.ts";
import { resolveValue } from "./resolve-value.ts";
import { checkRules } from "./rules.ts";
import type { Scope } from "./scope.ts";
import type { Lookup, StackModel } from "./stack-model.ts";
import { type StackRecord, Stacks } from "./stacks.ts";
import type { TemplateResource } from "./template.ts";
import { type Omissions, omissions } from "./unsupported.ts";

export type ApplyPorts = Pick<HomePorts, "accountId" | "region" | "directory" | "clock" | "store" | "call" | "log">;

export interface ApplyOptions {
  /** The assembly, e.g. "cdk.out". */
  directory: string;
  home: ApplyPorts;
  resourceTypes: ReadonlyMap<string, ResourceType>;
  /** Values for parameters of its templates; kept for the next apply. */
  parameters?: readonly GivenParameter[] | undefined;
  /** Whether what earlier applies were given still stands; default true. */
  previousParameters?: boolean | undefined;
  /** Leaves resources of unsupported types out instead of refusing the assembly. */
  skipUnsupported?: boolean;
  /** Hears each resource as it is done. */
  onChange?: (change: Change) => void;
}

/** What an apply did, over all stacks. */
export interface ApplyResult {
  stacks: string[];
  created: Change[];
  /** In place or by replacement. */
  updated: Change[];
  deleted: Change[];
  unchanged: number;
  /** Stack name → output name → value. */
  outputs: Record<string, Record<string, unknown>>;
}

interface Session extends ApplyOptions {
  assembly: Assembly;
  ledger: Ledger;
  stacks: ModelledStack[];
  exports: Map<string, Export>;
  omitted: Omissions;
  states: Map<string, ResourceState>;
  changes: Change[];
}

/** CloudFormation's word for the value of a NoEcho parameter. */
const NOT_TOLD = "****";

/** @throws AssemblyError of any code; its message says what to do. */
export async function applyAssembly(options: ApplyOptions): Promise<ApplyResult> {
  const { home, skipUnsupported, parameters = [], previousParameters = true } = options;
  const ledger = new Ledger(home.store);
  const kept = new KeptParameters(home.store);
  const assembly = readAssembly(options.directory, stackParameters(parameters, previousParameters ? kept.all() : []));
  checkGiven(parameters, assembly);
  const values = assembly.stacks.map(({ stackName, given }) => [stackName, ...given]);
  const digest = [
    assembly.digest,
    home.accountId,
    home.region,
    skipUnsupported === true,
    JSON.stringify(values),
  ].join();
  const applied = ledger.applied();
  const assets = createAssetRegistry(home.directory);
  if (applied?.digest === digest && areThere(assembly.assets, assets, home)) return unchanged(applied.summary);
  const session: Session = {
    ...options,
    resourceTypes: withCustomTypes(options.resourceTypes, typeNames(assembly, ledger), home),
    assembly,
    ledger,
    stacks: [],
    exports: new Map(),
    omitted: { resources: new Set(), properties: new Map() },
    states: new Map(),
    changes: [],
  };
  await readyStacks(session);
  const ordered = orderResources(modelsOf(session), session.exports);
  ledger.clearApplied();
  kept.keep(assembly);
  await publishAssets(assembly.assets, assembly.directory, assets, home);
  await makeResources(session, ordered);
  const wanted = new Set(ordered.map(({ model, logicalId }) => resourceKey(model.stackName, logicalId)));
  const leaving = ledger.entries().filter((entry) => !wanted.has(resourceKey(entry.stackName, entry.logicalId)));
  const deleted = await removeResources(leaving, session);
  for (const change of deleted) options.onChange?.(change);
  const result = summary(session, deleted);
  new Stacks(home.store).replaceAll(session.stacks.map(recordOf(result)), home.clock.now());
  ledger.setApplied(digest, { stacks: result.stacks, outputs: result.outputs, resources: ordered.length });
  await home.store.committed();
  return result;
}

/** Of what is wanted, and of what is there. */
function typeNames(assembly: Assembly, ledger: Ledger): string[] {
  const typesOf = ({ template, nested }: StackTemplate): string[] => [
    ...Object.values(template.Resources).map(({ Type }) => Type),
    ...[...nested.values()].flatMap(typesOf),
  ];
  const wanted = assembly.stacks.flatMap(typesOf);
  return [...wanted, ...[...ledger.entries(), ...ledger.orphans()].map(({ type }) => type)];
}

async function readyStacks(session: Session): Promise<void> {
  const { assembly, home, resourceTypes, skipUnsupported = false } = session;
  warnOfOtherPlaces(session);
  session.stacks = await modelStacks(assembly, home, lookupIn(session));
  session.omitted = omissions(session.stacks, resourceTypes, skipUnsupported);
  checkRules(session.stacks);
  checkTermination(new Stacks(home.store), session.stacks);
  session.exports = exportTable(modelsOf(session));
}

/** A protected stack does not leave with the app's next assembly. */
function checkTermination(stacks: Stacks, wanted: readonly ModelledStack[]): void {
  const names = new Set(wanted.map(({ model }) => model.stackName));
  const lost = stacks.all().filter(({ name, terminationProtection }) => terminationProtection && !names.has(name));
  if (lost.length === 0) return;
  throw new AssemblyError(
    "AssemblyInvalid",
    `${lost.map(({ name }) => name).join(", ")}: the assembly is without what has termination protection; nothing was changed. Put the stack up with terminationProtection: false first, then leave it out`,
  );
}

/** What a template writes out of its account and region is not what the home answers. */
function warnOfOtherPlaces({ assembly, home }: Session): void {
  for (const { stackName, place } of assembly.stacks) {
    const { accountId = home.accountId, region = home.region } = place;
    if (accountId === home.accountId && region === home.region) continue;
    home.log(
      "warn",
      `${stackName} is for aws://${accountId}/${region}, and this home is aws://${home.accountId}/${home.region}: ARNs that its template writes out lead nowhere; a new home (--home) made for this assembly alone takes its place`,
    );
  }
}

const modelsOf = ({ stacks }: Session): StackModel[] => stacks.map(({ model }) => model);

function lookupIn(session: Session): Lookup {
  const state = (stackName: string, logicalId: string) => {
    const known = session.states.get(resourceKey(stackName, logicalId));
    if (known) return known;
    throw new AssemblyError(
      "AssemblyInvalid",
      `${stackName}/${logicalId} is used before it is made; a condition of a nested stack cannot hang on it here`,
    );
  };
  return {
    reference: (stackName, logicalId) => state(stackName, logicalId).physicalId,
    attribute(stackName, logicalId, attribute) {
      const { attributes } = state(stackName, logicalId);
      const value = attributes[attribute] ?? nested(attributes, attribute.split("."));
      if (value !== undefined) return value;
      throw new AssemblyError(
        "AssemblyInvalid",
        `${stackName}/${logicalId} has no attribute ${attribute} here; it has ${Object.keys(attributes).join(", ") || "none"}`,
      );
    },
    stackOutput(ofStack, outputName, at) {
      const { model, output } = outputOf(modelsOf(session), { ofStack, outputName }, at);
      return resolveValue(output.Value, model.scope, `${ofStack}/Outputs/${outputName}`);
    },
    importValue(name, at) {
      const source = session.exports.get(name);
      if (!source)
        throw new AssemblyError("AssemblyInvalid", `${at} imports ${name}, which no stack of the assembly exports`);
      const { model, output, outputName } = source;
      return resolveValue(output.Value, model.scope, `${model.stackName}/Outputs/${outputName}`);
    },
  };
}

function nested(attributes: unknown, path: readonly string[]): unknown {
  let value = attributes;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Object.entries(value).find(([name]) => name === key)?.[1];
  }
  return value;
}

async function makeResources(session: Session, ordered: readonly PlannedResource[]): Promise<void> {
  const known = new Map(
    session.ledger.entries().map((entry) => [resourceKey(entry.stackName, entry.logicalId), entry]),
  );
  for (const [position, { model, logicalId, resource }] of ordered.entries()) {
    const { stackName } = model;
    const key = resourceKey(stackName, logicalId);
    const type = session.omitted.resources.has(key) ? undefined : session.resourceTypes.get(resource.Type);
    let made: { action: Change["action"]; state: ResourceState };
    const nested = modelsOf(session).find(({ parent }) => parent?.model === model && parent.logicalId === logicalId);
    if (nested) made = standNestedStack(nested, { model, logicalId }, position, session.ledger);
    else if (type === undefined) {
      made = { action: "skipped", state: standIn(model, logicalId, resource.Type, session.home) };
    } else {
      const properties = await propertiesOf(session, key, resource, model.scope, type);
      const wanted = { stackName, logicalId, resource, properties, position };
      made = await changeResource(wanted, known.get(key), type, {
        ledger: session.ledger,
        store: session.home.store,
        resourceTypes: session.resourceTypes,
      });
    }
    session.states.set(key, made.state);
    const { physicalId } = made.state;
    const change: Change = { action: made.action, stackName, logicalId, type: resource.Type, physicalId };
    session.changes.push(change);
    session.onChange?.(change);
  }
}

/** Every intrinsic resolved, and scalars as the type reads them. */
async function propertiesOf(
  { home, omitted }: Session,
  key: string,
  resource: TemplateResource,
  scope: Scope,
  type: ResourceType,
): Promise<unknown> {
  const unknown = omitted.properties.get(key) ?? [];
  if (unknown.length > 0)
    home.log("warn", `${key} is made without ${unknown.map(nameOf).join(", ")}: not supported here`);
  const resolved = await resolveDynamicReferences(resolveValue(resource.Properties ?? {}, scope, key), home, key);
  const given = without(resolved, unknown);
  return type.properties === undefined ? given : fitted(given, type.properties);
}

// A skipped resource still has to answer Ref and GetAtt of those that stay: with a name, and with an ARN made of it.
function standIn(model: StackModel, logicalId: string, type: string, home: ApplyPorts): ResourceState {
  const physicalId = physicalName(model.stackName, logicalId, 0);
  const [, service = "", kind = ""] = type.toLowerCase().split("::");
  const arn = `arn:aws:${service}:${home.region}:${home.accountId}:${kind}/${physicalId}`;
  const get = (_target: object, attribute: string | symbol) => (String(attribute).endsWith("Arn") ? arn : physicalId);
  return { physicalId, attributes: new Proxy<Record<string, unknown>>({}, { get }) };
}

function summary(session: Session, deleted: Change[]): ApplyResult {
  const outputs: ApplyResult["outputs"] = {};
  for (const { stackName, outputs: declared, scope } of modelsOf(session)) {
    outputs[stackName] = Object.fromEntries(
      [...declared].map(([name, { Value }]) => [name, resolveValue(Value, scope, `${stackName}/Outputs/${name}`)]),
    );
  }
  const of = (...actions: Change["action"][]) => session.changes.filter(({ action }) => actions.includes(action));
  return {
    stacks: modelsOf(session).map(({ stackName }) => stackName),
    created: of("created"),
    updated: of("updated", "replaced"),
    deleted,
    unchanged: of("unchanged", "skipped").length,
    outputs,
  };
}

function recordOf({ outputs }: ApplyResult) {
  return ({
    model,
    template,
    templateText,
    terminationProtection,
  }: ModelledStack): Omit<StackRecord, "createdMs" | "updatedMs"> => {
    const { stackName, stackId, scope } = model;
    return {
      name: stackName,
      id: stackId,
      template: templateText,
      description: typeof template.Description === "string" ? template.Description : undefined,
      ...(terminationProtection ? { terminationProtection } : {}),
      parameters: Object.entries(template.Parameters).map(([key, { NoEcho }]) => ({
        key,
        value: NoEcho === true ? NOT_TOLD : String(scope.parameter(key)),
      })),
      outputs: [...model.outputs].map(([key, { Description, Export }]) => ({
        key,
        value: String(outputs[stackName]?.[key]),
        description: typeof Description === "string" ? Description : undefined,
        exportName: Export && String(resolveValue(Export.Name, scope, `${stackName}/Outputs/${key}`)),
      })),
    };
  };
}

const Recorded = z.object({
  stacks: z.array(z.string()),
  outputs: z.record(z.string(), z.record(z.string(), z.unknown())),
  resources: z.number(),
});

function unchanged(recorded: unknown): ApplyResult {
  const { stacks, outputs, resources } = Recorded.parse(recorded);
  return { stacks, created: [], updated: [], deleted: [], unchanged: resources, outputs };
}
