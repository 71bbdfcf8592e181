/**
 * Resource policies: statements whose Principal is the caller are evaluated as if they were the caller's own.
 *
 * In the caller's own account a statement for the account ("…:root") grants nothing by itself: it leaves the decision to
 * identity policies. Its denials count. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import { z } from "zod";
import { type Principal, principalArn } from "../principal.ts";
import { type Evaluation, evaluateDocuments, type PolicyRequest } from "./evaluate.ts";

const Principals = z.union([z.literal("*"), z.record(z.string(), z.union([z.string(), z.array(z.string())]))]);
const Statement = z.looseObject({
  Effect: z.enum(["Allow", "Deny"]),
  Principal: Principals.optional(),
  NotPrincipal: Principals.optional(),
  Resource: z.unknown().optional(),
  NotResource: z.unknown().optional(),
});
const Policy = z.looseObject({
  Version: z.string().optional(),
  Statement: z.union([Statement, z.array(Statement)]),
});
type Match = "none" | "account" | "direct" | "session";

export interface ResourceDecision {
  result: Evaluation;
  /** Granted to the session itself: a permissions boundary does not limit it. */
  grantsSession: boolean;
  /** Allowed to the caller's account: the decision is left to the identity policies, which KMS heeds only then. */
  delegates: boolean;
}

/** What `document`, the policy of `request.resource`, says to `principal`. */
export function evaluateResourcePolicy(
  document: unknown,
  principal: Principal,
  request: PolicyRequest,
): ResourceDecision {
  const parsed = Policy.safeParse(document);
  if (!parsed.success) return { result: "ImplicitlyDenied", grantsSession: false, delegates: false };
  const statements = Array.isArray(parsed.data.Statement) ? parsed.data.Statement : [parsed.data.Statement];
  const applicable = statements.flatMap((statement) => {
    const match = matchOf(statement, principal, request.accountId);
    if (match === "none") return [];
    const { Principal: _principal, NotPrincipal: _notPrincipal, ...rest } = statement;
    const scoped = rest.Resource === undefined && rest.NotResource === undefined ? { ...rest, Resource: "*" } : rest;
    return [{ match, statement: scoped }];
  });
  const evaluate = (chosen: typeof applicable) =>
    chosen.length === 0
      ? "ImplicitlyDenied"
      : evaluateDocuments(
          [{ Version: parsed.data.Version ?? "2012-10-17", Statement: chosen.map(({ statement }) => statement) }],
          request,
        );
  const granting = applicable.filter(({ match, statement }) => match !== "account" || statement.Effect === "Deny");
  const result = evaluate(granting);
  const grantsSession =
    result === "Allowed" && evaluate(granting.filter(({ match }) => match === "session")) === "Allowed";
  return { result, grantsSession, delegates: evaluate(applicable) === "Allowed" };
}

function matchOf(statement: z.infer<typeof Statement>, principal: Principal, accountId: string): Match {
  if (statement.NotPrincipal !== undefined) {
    return matchPrincipals(statement.NotPrincipal, principal, accountId) === "none" ? "direct" : "none";
  }
  return statement.Principal === undefined ? "none" : matchPrincipals(statement.Principal, principal, accountId);
}

function matchPrincipals(principals: z.infer<typeof Principals>, principal: Principal, accountId: string): Match {
  if (principals === "*") return "direct";
  const named = (kind: string) => [principals[kind] ?? []].flat();
  if (named("AWS").includes("*")) return "direct";
  if (principal.kind === "service") return named("Service").includes(principal.service) ? "direct" : "none";
  const identities = named("AWS");
  if (principal.kind === "role" && identities.includes(principalArn(principal))) return "session";
  if (principal.kind === "role" && identities.includes(principal.roleArn)) return "direct";
  if (identities.includes(principalArn(principal))) return "direct";
  return identities.some((one) => one === accountId || one === `arn:aws:iam::${accountId}:root`) ? "account" : "none";
}
