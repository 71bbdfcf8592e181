/** What an assembly asks for that this home has not got: found before anything is created, told as one list. */
import type { ResourceType } from "../define-service.ts";
import { AssemblyError } from "./assembly-error.ts";
import { resourceKey } from "./build-graph.ts";
import { isConditionFunction } from "./conditions.ts";
import { misfits, nameOf } from "./fit-properties.ts";
import { intrinsicOf } from "./intrinsic.ts";
import { knownBeforehand } from "./known-beforehand.ts";
import { isNestedStack } from "./nested-stack.ts";
import { providersOf } from "./provider-functions.ts";
import { referencesOf } from "./references.ts";
import type { StackModel } from "./stack-model.ts";
import type { Template, TemplateResource } from "./template.ts";
import { VALUE_FUNCTIONS } from "./value-functions.ts";

const LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions";

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
      const { reason, unknown } = nested.has(logicalId)
        ? MADE
        : providers.has(logicalId)
          ? { reason: "", unknown: [] }
          : findingOn(resource, types, intrinsics.length > 0 ? undefined : model, key);
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
    `the embedded home cannot put up ${lines.length} thing(s) of this assembly; nothing was created:\n  ${lines.join("\n  ")}\n` +
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

function findingLines(what: string, { reason, unknown }: Finding): string[] {
  const names = unknown.length === 0 ? [] : [`not supported: ${unknown.map(nameOf).join(", ")}`];
  const parts = [...(reason ? [reason] : []), ...names];
  if (parts.length > 0) return [`${what}: ${parts.join("; ")}`];
  return reason === undefined ? [] : [what];
}

/** The template's macros but the one whose functions the home has, and functions in its other sections. */
function unknownOf({ Transform: transforms = [], Conditions, Outputs }: Template, stackName: string): string[] {
  const all: unknown[] = Array.isArray(transforms) ? transforms : [transforms];
  const macros = all.filter((macro) => macro !== LANGUAGE_EXTENSIONS);
  return [
    ...macros.map((macro) => `Transform ${JSON.stringify(macro)} in ${stackName}: macros are not expanded`),
    ...[...unknownIntrinsics(Conditions)].map((name) => `${name} in a condition of ${stackName}`),
    ...[...unknownIntrinsics(Outputs)].map((name) => `${name} in an output of ${stackName}`),
  ];
}

function unknownIntrinsics(value: unknown): Set<string> {
  const found = new Set<string>();
  const visit = (inner: unknown): void => {
    if (typeof inner !== "object" || inner === null) return;
    const intrinsic = intrinsicOf(inner);
    if (intrinsic && !isKnown(intrinsic.name)) found.add(intrinsic.name);
    for (const child of Object.values(inner)) visit(child);
  };
  visit(value);
  return found;
}

const isKnown = (name: string) =>
  name === "Ref" || name === "Fn::If" || isConditionFunction(name) || VALUE_FUNCTIONS[name] !== undefined;
