import type { PolicyRegistry, RolePolicies } from "../define-service.ts";
import type { Authorize } from "../dispatch.ts";
/** Stand-in until the real decision lands (assembly/iam engineer overwrites this file). */
export function createPolicyRegistry(): PolicyRegistry {
  let source: (arn: string) => RolePolicies | undefined = () => undefined;
  return { setRoleSource: (s) => { source = s; }, setResourceSource: () => undefined, role: (arn) => source(arn), invalidate: () => undefined };
}
export function createAuthorizer(_registry: PolicyRegistry, _options: { accountId: string }): Authorize {
  return () => undefined;
}
