/** The account: its one user, who the home's keys are of, what it has none of, and which policies would let whom do what. */
import type * as Iam from "@aws-sdk/client-iam";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import { type Principal, principalArn } from "../../principal.ts";
import { noSuchEntity, type RoleStore } from "./role-store.ts";

export function accountOperations(home: HomePorts, roles: RoleStore): Operations<typeof Iam> {
  const arn = principalArn({ kind: "home", accountId: home.accountId });
  const user: Iam.User = {
    UserName: arn.slice(arn.lastIndexOf("/") + 1),
    UserId: "AIDATIDEMILL",
    Arn: arn,
    Path: "/",
    CreateDate: new Date(0),
  };
  const onRole = ({ RoleName = "" }: { RoleName?: string | undefined }) => ({
    resource: roles.roleArn(roles.find(RoleName) ?? { path: "/", name: RoleName }),
  });
  return {
    GetUser: {
      authorize: () => ({ resource: arn }),
      handle({ UserName }, { principal }) {
        if (UserName === undefined && principal.kind !== "home")
          throw new AwsError("ValidationError", "Must specify userName when calling with non-User credentials");
        if (UserName !== undefined && UserName !== user.UserName)
          throw noSuchEntity(`The user with name ${UserName} cannot be found.`);
        return { User: user };
      },
    },
    ListUsers: { handle: () => ({ Users: [user], IsTruncated: false }) },
    ListAccountAliases: { handle: () => ({ AccountAliases: [], IsTruncated: false }) },
    ListInstanceProfiles: { handle: () => ({ InstanceProfiles: [], IsTruncated: false }) },
    ListInstanceProfilesForRole: {
      authorize: onRole,
      handle({ RoleName = "" }) {
        roles.role(RoleName);
        return { InstanceProfiles: [], IsTruncated: false };
      },
    },
    SimulatePrincipalPolicy: {
      authorize: ({ PolicySourceArn = "" }) => ({ resource: PolicySourceArn }),
      handle: (input) => ({ EvaluationResults: simulate(home, roles, input), IsTruncated: false }),
    },
  };
}

function simulate(
  home: HomePorts,
  roles: RoleStore,
  {
    PolicySourceArn = "",
    ActionNames = [],
    ResourceArns = ["*"],
    ContextEntries = [],
  }: Iam.SimulatePrincipalPolicyRequest,
): Iam.EvaluationResult[] {
  const roleArn = roles.roleArn(roles.role(PolicySourceArn.slice(PolicySourceArn.lastIndexOf("/") + 1)));
  if (roleArn !== PolicySourceArn) throw noSuchEntity(`${PolicySourceArn} cannot be found.`);
  const principal: Principal = { kind: "role", roleArn, sessionName: "simulation" };
  const context = Object.fromEntries(
    ContextEntries.map(({ ContextKeyName = "", ContextKeyType = "string", ContextKeyValues = [] }) => [
      ContextKeyName,
      ContextKeyType.endsWith("List") ? ContextKeyValues : (ContextKeyValues[0] ?? ""),
    ]),
  );
  return ActionNames.flatMap((action) =>
    ResourceArns.map((resource) => ({
      EvalActionName: action,
      EvalResourceName: resource,
      EvalDecision: decision(() => home.authorize(principal, { action, resource, context })),
      MatchedStatements: [],
      MissingContextValues: [],
    })),
  );
}

function decision(ask: () => void): Iam.PolicyEvaluationDecisionType {
  try {
    ask();
    return "allowed";
  } catch (thrown) {
    if (!(thrown instanceof AwsError) || thrown.code !== "AccessDeniedException") throw thrown;
    return thrown.message.includes("explicit deny") ? "explicitDeny" : "implicitDeny";
  }
}
