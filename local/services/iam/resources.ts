/** AWS::IAM::* types. */
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, ResourceContext, ResourceState, ResourceType } from "../../define-service.ts";
import { cfnNumber, cfnTags, parseProperties } from "../../parse-properties.ts";
import type { RoleStore } from "./role-store.ts";
import { newId } from "./unique-id.ts";

const Document = z.looseObject({ Statement: z.unknown() });
const RoleProperties = z.strictObject({
  AssumeRolePolicyDocument: Document,
  Description: z.string().default(""),
  ManagedPolicyArns: z.array(z.string()).default([]),
  MaxSessionDuration: cfnNumber.default(3600),
  Path: z.string().default("/"),
  PermissionsBoundary: z.string().default(""),
  Policies: z.array(z.object({ PolicyName: z.string(), PolicyDocument: Document })).default([]),
  RoleName: z.string().optional(),
  Tags: cfnTags.optional(),
});
const PolicyProperties = z.strictObject({
  PolicyName: z.string(),
  PolicyDocument: Document,
  Roles: z.array(z.string()).default([]),
});
const RolePolicyProperties = z.strictObject({ PolicyName: z.string(), PolicyDocument: Document, RoleName: z.string() });
const ManagedPolicyProperties = z.strictObject({
  ManagedPolicyName: z.string().optional(),
  PolicyDocument: Document,
  Description: z.string().default(""),
  Path: z.string().default("/"),
  Roles: z.array(z.string()).default([]),
});

/** The resource types of the IAM service. */
export function iamResources(home: HomePorts, roles: RoleStore): Record<string, ResourceType> {
  return {
    "AWS::IAM::Role": roleType(home, roles),
    "AWS::IAM::Policy": inlinePolicyType(roles),
    "AWS::IAM::RolePolicy": rolePolicyType(roles),
    "AWS::IAM::ManagedPolicy": managedPolicyType(home, roles),
  };
}

function roleType(home: HomePorts, roles: RoleStore): ResourceType {
  const write = (properties: unknown, name: string, fresh: { id: string; createdMs: number }): ResourceState => {
    const wanted = parseProperties("AWS::IAM::Role", RoleProperties, properties);
    if (wanted.PermissionsBoundary !== "") roles.policy(wanted.PermissionsBoundary);
    roles.putRole({
      name,
      path: wanted.Path,
      trust: JSON.stringify(wanted.AssumeRolePolicyDocument),
      description: wanted.Description,
      maxSessionSeconds: wanted.MaxSessionDuration,
      boundary: wanted.PermissionsBoundary,
      ...fresh,
    });
    for (const { PolicyName, PolicyDocument } of wanted.Policies) {
      roles.putInlinePolicy(name, PolicyName, JSON.stringify(PolicyDocument));
    }
    for (const arn of wanted.ManagedPolicyArns) roles.attach(name, arn);
    roles.tags.replace(roles.roleArn({ path: wanted.Path, name }), wanted.Tags ?? []);
    return { physicalId: name, attributes: { Arn: roles.roleArn({ path: wanted.Path, name }), RoleId: fresh.id } };
  };
  return {
    properties: RoleProperties,
    create(properties, context) {
      const { RoleName } = parseProperties("AWS::IAM::Role", RoleProperties, properties);
      const name = RoleName ?? context.generateName(64);
      const known = roles.find(name);
      return write(properties, name, known ?? { id: newId("AROA", home.uuid()), createdMs: home.clock.now() });
    },
    update(properties, current, _context, previousProperties) {
      const wanted = parseProperties("AWS::IAM::Role", RoleProperties, properties);
      const before = parseProperties("AWS::IAM::Role", RoleProperties, previousProperties);
      if (wanted.RoleName !== before.RoleName || wanted.Path !== before.Path) return "replace";
      const { id, createdMs } = roles.role(current.physicalId);
      // Only what the role itself declared before: AWS::IAM::Policy resources hang on the same role.
      for (const { PolicyName } of before.Policies) roles.dropInlinePolicy(current.physicalId, PolicyName);
      for (const arn of before.ManagedPolicyArns) roles.detach(current.physicalId, arn);
      return write(properties, current.physicalId, { id, createdMs });
    },
    delete(current) {
      roles.dropRole(current.physicalId);
    },
  };
}

function inlinePolicyType(roles: RoleStore): ResourceType {
  const write = (properties: unknown): ResourceState => {
    const wanted = parseProperties("AWS::IAM::Policy", PolicyProperties, properties);
    for (const role of wanted.Roles) {
      roles.role(role);
      roles.putInlinePolicy(role, wanted.PolicyName, JSON.stringify(wanted.PolicyDocument));
    }
    return { physicalId: wanted.PolicyName, attributes: { Id: wanted.PolicyName, Roles: wanted.Roles } };
  };
  const drop = (state: ResourceState) => {
    for (const role of z.array(z.string()).parse(state.attributes.Roles))
      roles.dropInlinePolicy(role, state.physicalId);
  };
  return {
    properties: PolicyProperties,
    create: write,
    update(properties, current) {
      drop(current);
      return write(properties);
    },
    delete: drop,
  };
}

function rolePolicyType(roles: RoleStore): ResourceType {
  const write = (properties: unknown): ResourceState => {
    const wanted = parseProperties("AWS::IAM::RolePolicy", RolePolicyProperties, properties);
    roles.role(wanted.RoleName);
    roles.putInlinePolicy(wanted.RoleName, wanted.PolicyName, JSON.stringify(wanted.PolicyDocument));
    return { physicalId: `${wanted.PolicyName}|${wanted.RoleName}`, attributes: {} };
  };
  const drop = ({ physicalId }: ResourceState) => {
    const [name = "", role = ""] = physicalId.split("|");
    roles.dropInlinePolicy(role, name);
  };
  return {
    properties: RolePolicyProperties,
    create: write,
    update(properties, current) {
      drop(current);
      return write(properties);
    },
    delete: drop,
  };
}

function managedPolicyType(home: HomePorts, roles: RoleStore): ResourceType {
  const write = (properties: unknown, context: ResourceContext, arnNow?: string): ResourceState | "replace" => {
    const wanted = parseProperties("AWS::IAM::ManagedPolicy", ManagedPolicyProperties, properties);
    const name = wanted.ManagedPolicyName ?? context.generateName(128);
    const arn = `arn:aws:iam::${home.accountId}:policy${wanted.Path}${name}`;
    if (arnNow !== undefined && arnNow !== arn) return "replace";
    const id = newId("ANPA", home.uuid());
    const { Path: path, Description: description } = wanted;
    const document = JSON.stringify(wanted.PolicyDocument);
    roles.putPolicy({ arn, name, path, id, document, description, createdMs: home.clock.now() });
    for (const role of roles.roles()) {
      if (wanted.Roles.includes(role.name)) roles.attach(role.name, arn);
    }
    return { physicalId: arn, attributes: { PolicyArn: arn, PolicyId: id, Roles: wanted.Roles } };
  };
  const detach = ({ physicalId, attributes }: ResourceState) => {
    for (const role of z.array(z.string()).parse(attributes.Roles)) roles.detach(role, physicalId);
  };
  return {
    properties: ManagedPolicyProperties,
    create(properties, context) {
      const made = write(properties, context);
      if (made === "replace") throw new AwsError("InternalFailure", "a new managed policy cannot ask to be replaced");
      return made;
    },
    update(properties, current, context) {
      detach(current);
      return write(properties, context, current.physicalId);
    },
    delete(current) {
      detach(current);
      roles.dropPolicy(current.physicalId);
    },
  };
}
