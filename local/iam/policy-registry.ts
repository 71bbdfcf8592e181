/** Where the decision finds policies: services that hold some register a source here. */
import type { PolicyRegistry } from "../define-service.ts";

export interface ReadablePolicyRegistry extends PolicyRegistry {
  /** The policy document of a resource, or undefined when it has none. */
  resource(resourceArn: string): unknown;
  /** Grows with every change of any policy: decisions of an older version are stale. */
  readonly version: number;
}

/** An empty registry: no role has policies, no resource has one. */
export function createPolicyRegistry(): ReadablePolicyRegistry {
  let roleSource: Parameters<PolicyRegistry["setRoleSource"]>[0] = () => undefined;
  const resourceSources = new Map<string, (resourceArn: string) => unknown>();
  let version = 0;
  return {
    setRoleSource(source) {
      roleSource = source;
      version++;
    },
    setResourceSource(service, source) {
      resourceSources.set(service, source);
      version++;
    },
    role: (roleArn) => roleSource(roleArn),
    resource: (resourceArn) => resourceSources.get(resourceArn.split(":")[2] ?? "")?.(resourceArn),
    invalidate() {
      version++;
    },
    get version() {
      return version;
    },
  };
}
