import { describe, expect, it } from "vitest";
import { createAuthorizer, createPolicyRegistry } from "../../../local/iam/index.ts";
import type { Principal } from "../../../local/principal.ts";

const ROLE = "arn:aws:iam::000000000000:role/reader";
const session: Principal = { kind: "role", roleArn: ROLE, sessionName: "job" };
const allow = (Action: string | string[], Resource: string | string[] = "*", rest: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...rest,
});
const deny = (Action: string, Resource = "*", rest: object = {}) => ({ Effect: "Deny", Action, Resource, ...rest });

function world(options: { identity?: object[]; boundary?: object[]; resources?: Record<string, object[]> }) {
  const registry = createPolicyRegistry();
  const document = (Statement: object[]) => ({ Version: "2012-10-17", Statement });
  registry.setRoleSource((roleArn) =>
    roleArn === ROLE
      ? {
          roleArn,
          policies: [{ name: "inline", document: document(options.identity ?? []) }],
          trust: {},
          ...(options.boundary ? { permissionsBoundary: document(options.boundary) } : {}),
        }
      : undefined,
  );
  for (const service of ["s3", "sqs"]) {
    registry.setResourceSource(service, (arn) =>
      options.resources?.[arn] ? document(options.resources[arn]) : undefined,
    );
  }
  const authorize = createAuthorizer(registry, { accountId: "000000000000" });
  return {
    registry,
    may: (principal: Principal, action: string, resource: string, context?: Record<string, string>) =>
      authorize(principal, { action, resource, ...(context ? { context } : {}) }),
  };
}

describe("createAuthorizer", () => {
  const object = "arn:aws:s3:::data/a.csv";
  const queue = "arn:aws:sqs:us-east-1:000000000000:q";
  const rule = "arn:aws:events:us-east-1:000000000000:rule/r";

  it("allows the home's principal everything", () => {
    expect(() => world({}).may({ kind: "home", accountId: "000000000000" }, "s3:DeleteBucket", object)).not.toThrow();
  });

  it("words a missing permission as AWS does", () => {
    expect(() => world({ identity: [allow("s3:PutObject")] }).may(session, "s3:GetObject", object)).toThrow(
      'User: arn:aws:sts::000000000000:assumed-role/reader/job is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::data/a.csv" because no identity-based policy allows the s3:GetObject action',
    );
  });

  it("words an explicit deny by the policy it is in", () => {
    expect(() =>
      world({ identity: [allow("s3:*"), deny("s3:GetObject")] }).may(session, "s3:GetObject", object),
    ).toThrow("with an explicit deny in an identity-based policy");
    const resources = { [object]: [deny("s3:*", object, { Principal: "*" })] };
    expect(() => world({ identity: [allow("s3:*")], resources }).may(session, "s3:GetObject", object)).toThrow(
      "with an explicit deny in a resource-based policy",
    );
  });

  it.each([
    { name: "an action with a wildcard", statement: allow("s3:Get*", "arn:aws:s3:::data/*"), allowed: true },
    { name: "an action in another case", statement: allow("S3:getobject", "arn:aws:s3:::*"), allowed: true },
    {
      name: "a policy variable in the resource",
      statement: allow("s3:GetObject", "arn:aws:s3:::${aws:PrincipalAccount}/*"),
      allowed: false,
    },
    { name: "a single-character wildcard", statement: allow("s3:GetObject", "arn:aws:s3:::dat?/?.csv"), allowed: true },
    { name: "another resource", statement: allow("s3:GetObject", "arn:aws:s3:::other/*"), allowed: false },
    { name: "NotAction", statement: { Effect: "Allow", NotAction: "iam:*", Resource: "*" }, allowed: true },
    {
      name: "NotResource",
      statement: { Effect: "Allow", Action: "*", NotResource: "arn:aws:s3:::data/*" },
      allowed: false,
    },
    {
      name: "a condition that holds",
      statement: allow("s3:GetObject", "*", { Condition: { StringEquals: { "s3:prefix": "x" } } }),
      allowed: true,
    },
    {
      name: "a condition that fails",
      statement: allow("s3:GetObject", "*", { Condition: { StringEquals: { "s3:prefix": "y" } } }),
      allowed: false,
    },
    {
      name: "a TLS-only condition",
      statement: allow("s3:GetObject", "*", { Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      allowed: true,
    },
    {
      name: "a policy variable",
      statement: allow("s3:GetObject", "*", {
        Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/rea*" } },
      }),
      allowed: true,
    },
  ])("decides on $name", ({ statement, allowed }) => {
    const ask = () => world({ identity: [statement] }).may(session, "s3:GetObject", object, { "s3:prefix": "x" });
    if (allowed) expect(ask).not.toThrow();
    else expect(ask).toThrow("is not authorized");
  });

  it("limits a role by its permissions boundary", () => {
    const identity = [allow("s3:*")];
    expect(() => world({ identity, boundary: [allow("sqs:*")] }).may(session, "s3:GetObject", object)).toThrow(
      "because no permissions boundary allows the s3:GetObject action",
    );
    expect(() => world({ identity, boundary: [allow("s3:Get*")] }).may(session, "s3:GetObject", object)).not.toThrow();
  });

  it("lets a resource's policy allow a role of the same account by itself, but not through the account's root", () => {
    const granting = (AWS: string) => ({ [object]: [allow("s3:GetObject", object, { Principal: { AWS } })] });
    expect(() => world({ resources: granting(ROLE) }).may(session, "s3:GetObject", object)).not.toThrow();
    expect(() =>
      world({ resources: granting("arn:aws:iam::000000000000:root") }).may(session, "s3:GetObject", object),
    ).toThrow("no identity-based policy");
  });

  it("lets an AWS service act only where a resource's policy names it and its source", () => {
    const statement = allow("sqs:SendMessage", queue, {
      Principal: { Service: "events.amazonaws.com" },
      Condition: { ArnEquals: { "aws:SourceArn": rule } },
    });
    const { may } = world({ resources: { [queue]: [statement] } });
    const service = (name: string, sourceArn: string): Principal => ({ kind: "service", service: name, sourceArn });
    expect(() => may(service("events.amazonaws.com", rule), "sqs:SendMessage", queue)).not.toThrow();
    expect(() => may(service("events.amazonaws.com", `${rule}2`), "sqs:SendMessage", queue)).toThrow(
      "no resource-based policy",
    );
    expect(() => may(service("sns.amazonaws.com", rule), "sqs:SendMessage", queue)).toThrow("no resource-based policy");
  });

  it("decides anew after a policy changed", () => {
    const identity = [allow("s3:GetObject")];
    const { registry, may } = world({ identity });
    may(session, "s3:GetObject", object);
    identity.length = 0;
    registry.invalidate();
    expect(() => may(session, "s3:GetObject", object)).toThrow("is not authorized");
  });
});
