/** What an assembly asks for that this home has not got: found before anything is created, told as one list. */
import type { ResourceType } from "../define-service.ts";
import { AssemblyError } from "./assembly-error.ts";
import { resourceKey } from "./build-graph.ts";
import { isConditionFunction } from "./conditions.ts";
import { misfits, nameOf } from "./fit-properties.ts";
import { type Intrinsic, intrinsicOf } from "./intrinsic.ts";
import { knownBeforehand } from "./known-beforehand.ts";
import { isNestedStack } from "./nested-stack.ts";
import { providersOf } from "./provider-functions.ts";
import { referencesOf } from "./references.ts";
import { isRuleFunction } from "./rules.ts";
import type { StackModel } from "./stack-model.ts";
import type { Template, TemplateResource } from "./template.ts";
import { foreignMacros, hasLanguageExtensions } from "./transforms.ts";
import { VALUE_FUNCTIONS } from "./value-functions.ts";

export interface Omissions {
  /** Keys of resources that are not made. */
  resources: ReadonlySet<string>;
  /** Properties that resources are made without, by key. */
  properties: ReadonlyMap<string, readonly (readonly PropertyKey[])[]>;
}

interface Finding {
  /** Why the resource cannot be made; undefined: it can. */
  reason: string | undefined;
  /** Properties it would have to be made without. */
  unknown: readonly (readonly PropertyKey[])[];
}

const MADE: Finding = { reason: undefined, unknown: [] };
const LEFT_OUT: Finding = { reason: "", unknown: [] };
/** What of AWS::CloudFormation::Stack is acted on, and what has nothing to act on: a stack that stands up at once, watched by nobody. */
const OF_NESTED_STACKS: ReadonlySet<string> = new Set([
  "TemplateURL",
  "Parameters",
  "TimeoutInMinutes",
  "NotificationARNs",
  "Tags",
]);

/**
 * What to leave out: functions that this home does not need and, where `skip` allows it, what it cannot make.
 * @throws AssemblyError AssemblyUnsupported listing everything unsupported with its type, logical id and stack; intrinsics are refused always
 */
export function omissions(
  stacks: readonly { model: StackModel; template: Template }[],
  types: ReadonlyMap<string, ResourceType>,
  skip: boolean,
): Omissions {
  const resources = new Set<string>();
  const properties = new Map<string, Finding["unknown"]>();
  const lines: string[] = [];
  for (const { model, template } of stacks) {
    lines.push(...unknownOf(template, model.stackName));
    const providers = providersOf(model, types);
    const nested = new Set(
      stacks.flatMap(({ model: { parent } }) => (parent?.model === model ? [parent.logicalId] : [])),
    );
    for (const [logicalId, resource] of model.resources) {
      const key = resourceKey(model.stackName, logicalId);
      const what = `${resource.Type} ${logicalId} in ${model.stackName}`;
      const intrinsics = [...unknownIntrinsics(resource.Properties)].map((name) => `${name} in ${what}`);
      // What has an intrinsic that is not known cannot be looked into.
      const { reason, unknown } = providers.has(logicalId)
        ? LEFT_OUT
        : withAttributes(
            resource,
            nested.has(logicalId)
              ? nestedFinding(resource)
              : findingOn(resource, types, intrinsics.length > 0 ? undefined : model, key),
          );
      if (reason !== undefined) resources.add(key);
      else if (unknown.length > 0) properties.set(key, unknown);
      if (!skip && !providers.has(logicalId)) lines.push(...findingLines(what, { reason, unknown }));
      if (!(resources.has(key) && skip)) lines.push(...intrinsics);
    }
    for (const key of orphaned(model, types, resources)) resources.add(key);
  }
  if (lines.length === 0) return { resources, properties };
  throw new AssemblyError(
    "AssemblyUnsupported",
    `the embedded home cannot put up ${lines.length === 1 ? "one part" : `${lines.length} parts`} of this assembly; nothing was created:\n  ${lines.join("\n  ")}\n` +
      "Leave them out of the app, or skip unsupported resource types and properties (--skip-unsupported).",
  );
}

/** Custom resources whose function is not made. */
function orphaned(model: StackModel, types: ReadonlyMap<string, ResourceType>, leftOut: ReadonlySet<string>): string[] {
  return [...model.resources].flatMap(([logicalId, { Type, Properties }]) => {
    const key = resourceKey(model.stackName, logicalId);
    if (!types.get(Type)?.byFunction) return [];
    const makers = referencesOf(Properties?.ServiceToken, model.scope, key).logicalIds;
    return [...makers].some((id) => leftOut.has(resourceKey(model.stackName, id))) ? [key] : [];
  });
}

