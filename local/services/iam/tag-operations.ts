/** Tags of roles and managed policies. */
import type * as Iam from "@aws-sdk/client-iam";
import type { Operations } from "../../define-service.ts";
import type { RoleStore } from "./role-store.ts";

export function tagOperations(roles: RoleStore): Operations<typeof Iam> {
  const roleArn = (name = "") => roles.roleArn(roles.find(name) ?? { path: "/", name });
  const onRole = ({ RoleName }: { RoleName?: string | undefined }) => ({ resource: roleArn(RoleName) });
  const onPolicy = ({ PolicyArn = "" }: { PolicyArn?: string | undefined }) => ({ resource: PolicyArn });
  const required = (name = "") => roles.roleArn(roles.role(name));
  return {
    TagRole: {
      authorize: onRole,
      handle({ RoleName, Tags = [] }) {
        roles.tags.put(required(RoleName), Tags);
        return {};
      },
    },
    UntagRole: {
      authorize: onRole,
      handle({ RoleName, TagKeys = [] }) {
        roles.tags.remove(required(RoleName), TagKeys);
        return {};
      },
    },
    ListRoleTags: {
      authorize: onRole,
      handle: ({ RoleName }) => ({ Tags: roles.tags.list(required(RoleName)), IsTruncated: false }),
    },
    TagPolicy: {
      authorize: onPolicy,
      handle({ PolicyArn = "", Tags = [] }) {
        roles.tags.put(roles.policy(PolicyArn).arn, Tags);
        return {};
      },
    },
    UntagPolicy: {
      authorize: onPolicy,
      handle({ PolicyArn = "", TagKeys = [] }) {
        roles.tags.remove(roles.policy(PolicyArn).arn, TagKeys);
        return {};
      },
    },
    ListPolicyTags: {
      authorize: onPolicy,
      handle: ({ PolicyArn = "" }) => ({ Tags: roles.tags.list(roles.policy(PolicyArn).arn), IsTruncated: false }),
    },
  };
}
