/** The IAM decision: who may do what, from the policies the services hold. */
export { createAuthorizer } from "./authorizer.ts";
export { createPolicyRegistry } from "./policy-registry.ts";
export { evaluateResourcePolicy } from "./resource-policy.ts";