function findingOn(
  resource: TemplateResource,
  types: ReadonlyMap<string, ResourceType>,
  model: StackModel | undefined,
  at: string,
): Finding {
  const type = types.get(resource.Type);
  if (isNestedStack(resource.Type)) return { reason: "its TemplateURL names no file of the assembly", unknown: [] };
  if (type === undefined) return { reason: "", unknown: [] };
  const given = resource.Properties ?? {};
  if (model === undefined) return MADE;
  const properties = knownBeforehand(given, model, at);
  const problem = type.unsupported?.(Object.fromEntries(Object.entries(properties ?? {})));
  if (problem !== undefined || type.properties === undefined) return { reason: problem, unknown: [] };
  const { unknown, wrong } = misfits(properties, type.properties);
  return { reason: wrong.length === 0 ? undefined : wrong.join("; "), unknown };
}

function nestedFinding({ Properties = {} }: TemplateResource): Finding {
  const strange = Object.keys(Properties).filter((name) => !OF_NESTED_STACKS.has(name));
  return { reason: undefined, unknown: strange.map((name) => [name]) };
}

/** Besides its properties: what no type of the home waits for, updates by, or takes snapshots of. */
function withAttributes(resource: TemplateResource, { reason, unknown }: Finding): Finding {
  const attributes = (["CreationPolicy", "UpdatePolicy"] as const).filter((name) => resource[name] !== undefined);
  const snapshots = (["DeletionPolicy", "UpdateReplacePolicy"] as const)
    .filter((name) => resource[name] === "Snapshot")
    .map((name) => `${name} Snapshot`);
  return { reason, unknown: [...unknown, ...[...attributes, ...snapshots].map((name) => [name])] };
}

function findingLines(what: string, { reason, unknown }: Finding): string[] {
  const names = unknown.length === 0 ? [] : [`not supported: ${unknown.map(nameOf).join(", ")}`];
  const parts = [...(reason ? [reason] : []), ...names];
  if (parts.length > 0) return [`${what}: ${parts.join("; ")}`];
  return reason === undefined ? [] : [what];
}

/** What of a template's other sections the home does not do: macros, hooks, and functions it has not got. */
function unknownOf(template: Template, stackName: string): string[] {
  const { Conditions, Outputs, Rules, Hooks } = template;
  const extensions = hasLanguageExtensions(template) ? [] : [...extensionsIn(template)];
  const inRules = [...unknownIntrinsics(Rules)].filter((name) => !isRuleFunction(name));
  return [
    ...foreignMacros(template).map(
      (macro) => `Transform ${JSON.stringify(macro)} in ${stackName}: macros are not expanded`,
    ),
    ...(Hooks === undefined ? [] : [`Hooks in ${stackName}: there is no CodeDeploy`]),
    ...extensions.map((name) => `${name} in ${stackName}: it needs the Transform AWS::LanguageExtensions`),
    ...[...unknownIntrinsics(Conditions)].map((name) => `${name} in a condition of ${stackName}`),
    ...[...unknownIntrinsics(Outputs)].map((name) => `${name} in an output of ${stackName}`),
    ...inRules.map((name) => `${name} in a rule of ${stackName}`),
  ];
}

/** Functions that AWS knows only in a template that names their macro. */
function extensionsIn({ Resources, Outputs, Conditions }: Template): Set<string> {
  const found = new Set<string>();
  visitIntrinsics([Resources, Outputs, Conditions], ({ name, argument }) => {
    if (name === "Fn::Length" || name === "Fn::ToJsonString") found.add(name);
    if (name === "Fn::FindInMap" && Array.isArray(argument) && argument.length > 3)
      found.add("the default of Fn::FindInMap");
  });
  return found;
}

function unknownIntrinsics(value: unknown): Set<string> {
  const found = new Set<string>();
  visitIntrinsics(value, ({ name }) => {
    if (!isKnown(name)) found.add(name);
  });
  return found;
}

function visitIntrinsics(value: unknown, hear: (intrinsic: Intrinsic) => void): void {
  if (typeof value !== "object" || value === null) return;
  const intrinsic = intrinsicOf(value);
  if (intrinsic) hear(intrinsic);
  for (const child of Object.values(value)) visitIntrinsics(child, hear);
}

const isKnown = (name: string) =>
  name === "Ref" || name === "Fn::If" || isConditionFunction(name) || VALUE_FUNCTIONS[name] !== undefined;
