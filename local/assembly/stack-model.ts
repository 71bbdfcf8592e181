/**
 * One stack made ready to apply: its parameters' values, its conditions, the resources that exist under them,
 * and a scope through which values resolve against what has been created so far.
 */
import { z } from "zod";
import { AssemblyError } from "./assembly-error.ts";
import { conditionTable } from "./conditions.ts";
import type { ParameterValue, SsmSource } from "./parameters.ts";
import { stackArn } from "./physical-name.ts";
import type { AssemblyStack } from "./read-assembly.ts";
import { resolveValue } from "./resolve-value.ts";
import type { Scope } from "./scope.ts";
import { EndPolicies, type TemplateOutput, type TemplateResource } from "./template.ts";

/** Where values of other resources come from while applying. */
export interface Lookup {
  reference(stackName: string, logicalId: string): unknown;
  attribute(stackName: string, logicalId: string, attribute: string): unknown;
  importValue(exportName: string, at: string): unknown;
  stackOutput(ofStack: string, outputName: string, at: string): unknown;
}

export interface StackModel {
  stackName: string;
  stackId: string;
  artifactId: string;
  dependencies: readonly string[];
  /** Resources of other stacks that its parameters read. */
  reads: readonly SsmSource[];
  /** Its parameters that are read once another stack's resource is made. */
  lateParameters: ReadonlySet<string>;
  /** Resources whose condition holds, without CDK's own metadata. */
  resources: ReadonlyMap<string, TemplateResource>;
  /** Logical ids of its template, those of CDK's metadata and under conditions that do not hold included. */
  declared: ReadonlySet<string>;
  /** Outputs whose condition holds. */
  outputs: ReadonlyMap<string, TemplateOutput>;
  scope: Scope;
  /** The stack it nests in, and the resource it is there. */
  parent?: { model: StackModel; logicalId: string } | undefined;
}

/** Types that stand for nothing in an account. */
const IGNORED_TYPES: ReadonlySet<string> = new Set(["AWS::CDK::Metadata", "AWS::CloudFormation::WaitConditionHandle"]);

/** Builds the model of a stack with these values of its parameters. */
export function modelStack(
  stack: Pick<AssemblyStack, "template" | "stackName" | "artifactId" | "dependencies">,
  home: { accountId: string; region: string },
  parameters: ReadonlyMap<string, ParameterValue>,
  lookup: Lookup,
): StackModel {
  const { template, stackName } = stack;
  const stackId = stackArn(home.accountId, home.region, stackName);
  const values = new Map([...pseudoParameters(home, stackName, stackId), ...parameters]);
  const exists = (id: string) => resources.has(id);
  const missing = (id: string) =>
    new AssemblyError(
      "AssemblyInvalid",
      `${stackName} refers to ${id}, which is neither a parameter nor a resource of its template under its conditions`,
    );
  const scope: Scope = {
    stackName,
    region: home.region,
    hasParameter: (name) => values.has(name),
    parameter: (name) => values.get(name)?.read(),
    mappings: template.Mappings,
    condition: (name) => condition(name),
    reference: (id) => {
      if (!exists(id)) throw missing(id);
      return lookup.reference(stackName, id);
    },
    attribute: (id, attribute) => {
      if (!exists(id)) throw missing(id);
      return lookup.attribute(stackName, id, attribute);
    },
    importValue: (name) => lookup.importValue(name, stackName),
    stackOutput: (ofStack, name) => lookup.stackOutput(ofStack, name, stackName),
  };
  const condition = conditionTable(template.Conditions, () => scope, stackName, resolveValue);
  const holds = (item: { Condition?: string | undefined }) => item.Condition === undefined || condition(item.Condition);
  const resources = new Map(
    Object.entries(template.Resources)
      .filter(([, resource]) => !IGNORED_TYPES.has(resource.Type) && holds(resource))
      .map(([id, resource]) => [id, withEndPolicies(resource, scope, `${stackName}/${id}`)]),
  );
  const outputs = new Map(Object.entries(template.Outputs).filter(([, output]) => holds(output)));
  return {
    stackName,
    stackId,
    artifactId: stack.artifactId,
    dependencies: stack.dependencies,
    reads: [...parameters.values()].flatMap(({ madeBy }) => madeBy ?? []),
    lateParameters: new Set([...parameters].flatMap(([name, { madeBy, late }]) => (madeBy || late ? [name] : []))),
    resources,
    declared: new Set(Object.keys(template.Resources)),
    outputs,
    scope,
  };
}

/** What happens to a resource in the end is a word, whatever intrinsic says it. */
function withEndPolicies(resource: TemplateResource, scope: Scope, at: string): TemplateResource {
  const { DeletionPolicy, UpdateReplacePolicy } = resource;
  if (typeof DeletionPolicy !== "object" && typeof UpdateReplacePolicy !== "object") return resource;
  const policies = EndPolicies.safeParse(resolveValue({ DeletionPolicy, UpdateReplacePolicy }, scope, at));
  if (policies.success) return { ...resource, ...policies.data };
  throw new AssemblyError("AssemblyInvalid", `${at}: ${z.prettifyError(policies.error)}`);
}

function pseudoParameters(
  { accountId, region }: { accountId: string; region: string },
  stackName: string,
  stackId: string,
): [string, ParameterValue][] {
  const values: [string, unknown][] = [
    ["AWS::AccountId", accountId],
    ["AWS::Region", region],
    ["AWS::Partition", "aws"],
    ["AWS::URLSuffix", "amazonaws.com"],
    ["AWS::StackName", stackName],
    ["AWS::StackId", stackId],
    ["AWS::NotificationARNs", []],
  ];
  return values.map(([name, value]) => [name, { read: () => value }]);
}
