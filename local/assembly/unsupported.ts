/** What an assembly asks for that this home has not got: found before anything is created, told as one list. */
import { AssemblyError } from "./assembly-error.ts";
import { isConditionFunction } from "./conditions.ts";
import { intrinsicOf } from "./intrinsic.ts";
import type { StackModel } from "./stack-model.ts";
import type { Template } from "./template.ts";
import { VALUE_FUNCTIONS } from "./value-functions.ts";

/**
 * Refuses an assembly with unsupported resource types or intrinsics.
 * @param skipTypes leaves unsupported types to be skipped; intrinsics are refused all the same.
 * @throws AssemblyError AssemblyUnsupported listing every one with its type, logical id and stack.
 */
export function refuseUnsupported(
  stacks: readonly { model: StackModel; template: Template }[],
  supported: ReadonlySet<string>,
  skipTypes: boolean,
): void {
  const lines: string[] = [];
  for (const { model, template } of stacks) {
    if (template.Transform !== undefined) {
      lines.push(`Transform ${JSON.stringify(template.Transform)} in ${model.stackName}: macros are not expanded`);
    }
    for (const [logicalId, resource] of model.resources) {
      const where = `${logicalId} in ${model.stackName}`;
      if (!supported.has(resource.Type) && !skipTypes) lines.push(`${resource.Type} ${where}`);
      for (const name of unknownIntrinsics(resource.Properties)) lines.push(`${name} in ${resource.Type} ${where}`);
    }
  }
  if (lines.length === 0) return;
  throw new AssemblyError(
    "AssemblyUnsupported",
    `the embedded home cannot put up ${lines.length} thing(s) of this assembly; nothing was created:\n  ${lines.join("\n  ")}\n` +
      "Leave them out of the app, or skip unsupported resource types (--skip-unsupported).",
  );
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
