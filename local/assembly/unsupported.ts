/** What an assembly asks for that this home has not got: found before anything is created, told as one list. */
import type { ResourceType } from "../define-service.ts";
import { AssemblyError } from "./assembly-error.ts";
import { resourceKey } from "./build-graph.ts";
import { isConditionFunction } from "./conditions.ts";
import { intrinsicOf } from "./intrinsic.ts";
import { providersOf } from "./provider-functions.ts";
import type { StackModel } from "./stack-model.ts";
import type { Template, TemplateResource } from "./template.ts";
import { VALUE_FUNCTIONS } from "./value-functions.ts";

const LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions";

/**
 * The keys of resources to leave out: what this home cannot make, where `skip` allows it, and functions it does not need.
 * @throws AssemblyError AssemblyUnsupported listing everything unsupported with its type, logical id and stack; intrinsics are refused always
 */
export function leftOut(
  stacks: readonly { model: StackModel; template: Template }[],
  types: ReadonlyMap<string, ResourceType>,
  skip: boolean,
): ReadonlySet<string> {
  const left = new Set<string>();
  const lines: string[] = [];
  for (const { model, template } of stacks) {
    for (const macro of macrosOf(template)) {
      lines.push(`Transform ${JSON.stringify(macro)} in ${model.stackName}: macros are not expanded`);
    }
    const providers = providersOf(model, types);
    for (const [logicalId, resource] of model.resources) {
      const key = resourceKey(model.stackName, logicalId);
      const what = `${resource.Type} ${logicalId} in ${model.stackName}`;
      const reason = providers.has(logicalId) ? undefined : unsupported(resource, types);
      if (providers.has(logicalId) || reason !== undefined) left.add(key);
      if (reason !== undefined && !skip) lines.push(`${what}${reason}`);
      if (left.has(key) && skip) continue;
      for (const name of unknownIntrinsics(resource.Properties)) lines.push(`${name} in ${what}`);
    }
  }
  if (lines.length === 0) return left;
  throw new AssemblyError(
    "AssemblyUnsupported",
    `the embedded home cannot put up ${lines.length} thing(s) of this assembly; nothing was created:\n  ${lines.join("\n  ")}\n` +
      "Leave them out of the app, or skip unsupported resource types (--skip-unsupported).",
  );
}

/** The template's macros but the one whose functions the home has; its loops are refused where the template is read. */
function macrosOf({ Transform: transforms = [] }: Template): unknown[] {
  const all: unknown[] = Array.isArray(transforms) ? transforms : [transforms];
  return all.filter((macro) => macro !== LANGUAGE_EXTENSIONS);
}

/** What to write behind the resource's name, or undefined when it can be made. */
function unsupported(resource: TemplateResource, types: ReadonlyMap<string, ResourceType>): string | undefined {
  const type = types.get(resource.Type);
  if (type === undefined) return "";
  const problem = type.unsupported?.(resource.Properties ?? {});
  return problem === undefined ? undefined : `: ${problem}`;
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
