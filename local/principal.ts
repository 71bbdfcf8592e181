/**
 * Who makes a call: what SigV4 proved, or what a service acts as.
 *
 * - `home`: the home's own credentials, printed by `tidemill env`; an administrator of the account.
 * - `role`: a session of a role in the assembly; IAM policies of the role decide.
 * - `service`: an AWS service acting by itself (EventBridge to a queue); resource policies decide.
 */
export type Principal =
  | Readonly<{ kind: "home"; accountId: string }>
  | Readonly<{ kind: "role"; roleArn: string; sessionName: string }>
  | Readonly<{ kind: "service"; service: string; sourceArn?: string }>;

/** The ARN AWS would show for this principal in an AccessDenied message or GetCallerIdentity. */
export function principalArn(principal: Principal): string {
  switch (principal.kind) {
    case "home":
      return `arn:aws:iam::${principal.accountId}:user/tidemill`;
    case "role": {
      const [, , , , accountId = "", resource = ""] = principal.roleArn.split(":");
      const roleName = resource.slice(resource.lastIndexOf("/") + 1);
      return `arn:aws:sts::${accountId}:assumed-role/${roleName}/${principal.sessionName}`;
    }
    case "service":
      return principal.service;
  }
}
