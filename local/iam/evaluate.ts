/**
 * Policy documents against one request, by a library: the only file that knows which.
 * Actions, NotAction, resources, NotResource, every condition operator and policy variables are its work.
 */
import { runUnsafeSimulation } from "@cloud-copilot/iam-simulate";
import { relevantStatements } from "./relevant-statements.ts";

export interface PolicyRequest {
  /** ARN of the caller, for policy variables and condition keys. */
  principalArn: string;
  action: string;
  resource: string;
  accountId: string;
  context: Readonly<Record<string, string | readonly string[]>>;
}

export type Evaluation = "Allowed" | "ExplicitlyDenied" | "ImplicitlyDenied";

/** Evaluates identity-style documents (no Principal): an explicit deny wins, then any allow, else implicit denial. */
export function evaluateDocuments(documents: readonly unknown[], request: PolicyRequest): Evaluation {
  const relevant = documents
    .map((document) => relevantStatements(document, request))
    .filter((document) => document !== undefined);
  if (relevant.length === 0) return "ImplicitlyDenied";
  const contextVariables: Record<string, string | string[]> = {};
  for (const [key, value] of Object.entries(request.context)) {
    contextVariables[key] = typeof value === "string" ? value : [...value];
  }
  return runUnsafeSimulation(
    {
      request: {
        principal: request.principalArn,
        action: request.action,
        resource: { resource: request.resource, accountId: request.accountId },
        contextVariables,
      },
      identityPolicies: relevant.map((policy, index) => ({ name: `policy-${index}`, policy })),
      ...(request.action.startsWith("kms:") ? { resourcePolicy: leftToAccount(request.accountId) } : {}),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
}

/** The library counts identity policies on a key only beside a key policy that heeds them; what the key's own says is asked apart. */
function leftToAccount(accountId: string): object {
  const Principal = { AWS: `arn:aws:iam::${accountId}:root` };
  const Statement = [{ Effect: "Allow", Principal, Action: "kms:*", Resource: "*" }];
  // The library's form of a policy already checked: without a name for it, it fails on a resource policy.
  return {
    __validated: true,
    policyDocument: { Version: "2012-10-17", Statement },
    metadata: { name: "key" },
    errors: [],
  };
}
