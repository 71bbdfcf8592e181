/** AWS::CloudFormation::Stack: a stack of its own, whose outputs are the resource's attributes. */
import type { ResourceState } from "../define-service.ts";
import type { Change } from "./change-resource.ts";
import { canonical } from "./change-resource.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import { resolveValue } from "./resolve-value.ts";
import type { StackModel } from "./stack-model.ts";
import { isRetained } from "./template.ts";

export const isNestedStack = (type: string): boolean => type === "AWS::CloudFormation::Stack";

/** Names of the stacks that stay although the resource that they are leaves: those retained, and what nests in them. */
export function retainedStacks(leaving: readonly LedgerEntry[]): ReadonlySet<string> {
  const stacks = leaving.filter(({ type }) => isNestedStack(type));
  const retained = new Set<string>();
  for (let before = -1; before !== retained.size; ) {
    before = retained.size;
    for (const { retain, stackName, state } of stacks)
      if (retain || retained.has(stackName)) retained.add(stackNameOf(state.physicalId));
  }
  return retained;
}

// arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID
const stackNameOf = (stackId: string) => stackId.split("/")[1] ?? "";

/** Records the resource of the nested stack `model`, once its own resources are made. */
export function standNestedStack(
  model: StackModel,
  { model: { stackName, resources }, logicalId }: NonNullable<StackModel["parent"]>,
  position: number,
  ledger: Ledger,
): { action: Change["action"]; state: ResourceState } {
  const at = `${model.stackName}/Outputs`;
  const outputs = [...model.outputs].map(([name, { Value }]) => [
    `Outputs.${name}`,
    resolveValue(Value, model.scope, `${at}/${name}`),
  ]);
  const state: ResourceState = { physicalId: model.stackId, attributes: Object.fromEntries(outputs) };
  const before = ledger.entries().find((entry) => entry.stackName === stackName && entry.logicalId === logicalId);
  const type = "AWS::CloudFormation::Stack";
  const retain = isRetained(resources.get(logicalId)?.DeletionPolicy);
  const entry = { stackName, logicalId, type, generation: 0, properties: {}, state, retain, position };
  if (before !== undefined && before.type !== type && !before.retain)
    ledger.replace(before, { ...entry, generation: before.generation + 1, status: "created" });
  else ledger.put({ ...entry, generation: before?.generation ?? 0, status: "created" });
  if (before?.type !== type) return { action: "created", state };
  return { action: canonical(before.state) === canonical(state) ? "unchanged" : "updated", state };
}
