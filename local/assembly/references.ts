/** Which resources and imports a template's value needs, with conditions already decided. */
import { intrinsicOf, parseGetAtt, parseSub } from "./intrinsic.ts";
import { resolveValue } from "./resolve-value.ts";
import type { Scope } from "./scope.ts";
import { stackOutputNames } from "./value-functions.ts";

export interface References {
  logicalIds: Set<string>;
  exportNames: Set<string>;
  /** Outputs of other stacks. */
  outputs: OutputName[];
}

export interface OutputName {
  ofStack: string;
  outputName: string;
}

/**
 * Collects the logical ids, export names and outputs `value` refers to. Only the branch an Fn::If takes counts, as for
 * CloudFormation; parameters and pseudo parameters are not references.
 */
export function referencesOf(value: unknown, scope: Scope, at: string): References {
  const found: References = { logicalIds: new Set(), exportNames: new Set(), outputs: [] };
  collect(value, scope, at, found);
  return found;
}

function collect(value: unknown, scope: Scope, at: string, found: References): void {
  if (typeof value !== "object" || value === null) return;
  const intrinsic = intrinsicOf(value);
  if (!intrinsic) {
    for (const inner of Object.values(value)) collect(inner, scope, at, found);
    return;
  }
  const { name, argument } = intrinsic;
  switch (name) {
    case "Ref":
      collectName(argument, scope, found);
      break;
    case "Fn::GetAtt": {
      const target = parseGetAtt(argument);
      if (target) found.logicalIds.add(target.logicalId);
      break;
    }
    case "Fn::ImportValue":
      found.exportNames.add(String(resolveValue(argument, scope, at)));
      break;
    case "Fn::GetStackOutput": {
      const { StackName, OutputName } = stackOutputNames(resolveValue(argument, scope, at), at);
      found.outputs.push({ ofStack: StackName, outputName: OutputName });
      break;
    }
    case "Fn::If":
      if (Array.isArray(argument))
        collect(scope.condition(String(argument[0])) ? argument[1] : argument[2], scope, at, found);
      break;
    case "Fn::Sub":
      collectSub(argument, scope, found);
      collect(argument, scope, at, found);
      break;
    default:
      collect(argument, scope, at, found);
  }
}

function collectSub(argument: unknown, scope: Scope, found: References): void {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof template !== "string") return;
  const own = typeof variables === "object" && variables !== null ? variables : {};
  for (const piece of parseSub(template)) {
    if ("literal" in piece || Object.hasOwn(own, piece.variable)) continue;
    const dot = piece.variable.includes("::") ? -1 : piece.variable.indexOf(".");
    collectName(dot > 0 ? piece.variable.slice(0, dot) : piece.variable, scope, found);
  }
}

function collectName(name: unknown, scope: Scope, found: References): void {
  if (typeof name !== "string" || name === "AWS::NoValue") return;
  if (!scope.hasParameter(name)) found.logicalIds.add(name);
}
