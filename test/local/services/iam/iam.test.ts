import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { iam } from "../../../../local/services/iam/index.ts";
import { ssm } from "../../../../local/services/ssm/index.ts";
import { sts } from "../../../../local/services/sts/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const ACCOUNT_TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::000000000000:root" }, Action: "sts:AssumeRole" }],
});
const policy = (Action: string, Resource: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] });

let home: Home;
let client: IAMClient;
beforeAll(async () => {
  home = await openHome({ directory: temporaryFolder("iam"), services: [iam, sts, ssm] });
  client = new IAMClient(home.clientConfig());
});
afterAll(() => home.close());

async function session(role: string): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken: string }> {
  const { Credentials } = await new STSClient(home.clientConfig()).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::000000000000:role/${role}`, RoleSessionName: "test" }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
}

describe("IAM and STS through their own clients", () => {
  it("keeps roles with inline and attached policies, documents percent-encoded as IAM answers them", async () => {
    await client.send(new CreateRoleCommand({ RoleName: "worker", AssumeRolePolicyDocument: ACCOUNT_TRUST }));
    await client.send(
      new PutRolePolicyCommand({ RoleName: "worker", PolicyName: "p", PolicyDocument: policy("s3:*", "*") }),
    );
    const managed = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
    await client.send(new AttachRolePolicyCommand({ RoleName: "worker", PolicyArn: managed }));
    const { Role } = await client.send(new GetRoleCommand({ RoleName: "worker" }));
    expect(Role?.Arn).toBe("arn:aws:iam::000000000000:role/worker");
    expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""))).toEqual(JSON.parse(ACCOUNT_TRUST));
    const inline = await client.send(new GetRolePolicyCommand({ RoleName: "worker", PolicyName: "p" }));
    expect(decodeURIComponent(inline.PolicyDocument ?? "")).toBe(policy("s3:*", "*"));
    const { AttachedPolicies } = await client.send(new ListAttachedRolePoliciesCommand({ RoleName: "worker" }));
    expect(AttachedPolicies).toEqual([{ PolicyName: "AWSLambdaBasicExecutionRole", PolicyArn: managed }]);
    await expect(client.send(new DeleteRoleCommand({ RoleName: "worker" }))).rejects.toMatchObject({
      name: "DeleteConflictException",
    });
  });

  it("answers NoSuchEntity and EntityAlreadyExists", async () => {
    await expect(client.send(new GetRoleCommand({ RoleName: "none" }))).rejects.toMatchObject({
      name: "NoSuchEntityException",
    });
    await client.send(new CreateRoleCommand({ RoleName: "once", AssumeRolePolicyDocument: ACCOUNT_TRUST }));
    await expect(
      client.send(new CreateRoleCommand({ RoleName: "once", AssumeRolePolicyDocument: ACCOUNT_TRUST })),
    ).rejects.toMatchObject({ name: "EntityAlreadyExistsException" });
  });

  it("lets a role's session do what its policies allow, and refuses the rest naming action, resource and role", async () => {
    await client.send(new CreateRoleCommand({ RoleName: "reader", AssumeRolePolicyDocument: ACCOUNT_TRUST }));
    const arn = "arn:aws:ssm:us-east-1:000000000000:parameter/open";
    await client.send(
      new PutRolePolicyCommand({
        RoleName: "reader",
        PolicyName: "p",
        PolicyDocument: policy("ssm:GetParameter", arn),
      }),
    );
    await new SSMClient(home.clientConfig()).send(
      new PutParameterCommand({ Name: "/open", Value: "1", Type: "String" }),
    );
    const credentials = await session("reader");
    const asReader = new SSMClient({ ...home.clientConfig(), credentials });
    expect((await asReader.send(new GetParameterCommand({ Name: "/open" }))).Parameter?.Value).toBe("1");
    await expect(asReader.send(new GetParameterCommand({ Name: "/shut" }))).rejects.toThrow(
      "User: arn:aws:sts::000000000000:assumed-role/reader/test is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:us-east-1:000000000000:parameter/shut because no identity-based policy allows the ssm:GetParameter action",
    );
    const identity = await new STSClient({ ...home.clientConfig(), credentials }).send(
      new GetCallerIdentityCommand({}),
    );
    expect(identity.Arn).toBe("arn:aws:sts::000000000000:assumed-role/reader/test");
  });

  it("refuses to assume a role that does not trust the caller", async () => {
    const trust = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    await client.send(new CreateRoleCommand({ RoleName: "function", AssumeRolePolicyDocument: trust }));
    await client.send(new CreateRoleCommand({ RoleName: "caller", AssumeRolePolicyDocument: ACCOUNT_TRUST }));
    const credentials = await session("caller");
    const asCaller = new STSClient({ ...home.clientConfig(), credentials });
    const command = new AssumeRoleCommand({ RoleArn: "arn:aws:iam::000000000000:role/function", RoleSessionName: "x" });
    await expect(asCaller.send(command)).rejects.toThrow("is not authorized to perform: sts:AssumeRole");
  });

  it("makes AWS::IAM::Role and Policy, and takes a policy away again without the role's own", async () => {
    const role = home.resourceTypes.get("AWS::IAM::Role");
    const attached = home.resourceTypes.get("AWS::IAM::Policy");
    if (!role || !attached) throw new Error("no IAM types");
    const context = { stackName: "app", logicalId: "R", generateName: () => "app-R-X" };
    const statement = { Version: "2012-10-17", Statement: [] };
    const made = await role.create(
      { AssumeRolePolicyDocument: statement, Policies: [{ PolicyName: "own", PolicyDocument: statement }] },
      context,
    );
    expect(made).toMatchObject({
      physicalId: "app-R-X",
      attributes: { Arn: "arn:aws:iam::000000000000:role/app-R-X" },
    });
    const extra = await attached.create(
      { PolicyName: "extra", PolicyDocument: statement, Roles: ["app-R-X"] },
      context,
    );
    const names = () =>
      home.ports.policies.role("arn:aws:iam::000000000000:role/app-R-X")?.policies.map(({ name }) => name);
    expect(names()).toEqual(["extra", "own"]);
    await attached.delete(extra, context);
    expect(names()).toEqual(["own"]);
  });
});
