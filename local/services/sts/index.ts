/** STS: who one is, and sessions of the assembly's roles. */
import { AwsError } from "../../aws-error.ts";
import { defineService, type HomePorts } from "../../define-service.ts";
import { evaluateResourcePolicy } from "../../iam/index.ts";
import { type Principal, principalArn } from "../../principal.ts";

/** https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html */
export const sts = defineService<typeof import("@aws-sdk/client-sts")>({
  name: "sts",
  signingName: "sts",
  iamPrefix: "sts",
  sdk: () => import("@aws-sdk/client-sts"),
  create: (home) => ({
    operations: {
      GetCallerIdentity: {
        // Needs no permission, and cannot be denied.
        authorize: () => [],
        handle: (_input, { principal }) => ({
          Account: home.accountId,
          Arn: principalArn(principal),
          UserId: principal.kind === "role" ? `AROATIDEMILL:${principal.sessionName}` : "AIDATIDEMILL",
        }),
      },
      GetAccessKeyInfo: { handle: () => ({ Account: home.accountId }) },
      AssumeRole: {
        // Decided in `handle`: the role's trust policy may allow what the caller's own policies do not name.
        authorize: () => [],
        handle: ({ RoleArn = "", RoleSessionName = "" }, { principal }) => {
          refuseUntrusted(home, principal, RoleArn);
          const session: Principal = { kind: "role", roleArn: RoleArn, sessionName: RoleSessionName };
          const credentials = home.credentialsFor(RoleArn, RoleSessionName);
          return {
            Credentials: {
              AccessKeyId: credentials.accessKeyId,
              SecretAccessKey: credentials.secretAccessKey,
              SessionToken: credentials.sessionToken,
              Expiration: credentials.expiration,
            },
            AssumedRoleUser: { AssumedRoleId: `AROATIDEMILL:${RoleSessionName}`, Arn: principalArn(session) },
          };
        },
      },
    },
  }),
});

/** A role is assumed by whom its trust policy names, or, where it trusts the account, by whom IAM allows it. */
function refuseUntrusted(home: HomePorts, principal: Principal, roleArn: string): void {
  const role = home.policies.role(roleArn);
  const caller = principalArn(principal);
  const denied = new AwsError(
    "AccessDenied",
    `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    { status: 403 },
  );
  if (!role) throw denied;
  if (principal.kind === "home") return;
  const request = {
    principalArn: caller,
    action: "sts:AssumeRole",
    resource: roleArn,
    accountId: home.accountId,
    context: {},
  };
  const { result } = evaluateResourcePolicy(role.trust, principal, request);
  if (result === "Allowed") return;
  const trustsAccount =
    evaluateResourcePolicy(role.trust, { kind: "home", accountId: home.accountId }, request).result !==
      "ExplicitlyDenied" && JSON.stringify(role.trust).includes(`:${home.accountId}:root"`);
  if (result === "ExplicitlyDenied" || !trustsAccount) throw denied;
  home.authorize(principal, { action: "sts:AssumeRole", resource: roleArn });
}
