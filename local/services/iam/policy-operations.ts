/** Operations on managed policies; each has one version, "v1". */
import type * as Iam from "@aws-sdk/client-iam";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import { parseDocument, wireDocument } from "./policy-document.ts";
import { noSuchEntity, type PolicyRecord, type RoleStore } from "./role-store.ts";
import { newId } from "./unique-id.ts";

/** The operations whose subject is a managed policy. */
export function policyOperations(home: HomePorts, roles: RoleStore): Operations<typeof Iam> {
  const authorize = ({ PolicyArn = "" }: { PolicyArn?: string | undefined }) => ({ resource: PolicyArn });
  const users = (arn: string) => roles.roles().filter(({ name }) => roles.attachedPolicies(name).includes(arn)).length;
  const arnOf = (path: string | undefined, name: string | undefined) =>
    `arn:aws:iam::${home.accountId}:policy${path ?? "/"}${name ?? ""}`;
  const wire = (policy: PolicyRecord): Iam.Policy => ({
    Tags: roles.tags.list(policy.arn),
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: "v1",
    AttachmentCount: users(policy.arn),
    IsAttachable: true,
    Description: policy.description,
    CreateDate: new Date(policy.createdMs),
    UpdateDate: new Date(policy.createdMs),
  });
  return {
    CreatePolicy: {
      authorize: ({ Path, PolicyName }) => ({ resource: arnOf(Path, PolicyName) }),
      handle: (input) => {
        const arn = arnOf(input.Path, input.PolicyName);
        if (roles.findPolicy(arn)) {
          throw new AwsError("EntityAlreadyExists", `A policy called ${input.PolicyName} already exists.`, {
            status: 409,
          });
        }
        const policy: PolicyRecord = {
          arn,
          name: input.PolicyName ?? "",
          path: input.Path ?? "/",
          id: newId("ANPA", home.uuid()),
          document: parseDocument(input.PolicyDocument),
          description: input.Description ?? "",
          createdMs: home.clock.now(),
        };
        roles.putPolicy(policy);
        roles.tags.replace(arn, input.Tags ?? []);
        return { Policy: wire(policy) };
      },
    },
    GetPolicy: { authorize, handle: ({ PolicyArn = "" }) => ({ Policy: wire(roles.policy(PolicyArn)) }) },
    GetPolicyVersion: {
      authorize,
      handle: ({ PolicyArn = "", VersionId }) => {
        const policy = roles.policy(PolicyArn);
        if (VersionId !== "v1")
          throw noSuchEntity(`Policy ${PolicyArn} version ${VersionId} does not exist; this home keeps v1.`);
        return {
          PolicyVersion: {
            Document: wireDocument(policy.document),
            VersionId: "v1",
            IsDefaultVersion: true,
            CreateDate: new Date(policy.createdMs),
          },
        };
      },
    },
    ListPolicyVersions: {
      authorize,
      handle({ PolicyArn = "" }) {
        const { createdMs } = roles.policy(PolicyArn);
        const version = { VersionId: "v1", IsDefaultVersion: true, CreateDate: new Date(createdMs) };
        return { Versions: [version], IsTruncated: false };
      },
    },
    ListEntitiesForPolicy: {
      authorize,
      handle({ PolicyArn = "" }) {
        roles.policy(PolicyArn);
        const attached = roles.roles().filter(({ name }) => roles.attachedPolicies(name).includes(PolicyArn));
        const PolicyRoles = attached.map(({ name, id }) => ({ RoleName: name, RoleId: id }));
        return { PolicyRoles, PolicyUsers: [], PolicyGroups: [], IsTruncated: false };
      },
    },
    ListPolicies: { handle: () => ({ Policies: roles.policies().map(wire), IsTruncated: false }) },
    DeletePolicy: {
      authorize,
      handle: ({ PolicyArn = "" }) => {
        roles.policy(PolicyArn);
        if (users(PolicyArn) > 0) {
          throw new AwsError("DeleteConflict", "Cannot delete a policy attached to entities.", { status: 409 });
        }
        roles.dropPolicy(PolicyArn);
        return {};
      },
    },
  };
}
