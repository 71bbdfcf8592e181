/** IAM: the roles and policies of the assembly; the decision on every call asks this service for them. */
import { defineService } from "../../define-service.ts";
import { accountOperations } from "./account-operations.ts";
import { policyOperations } from "./policy-operations.ts";
import { iamResources } from "./resources.ts";
import { roleOperations } from "./role-operations.ts";
import { RoleStore } from "./role-store.ts";
import { tagOperations } from "./tag-operations.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html */
export const iam = defineService<typeof import("@aws-sdk/client-iam")>({
  name: "iam",
  signingName: "iam",
  iamPrefix: "iam",
  sdk: () => import("@aws-sdk/client-iam"),
  create(home) {
    const roles = new RoleStore(home);
    home.policies.setRoleSource((roleArn) => roles.rolePolicies(roleArn));
    return {
      operations: {
        ...roleOperations(home, roles),
        ...policyOperations(home, roles),
        ...accountOperations(home, roles),
        ...tagOperations(roles),
      },
      resources: iamResources(home, roles),
    };
  },
});
