import {
  CreateAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListAliasesCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FunctionHome, openFunctionHome } from "./function-home.ts";

const FunctionName = "greeter";
const greeting = (text: string) =>
  `exports.handler = async (_event, context) => ({ text: "${text}", version: context.functionVersion, arn: context.invokedFunctionArn });`;
let functions: FunctionHome;
let client: LambdaClient;

beforeEach(async () => {
  functions = await openFunctionHome();
  client = new LambdaClient(functions.home.clientConfig());
  await functions.putFunction(FunctionName, greeting("one"));
});

afterEach(async () => {
  client.destroy();
  await functions.close();
});

const invoke = async (Qualifier?: string, name = FunctionName) => {
  const answer = await client.send(new InvokeCommand({ FunctionName: name, Qualifier }));
  return { executed: answer.ExecutedVersion, ...JSON.parse(answer.Payload?.transformToString() ?? "") };
};
const publish = () => client.send(new PublishVersionCommand({ FunctionName }));
const arn = "arn:aws:lambda:us-east-1:000000000000:function:greeter";

describe("a published version", () => {
  it("stays as it was when the function changes", async () => {
    expect(await publish()).toMatchObject({ Version: "1", FunctionArn: `${arn}:1` });
    await functions.putFunction(FunctionName, greeting("two"));
    expect(await invoke("1")).toMatchObject({ text: "one", version: "1", executed: "1", arn: `${arn}:1` });
    expect(await invoke(undefined, `${arn}:1`)).toMatchObject({ text: "one" });
    expect(await invoke()).toMatchObject({ text: "two", version: "$LATEST", executed: "$LATEST" });
  });

  it("is the last one again when nothing changed, and numbers are not used twice", async () => {
    await publish();
    expect((await publish()).Version).toBe("1");
    await client.send(new DeleteFunctionCommand({ FunctionName, Qualifier: "1" }));
    await functions.putFunction(FunctionName, greeting("two"));
    expect((await publish()).Version).toBe("2");
    const { Versions = [] } = await client.send(new ListVersionsByFunctionCommand({ FunctionName }));
    expect(Versions.map(({ Version }) => Version)).toEqual(["$LATEST", "2"]);
  });

  it("that is not there is named in the error", async () => {
    await expect(invoke("7")).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: `Function not found: ${arn}:7`,
    });
  });
});

describe("an alias", () => {
  it("moves from version to version, and takes its function's invocations by weight", async () => {
    await publish();
    await functions.putFunction(FunctionName, greeting("two"));
    await publish();
    const Name = "live";
    await client.send(new CreateAliasCommand({ FunctionName, Name, FunctionVersion: "1" }));
    expect(await invoke("live")).toMatchObject({ text: "one", arn: `${arn}:live`, executed: "1" });
    await client.send(new UpdateAliasCommand({ FunctionName, Name, FunctionVersion: "2" }));
    expect(await invoke("live")).toMatchObject({ text: "two" });
    const RoutingConfig = { AdditionalVersionWeights: { "1": 1 } };
    await client.send(new UpdateAliasCommand({ FunctionName, Name, RoutingConfig }));
    expect(await invoke("live")).toMatchObject({ text: "one" });
    expect(await client.send(new GetAliasCommand({ FunctionName, Name }))).toMatchObject({
      AliasArn: `${arn}:live`,
      FunctionVersion: "2",
      RoutingConfig,
    });
    expect((await client.send(new ListAliasesCommand({ FunctionName }))).Aliases).toHaveLength(1);
  });

  it("keeps its version from being deleted, and cannot point at none", async () => {
    await publish();
    await client.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" }));
    await expect(client.send(new DeleteFunctionCommand({ FunctionName, Qualifier: "1" }))).rejects.toMatchObject({
      name: "ResourceConflictException",
    });
    await expect(
      client.send(new CreateAliasCommand({ FunctionName, Name: "other", FunctionVersion: "9" })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("is made by CloudFormation, with the version it points at", async () => {
    const version = await functions.make("AWS::Lambda::Version", { FunctionName });
    expect(version).toEqual({ physicalId: `${arn}:1`, attributes: { Version: "1", FunctionArn: `${arn}:1` } });
    const alias = await functions.make("AWS::Lambda::Alias", { FunctionName, Name: "live", FunctionVersion: "1" });
    expect(await invoke("live")).toMatchObject({ text: "one" });
    await functions.remove("AWS::Lambda::Alias", alias);
    await functions.remove("AWS::Lambda::Version", version);
    const { Version } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(Version).toBe("$LATEST");
    await expect(invoke("live")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
