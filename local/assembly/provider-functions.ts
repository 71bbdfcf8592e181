/**
 * Functions that only implement custom resources: what a home makes itself needs no function, so the CDK's own
 * (some of them in Python, all of them answering over https) are left out.
 */
import type { ResourceType } from "../define-service.ts";
import { resourceKey } from "./build-graph.ts";
import { isCustom } from "./custom-resources/custom-types.ts";
import { referencesOf } from "./references.ts";
import type { StackModel } from "./stack-model.ts";

/** What is named after a function and does not need it. */
const LOG_TYPES: ReadonlySet<string> = new Set(["AWS::Logs::LogGroup", "Custom::LogRetention"]);

/** Logical ids of the functions that nothing but custom resources of the home's own `types` refer to, and of their layers. */
export function providersOf(model: StackModel, types: ReadonlyMap<string, ResourceType>): ReadonlySet<string> {
  const asToken = new Set<string>();
  const otherwise = new Set<string>();
  for (const [logicalId, resource] of model.resources) {
    const { ServiceToken, ...properties } = resource.Properties ?? {};
    const at = resourceKey(model.stackName, logicalId);
    const type = types.get(resource.Type);
    const own = isCustom(resource.Type) && type !== undefined && type.byFunction === undefined;
    for (const id of referencesOf(ServiceToken, model.scope, at).logicalIds) (own ? asToken : otherwise).add(id);
    if (LOG_TYPES.has(resource.Type)) continue;
    for (const id of referencesOf(properties, model.scope, at).logicalIds) otherwise.add(id);
  }
  const functions = new Set([...asToken].filter((id) => !otherwise.has(id)));
  return new Set([...functions, ...layersOf(model, functions)]);
}

/** Layers that only these functions use. */
function layersOf(model: StackModel, functions: ReadonlySet<string>): string[] {
  const users = new Map<string, string[]>();
  for (const [logicalId, { Properties }] of model.resources) {
    for (const id of referencesOf(Properties, model.scope, resourceKey(model.stackName, logicalId)).logicalIds)
      users.set(id, [...(users.get(id) ?? []), logicalId]);
  }
  return [...model.resources].flatMap(([logicalId, { Type }]) => {
    const by = users.get(logicalId) ?? [];
    return Type === "AWS::Lambda::LayerVersion" && by.length > 0 && by.every((id) => functions.has(id))
      ? [logicalId]
      : [];
  });
}
