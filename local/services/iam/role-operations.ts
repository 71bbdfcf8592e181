/** Operations on roles and their policies. */
import type * as Iam from "@aws-sdk/client-iam";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import { parseDocument, wireDocument } from "./policy-document.ts";
import { noSuchEntity, type RoleRecord, type RoleStore } from "./role-store.ts";
import { newId } from "./unique-id.ts";

/** The operations whose subject is a role. */
export function roleOperations(home: HomePorts, roles: RoleStore): Operations<typeof Iam> {
  const authorize = ({ RoleName }: { RoleName?: string | undefined }) => {
    const role = roles.find(RoleName ?? "");
    return { resource: roles.roleArn(role ?? { path: "/", name: RoleName ?? "" }) };
  };
  return {
    CreateRole: {
      authorize: (input) => [
        authorize(input),
        ...(input.Tags === undefined ? [] : [{ ...authorize(input), action: "iam:TagRole" }]),
      ],
      handle: (input) => {
        const name = input.RoleName ?? "";
        if (roles.find(name)) {
          throw new AwsError("EntityAlreadyExists", `Role with name ${name} already exists.`, { status: 409 });
        }
        const role: RoleRecord = {
          name,
          path: input.Path ?? "/",
          id: newId("AROA", home.uuid()),
          trust: parseDocument(input.AssumeRolePolicyDocument),
          description: input.Description ?? "",
          maxSessionSeconds: input.MaxSessionDuration ?? 3600,
          boundary: input.PermissionsBoundary ?? "",
          createdMs: home.clock.now(),
        };
        if (role.boundary !== "") roles.policy(role.boundary);
        roles.putRole(role);
        roles.tags.replace(roles.roleArn(role), input.Tags ?? []);
        return { Role: wireRole(role, roles) };
      },
    },
    GetRole: { authorize, handle: ({ RoleName = "" }) => ({ Role: wireRole(roles.role(RoleName), roles) }) },
    ListRoles: {
      handle: ({ PathPrefix = "/" }) => ({
        Roles: roles
          .roles()
          .filter(({ path }) => path.startsWith(PathPrefix))
          .map((role) => wireRole(role, roles)),
        IsTruncated: false,
      }),
    },
    UpdateRole: {
      authorize,
      handle: ({ RoleName = "", Description, MaxSessionDuration }) => {
        const role = roles.role(RoleName);
        roles.putRole({
          ...role,
          description: Description ?? role.description,
          maxSessionSeconds: MaxSessionDuration ?? role.maxSessionSeconds,
        });
        return {};
      },
    },
    DeleteRole: {
      authorize,
      handle: ({ RoleName = "" }) => {
        roles.role(RoleName);
        if (roles.inlinePolicies(RoleName).length > 0)
          throw conflict("Cannot delete entity, must delete policies first.");
        if (roles.attachedPolicies(RoleName).length > 0)
          throw conflict("Cannot delete entity, must detach all policies first.");
        roles.dropRole(RoleName);
        return {};
      },
    },
    UpdateAssumeRolePolicy: {
      authorize,
      handle: ({ RoleName = "", PolicyDocument }) => {
        roles.putRole({ ...roles.role(RoleName), trust: parseDocument(PolicyDocument) });
        return {};
      },
    },
    PutRolePermissionsBoundary: {
      authorize,
      handle: ({ RoleName = "", PermissionsBoundary = "" }) => {
        roles.policy(PermissionsBoundary);
        roles.putRole({ ...roles.role(RoleName), boundary: PermissionsBoundary });
        return {};
      },
    },
    DeleteRolePermissionsBoundary: {
      authorize,
      handle: ({ RoleName = "" }) => {
        roles.putRole({ ...roles.role(RoleName), boundary: "" });
        return {};
      },
    },
    PutRolePolicy: {
      authorize,
      handle: ({ RoleName = "", PolicyName = "", PolicyDocument }) => {
        roles.role(RoleName);
        roles.putInlinePolicy(RoleName, PolicyName, parseDocument(PolicyDocument));
        return {};
      },
    },
    GetRolePolicy: {
      authorize,
      handle: ({ RoleName = "", PolicyName = "" }) => {
        roles.role(RoleName);
        const policy = roles.inlinePolicies(RoleName).find(({ name }) => name === PolicyName);
        if (!policy) throw noSuchEntity(`The role policy with name ${PolicyName} cannot be found.`);
        return { RoleName, PolicyName, PolicyDocument: wireDocument(policy.document) };
      },
    },
    DeleteRolePolicy: {
      authorize,
      handle: ({ RoleName = "", PolicyName = "" }) => {
        roles.role(RoleName);
        if (!roles.dropInlinePolicy(RoleName, PolicyName))
          throw noSuchEntity(`The role policy with name ${PolicyName} cannot be found.`);
        return {};
      },
    },
    ListRolePolicies: {
      authorize,
      handle: ({ RoleName = "" }) => {
        roles.role(RoleName);
        return { PolicyNames: roles.inlinePolicies(RoleName).map(({ name }) => name), IsTruncated: false };
      },
    },
    AttachRolePolicy: {
      authorize: (input) => ({ ...authorize(input), context: { "iam:PolicyARN": input.PolicyArn ?? "" } }),
      handle: ({ RoleName = "", PolicyArn = "" }) => {
        roles.role(RoleName);
        roles.attach(RoleName, PolicyArn);
        return {};
      },
    },
    DetachRolePolicy: {
      authorize: (input) => ({ ...authorize(input), context: { "iam:PolicyARN": input.PolicyArn ?? "" } }),
      handle: ({ RoleName = "", PolicyArn = "" }) => {
        roles.role(RoleName);
        if (!roles.detach(RoleName, PolicyArn)) throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
        return {};
      },
    },
    ListAttachedRolePolicies: {
      authorize,
      handle: ({ RoleName = "" }) => {
        roles.role(RoleName);
        const attached = roles.attachedPolicies(RoleName).map((arn) => roles.policy(arn));
        return {
          AttachedPolicies: attached.map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn })),
          IsTruncated: false,
        };
      },
    },
  };
}

const conflict = (message: string) => new AwsError("DeleteConflict", message, { status: 409 });

function wireRole(role: RoleRecord, roles: RoleStore): Iam.Role {
  const tags = roles.tags.list(roles.roleArn(role));
  return {
    ...(tags.length === 0 ? {} : { Tags: tags }),
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: roles.roleArn(role),
    CreateDate: new Date(role.createdMs),
    AssumeRolePolicyDocument: wireDocument(role.trust),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
    ...(role.boundary === ""
      ? {}
      : {
          PermissionsBoundary: {
            PermissionsBoundaryType: "PermissionsBoundaryPolicy",
            PermissionsBoundaryArn: role.boundary,
          },
        }),
  };
}
