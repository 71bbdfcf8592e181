/** AWS::CloudFormation::Stack: a stack of its own, whose outputs are the resource's attributes. */
import type { ResourceState } from "../define-service.ts";
import type { Change } from "./change-resource.ts";
import { canonical } from "./change-resource.ts";
import type { Ledger } from "./ledger.ts";
import { resolveValue } from "./resolve-value.ts";
import type { StackModel } from "./stack-model.ts";

export const isNestedStack = (type: string): boolean => type === "AWS::CloudFormation::Stack";

/** Records the resource of the nested stack `model`, once its own resources are made. */
export function standNestedStack(
  model: StackModel,
  { model: { stackName }, logicalId }: NonNullable<StackModel["parent"]>,
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
  const entry = { stackName, logicalId, type, generation: 0, properties: {}, state, retain: false, position };
  ledger.put({ ...entry, status: "created" });
  if (before?.type !== type) return { action: "created", state };
  return { action: canonical(before.state) === canonical(state) ? "unchanged" : "updated", state };
}
