import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  GetUserCommand,
  IAMClient,
  ListAccountAliasesCommand,
  ListEntitiesForPolicyCommand,
  ListInstanceProfilesForRoleCommand,
  ListPolicyVersionsCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { iam } from "../../../../local/services/iam/index.ts";
import { sts } from "../../../../local/services/sts/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const ROLE = "arn:aws:iam::000000000000:role/reader";
const MANAGED = { PolicyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole" };
let home: Home;
let client: IAMClient;

beforeAll(async () => {
  home = await openHome({ directory: temporaryFolder("iam-account"), services: [iam, sts] });
  client = new IAMClient(home.clientConfig());
  const trust = {
    Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
  };
  await client.send(new CreateRoleCommand({ RoleName: "reader", AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const Statement = [
    { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" },
    { Effect: "Allow", Action: "s3:List*", Resource: "*", Condition: { StringEquals: { "s3:prefix": "in/" } } },
    { Effect: "Deny", Action: "s3:GetObject", Resource: "arn:aws:s3:::data/secret" },
  ];
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await client.send(new PutRolePolicyCommand({ RoleName: "reader", PolicyName: "p", PolicyDocument }));
  await client.send(new AttachRolePolicyCommand({ RoleName: "reader", ...MANAGED }));
});
afterAll(() => home.close());

describe("the account", () => {
  it("has one user, the one who STS says calls, and no aliases", async () => {
    const { Arn } = await new STSClient(home.clientConfig()).send(new GetCallerIdentityCommand({}));
    const { User } = await client.send(new GetUserCommand({}));
    expect(User?.Arn).toBe(Arn);
    expect((await client.send(new ListUsersCommand({}))).Users).toEqual([User]);
    expect((await client.send(new GetUserCommand({ UserName: User?.UserName }))).User).toEqual(User);
    await expect(client.send(new GetUserCommand({ UserName: "x" }))).rejects.toMatchObject({
      name: "NoSuchEntityException",
    });
    expect((await client.send(new ListAccountAliasesCommand({}))).AccountAliases).toEqual([]);
  });

  it("tells versions of a managed policy and who has it", async () => {
    const { Versions } = await client.send(new ListPolicyVersionsCommand(MANAGED));
    expect(Versions).toMatchObject([{ VersionId: "v1", IsDefaultVersion: true }]);
    const { PolicyRoles } = await client.send(new ListEntitiesForPolicyCommand(MANAGED));
    expect(PolicyRoles).toMatchObject([{ RoleName: "reader" }]);
    const profiles = await client.send(new ListInstanceProfilesForRoleCommand({ RoleName: "reader" }));
    expect(profiles.InstanceProfiles).toEqual([]);
  });
});

describe("a simulation of a role's policies", () => {
  it("decides as the home does when the role calls", async () => {
    const simulate = async (ActionNames: string[], ResourceArns: string[], prefix = "in/") => {
      const ContextEntries = [
        { ContextKeyName: "s3:prefix", ContextKeyType: "string" as const, ContextKeyValues: [prefix] },
      ];
      const asked = { PolicySourceArn: ROLE, ActionNames, ResourceArns, ContextEntries };
      const { EvaluationResults } = await client.send(new SimulatePrincipalPolicyCommand(asked));
      return EvaluationResults?.map(({ EvalDecision }) => EvalDecision);
    };
    const objects = ["a", "secret"].map((key) => `arn:aws:s3:::data/${key}`);
    expect(await simulate(["s3:GetObject", "s3:PutObject"], objects)).toEqual([
      "allowed",
      "explicitDeny",
      "implicitDeny",
      "implicitDeny",
    ]);
    expect(await simulate(["s3:ListBucket"], ["arn:aws:s3:::data"])).toEqual(["allowed"]);
    expect(await simulate(["s3:ListBucket"], ["arn:aws:s3:::data"], "out/")).toEqual(["implicitDeny"]);
  });
});
