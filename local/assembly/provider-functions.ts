/**
 * Functions that only implement custom resources: what a home makes itself needs no function, so the CDK's own
 * (some of them in Python, all of them answering over https) are left out.
 */
import type { ResourceType } from "../define-service.ts";
import { resourceKey } from "./build-graph.ts";
import { referencesOf } from "./references.ts";
import type { StackModel } from "./stack-model.ts";

/** Logical ids of the functions that nothing but custom resources of the home's own `types` refer to. */
export function providersOf(model: StackModel, types: ReadonlyMap<string, ResourceType>): ReadonlySet<string> {
  const asToken = new Set<string>();
  const otherwise = new Set<string>();
  for (const [logicalId, resource] of model.resources) {
    const { ServiceToken, ...properties } = resource.Properties ?? {};
    const at = resourceKey(model.stackName, logicalId);
    const own = resource.Type.startsWith("Custom::") && types.has(resource.Type);
    for (const id of referencesOf(ServiceToken, model.scope, at).logicalIds) (own ? asToken : otherwise).add(id);
    for (const id of referencesOf(properties, model.scope, at).logicalIds) otherwise.add(id);
  }
  return new Set([...asToken].filter((id) => !otherwise.has(id)));
}
