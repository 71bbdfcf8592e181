/** The IAM decision: who may do what, from the policies the services hold. */
export { type Authorize, type AuthorizerOptions, createAuthorizer } from "./authorizer.ts";
export { createPolicyRegistry, type ReadablePolicyRegistry } from "./policy-registry.ts";
export { evaluateResourcePolicy } from "./resource-policy.ts";
