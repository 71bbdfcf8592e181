/** Which types are custom resources, and the home's types with those of an assembly. */
import type { ResourceType } from "../../define-service.ts";
import { lambdaBacked } from "./lambda-backed.ts";

type Home = Parameters<typeof lambdaBacked>[1];

/** Whether CloudFormation leaves resources of this type to whom their ServiceToken names. */
export const isCustom = (type: string): boolean =>
  type.startsWith("Custom::") || type === "AWS::CloudFormation::CustomResource";

/** `types` and, for every custom resource among `names` that is not made by the home itself, its function. */
export function withCustomTypes(
  types: ReadonlyMap<string, ResourceType>,
  names: Iterable<string>,
  home: Home,
): ReadonlyMap<string, ResourceType> {
  const all = new Map(types);
  for (const name of names) if (isCustom(name) && !all.has(name)) all.set(name, lambdaBacked(name, home));
  return all;
}
