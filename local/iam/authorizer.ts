/**
 * The IAM decision on one call. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 *
 *   P1. The home's own principal administers the account: everything is allowed to it.
 *   P2. An explicit denial anywhere wins.
 *   P3. A role session needs an allow in an identity policy or, in its own account, in the resource's policy; a permissions
 *       boundary limits both, but not what a resource's policy grants to the very session.
 *   P4. An AWS service acting by itself needs an allow in the resource's policy.
 *   P5. For a KMS key, identity policies count only where the key's policy leaves the decision to the account.
 *       https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 * Decisions are kept until any policy changes, except where one looks at the time.
 */
import { AwsError } from "../aws-error.ts";
import { systemClock } from "../clock.ts";
import type { Authorization } from "../define-service.ts";
import { type Principal, principalArn } from "../principal.ts";
import { type Evaluation, evaluateDocuments, type PolicyRequest } from "./evaluate.ts";
import type { ReadablePolicyRegistry } from "./policy-registry.ts";
import { evaluateResourcePolicy } from "./resource-policy.ts";

export interface AuthorizerOptions {
  accountId: string;
  /** Milliseconds since the epoch, for aws:CurrentTime. */
  nowMs?: () => number;
}

/** Throws AwsError AccessDeniedException, worded as AWS does, when `principal` may not. */
export type Authorize = (principal: Principal, authorization: Authorization & { action: string }) => void;

/** Most decisions kept; beyond it the oldest half of a busy home's keys would only be memory. */
const MAX_CACHED = 20_000;

interface Decision {
  /** undefined: allowed. Otherwise how AWS words the reason. */
  denial: string | undefined;
  cacheable: boolean;
}

/** An authorizer over the registry's policies. */
export function createAuthorizer(registry: ReadablePolicyRegistry, options: AuthorizerOptions): Authorize {
  const nowMs = options.nowMs ?? systemClock.now;
  const cache = new Map<string, string | undefined>();
  let version = registry.version;
  return (principal, authorization) => {
    if (principal.kind === "home") return;
    if (version !== registry.version || cache.size >= MAX_CACHED) {
      version = registry.version;
      cache.clear();
    }
    const key = cacheKey(principal, authorization);
    let denial = cache.get(key);
    if (denial === undefined && !cache.has(key)) {
      const decision = decide(registry, principal, request(principal, authorization, options.accountId, nowMs()));
      denial = decision.denial;
      if (decision.cacheable) cache.set(key, denial);
    }
    if (denial === undefined) return;
    // S3 puts the resource between quotation marks, recorded in September 2026.
    const { action, resource } = authorization;
    const on = action.startsWith("s3:") ? `"${resource}"` : resource;
    throw new AwsError(
      "AccessDeniedException",
      `User: ${principalArn(principal)} is not authorized to perform: ${action} on resource: ${on} ${denial}`,
      { status: 403 },
    );
  };
}

function cacheKey(principal: Principal, { action, resource, context }: Authorization & { action: string }): string {
  const caller =
    principal.kind === "role"
      ? `${principal.roleArn}\0${principal.sessionName}`
      : principal.kind === "service"
        ? `${principal.service}\0${principal.sourceArn ?? ""}`
        : "";
  const rest = context === undefined ? "" : JSON.stringify(context);
  return `${caller}\0${action}\0${resource}\0${rest}`;
}

function request(
  principal: Principal,
  { action, resource, context }: Authorization & { action: string },
  accountId: string,
  nowMs: number,
): PolicyRequest {
  const global: Record<string, string | readonly string[]> = {
    // The home listens on loopback only: nothing is sent in the clear, so TLS-only policies are met.
    "aws:SecureTransport": "true",
    "aws:CurrentTime": new Date(nowMs).toISOString(),
    "aws:EpochTime": String(Math.floor(nowMs / 1000)),
  };
  if (principal.kind === "role") {
    global["aws:PrincipalArn"] = principal.roleArn;
    global["aws:PrincipalAccount"] = accountId;
    global["aws:PrincipalType"] = "AssumedRole";
    global["aws:PrincipalIsAWSService"] = "false";
  } else if (principal.kind === "service") {
    global["aws:PrincipalIsAWSService"] = "true";
    global["aws:PrincipalServiceName"] = principal.service;
    global["aws:SourceAccount"] = accountId;
    if (principal.sourceArn !== undefined) global["aws:SourceArn"] = principal.sourceArn;
  }
  // A service has no ARN; the library wants one of the account to evaluate its statements for.
  const arn = principal.kind === "service" ? `arn:aws:iam::${accountId}:role/service` : principalArn(principal);
  return { principalArn: arn, action, resource, accountId, context: { ...global, ...context } };
}

function decide(registry: ReadablePolicyRegistry, principal: Principal, asked: PolicyRequest): Decision {
  const role = principal.kind === "role" ? registry.role(principal.roleArn) : undefined;
  const identityDocuments = role?.policies.map(({ document }) => document) ?? [];
  const boundaryDocument = role?.permissionsBoundary;
  const resourceDocument = registry.resource(asked.resource);
  const cacheable = !/aws:(CurrentTime|EpochTime)/i.test(
    JSON.stringify([identityDocuments, boundaryDocument, resourceDocument]),
  );
  const identity = evaluateDocuments(identityDocuments, asked);
  const boundary: Evaluation =
    boundaryDocument === undefined ? "Allowed" : evaluateDocuments([boundaryDocument], asked);
  const {
    result: resource,
    grantsSession,
    delegates,
  } = resourceDocument === undefined
    ? { result: "ImplicitlyDenied" as const, grantsSession: false, delegates: false }
    : evaluateResourcePolicy(resourceDocument, principal, asked);
  const keyDecides = asked.action.startsWith("kms:") && resourceDocument !== undefined && !delegates;
  return {
    denial: denialOf({ principal, identity, boundary, resource, grantsSession, keyDecides, action: asked.action }),
    cacheable,
  };
}

interface Findings {
  principal: Principal;
  identity: Evaluation;
  boundary: Evaluation;
  resource: Evaluation;
  grantsSession: boolean;
  /** P5: the identity policies do not count. */
  keyDecides: boolean;
  action: string;
}

// Wording: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
function denialOf({
  principal,
  identity,
  boundary,
  resource,
  grantsSession,
  keyDecides,
  action,
}: Findings): string | undefined {
  if (identity === "ExplicitlyDenied") return "with an explicit deny in an identity-based policy";
  if (resource === "ExplicitlyDenied") return "with an explicit deny in a resource-based policy";
  if (boundary === "ExplicitlyDenied") return "with an explicit deny in a permissions boundary";
  if (grantsSession) return undefined;
  if ((identity !== "Allowed" || keyDecides) && resource !== "Allowed") {
    const kind = principal.kind === "service" || keyDecides ? "resource-based" : "identity-based";
    return `because no ${kind} policy allows the ${action} action`;
  }
  return boundary === "Allowed" ? undefined : `because no permissions boundary allows the ${action} action`;
}
