import {
  DeleteFunctionConcurrencyCommand,
  GetAccountSettingsCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  GetRuntimeManagementConfigCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionEventInvokeConfigsCommand,
  ListFunctionUrlConfigsCommand,
  ListLayersCommand,
  ListProvisionedConcurrencyConfigsCommand,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { lambda } from "../../../../local/services/lambda/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { recordingService } from "./recording-service.ts";

const ROLE = "arn:aws:iam::000000000000:role/runner";
const ARN = "arn:aws:lambda:us-east-1:000000000000:function:plain";
const PLAIN = { FunctionName: "plain" };
const logs = recordingService("logs", ["CreateLogGroup", "CreateLogStream", "PutLogEvents"]);
let home: Home;
let client: LambdaClient;

beforeAll(async () => {
  home = await openHome({ directory: temporaryFolder("lambda-settings"), services: [logs.definition, lambda] });
  home.ports.policies.setRoleSource((roleArn) => ({
    roleArn,
    policies: [],
    trust: {
      Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
    },
  }));
  const create = (type: string, properties: object) =>
    home.resourceTypes.get(type)?.create(properties, { stackName: "s", logicalId: "L", generateName: () => "made" });
  const code = {
    Role: ROLE,
    Handler: "index.handler",
    Runtime: "nodejs24.x",
    Code: { ZipFile: "exports.handler = () => 1;" },
  };
  await create("AWS::Lambda::Function", { ...PLAIN, ...code, Tags: [{ Key: "team", Value: "risk" }] });
  await create("AWS::Lambda::Function", { FunctionName: "set", ...code });
  await create("AWS::Lambda::EventInvokeConfig", {
    FunctionName: "set",
    Qualifier: "$LATEST",
    MaximumRetryAttempts: 1,
  });
  await home.start();
  client = new LambdaClient(home.clientConfig());
});
afterAll(async () => {
  client.destroy();
  await home.close();
});

describe("settings of a function", () => {
  it("reserve its concurrency, which binds at once, within what the account keeps for others", async () => {
    expect((await client.send(new GetFunctionConcurrencyCommand(PLAIN))).ReservedConcurrentExecutions).toBeUndefined();
    await client.send(new PutFunctionConcurrencyCommand({ ...PLAIN, ReservedConcurrentExecutions: 0 }));
    await expect(client.send(new InvokeCommand(PLAIN))).rejects.toMatchObject({ name: "TooManyRequestsException" });
    const most = new PutFunctionConcurrencyCommand({ FunctionName: "set", ReservedConcurrentExecutions: 901 });
    await expect(client.send(most)).rejects.toMatchObject({ name: "InvalidParameterValueException" });
    await client.send(new PutFunctionConcurrencyCommand({ ...PLAIN, ReservedConcurrentExecutions: 7 }));
    expect((await client.send(new GetFunctionConcurrencyCommand(PLAIN))).ReservedConcurrentExecutions).toBe(7);
    const { AccountLimit, AccountUsage } = await client.send(new GetAccountSettingsCommand({}));
    expect([AccountLimit?.UnreservedConcurrentExecutions, AccountUsage?.FunctionCount]).toEqual([993, 2]);
    await client.send(new DeleteFunctionConcurrencyCommand(PLAIN));
    expect((await client.send(new InvokeCommand(PLAIN))).StatusCode).toBe(200);
  });

  it("say how it is invoked asynchronously, or that nothing is said", async () => {
    const missing = client.send(new GetFunctionEventInvokeConfigCommand(PLAIN));
    await expect(missing).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: `The function ${ARN}:$LATEST doesn't have an EventInvokeConfig`,
    });
    const list = async (FunctionName: string) =>
      (await client.send(new ListFunctionEventInvokeConfigsCommand({ FunctionName }))).FunctionEventInvokeConfigs;
    expect(await list("plain")).toEqual([]);
    expect(await list("set")).toMatchObject([{ MaximumRetryAttempts: 1 }]);
    const set = await client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: "set" }));
    expect(set.MaximumRetryAttempts).toBe(1);
  });

  it("tag it", async () => {
    await client.send(new TagResourceCommand({ Resource: ARN, Tags: { cost: "7" } }));
    await client.send(new UntagResourceCommand({ Resource: ARN, TagKeys: ["team"] }));
    expect((await client.send(new ListTagsCommand({ Resource: ARN }))).Tags).toEqual({ cost: "7" });
  });

  it("that the home has none of are answered as of a function without them", async () => {
    expect((await client.send(new ListLayersCommand({}))).Layers).toEqual([]);
    expect((await client.send(new ListFunctionUrlConfigsCommand(PLAIN))).FunctionUrlConfigs).toEqual([]);
    const provisioned = await client.send(new ListProvisionedConcurrencyConfigsCommand(PLAIN));
    expect(provisioned.ProvisionedConcurrencyConfigs).toEqual([]);
    expect((await client.send(new GetRuntimeManagementConfigCommand(PLAIN))).UpdateRuntimeOn).toBe("Auto");
    expect((await client.send(new GetFunctionCodeSigningConfigCommand(PLAIN))).FunctionName).toBe("plain");
    const none = client.send(new ListFunctionUrlConfigsCommand({ FunctionName: "none" }));
    await expect(none).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
