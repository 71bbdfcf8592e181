/** Custom resources: their function is invoked as CloudFormation does, and those the home makes itself need none. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyAssembly } from "../../../local/assembly/index.ts";
import { type Home, openHome } from "../../../local/home.ts";
import { zipOf } from "../../cli/intake/zip-of.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { type SampleStack, writeAssembly } from "./sample-assembly.ts";

/** Keeps what it is asked in parameters of SSM, and answers as CloudFormation's cfn-response module does. */
const MAKER = `
const https = require("node:https");
const { SSMClient, PutParameterCommand } = require("@aws-sdk/client-ssm");
exports.handler = async (event) => {
  const { ResponseURL, ...asked } = event;
  const { How = "", Name } = event.ResourceProperties;
  if (How === "throw") throw new RangeError("asked to fail");
  const Value = JSON.stringify(asked);
  await new SSMClient({}).send(new PutParameterCommand({ Name: "/asked/" + event.RequestType, Value, Type: "String", Overwrite: true }));
  const body = JSON.stringify({
    Status: How === "refuse" ? "FAILED" : "SUCCESS", Reason: "it would not", PhysicalResourceId: "made-" + Name,
    StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId, Data: { Answer: "of " + Name },
  });
  if (How === "fetch") return void (await fetch(ResponseURL, { method: "PUT", body }));
  const { hostname, pathname, search } = new URL(ResponseURL);
  await new Promise((done, fail) => {
    const request = https.request({ hostname, port: 443, path: pathname + search, method: "PUT", headers: { "content-type": "", "content-length": body.length } }, done);
    request.on("error", fail);
    request.end(body);
  });
};`;
const Role = {
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
    },
    Policies: [{ PolicyName: "all", PolicyDocument: { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] } }],
  },
};
const functionOf = (Runtime: string, Code: object) => ({
  Type: "AWS::Lambda::Function",
  Properties: { Handler: "index.handler", Runtime, Code, Role: { "Fn::GetAtt": ["Role", "Arn"] } },
});
const Maker = functionOf("nodejs24.x", { ZipFile: MAKER });
const mine = (properties: object) => ({
  Type: "Custom::Mine",
  Properties: { ServiceToken: { "Fn::GetAtt": ["Maker", "Arn"] }, ...properties },
});

let home: Home;
let directory: string;

beforeEach(async () => {
  directory = temporaryFolder();
  home = await openHome({ directory: join(directory, "home") });
});
afterEach(async () => {
  await home.close();
  rmSync(directory, { recursive: true, force: true });
});

const up = (stack: SampleStack, extra: Parameters<typeof writeAssembly>[1] = {}) =>
  applyAssembly({
    directory: writeAssembly({ app: stack }, extra),
    home: home.ports,
    resourceTypes: home.resourceTypes,
  });
const asked = async (request: string) => {
  const ssm = new SSMClient(home.clientConfig());
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: `/asked/${request}` }));
  return JSON.parse(Parameter?.Value ?? "");
};

describe("a custom resource of a function", () => {
  const stack = (properties: object): SampleStack => ({
    Resources: { Role, Maker, Mine: mine(properties) },
    Outputs: { Answer: { Value: { "Fn::GetAtt": ["Mine", "Answer"] } }, Id: { Value: { Ref: "Mine" } } },
  });

  it.each(["https", "fetch"])("is created with what the function answers by %s", async (How) => {
    const { outputs } = await up(stack({ Name: "a", How, Deep: { Count: 5, On: true } }));
    expect(outputs.app).toEqual({ Answer: "of a", Id: "made-a" });
    expect(await asked("Create")).toMatchObject({
      RequestType: "Create",
      ResourceType: "Custom::Mine",
      LogicalResourceId: "Mine",
      StackId: expect.stringMatching(/^arn:aws:cloudformation:us-east-1:000000000000:stack\/app\//),
      ResourceProperties: { Name: "a", Deep: { Count: "5", On: "true" } },
    });
  });

  it("is updated with both properties; the one it is replaced by, with another id, has it deleted", async () => {
    await up(stack({ Name: "a" }));
    const { updated, outputs } = await up(stack({ Name: "b" }));
    expect(updated).toMatchObject([{ logicalId: "Mine", physicalId: "made-b" }]);
    expect(outputs.app).toEqual({ Answer: "of b", Id: "made-b" });
    expect(await asked("Update")).toMatchObject({
      PhysicalResourceId: "made-a",
      ResourceProperties: { Name: "b" },
      OldResourceProperties: { Name: "a" },
    });
    expect(await asked("Delete")).toMatchObject({ PhysicalResourceId: "made-a", ResourceProperties: { Name: "a" } });
  });

  it("is deleted by its function before that is", async () => {
    await up(stack({ Name: "a" }));
    const { deleted } = await up({ Resources: { Role } });
    expect(deleted.map(({ logicalId }) => logicalId)).toEqual(["Mine", "Maker"]);
    expect(await asked("Delete")).toMatchObject({ PhysicalResourceId: "made-a", ResourceProperties: { Name: "a" } });
  });

  it.each([
    { How: "refuse", told: "answered FAILED: it would not" },
    { How: "throw", told: "RangeError" },
  ])("fails with the cause where the function should $How, and is created by the next up", async ({ How, told }) => {
    await expect(up(stack({ Name: "a", How }))).rejects.toThrow(told);
    const { outputs } = await up(stack({ Name: "a" }));
    expect(outputs.app).toEqual({ Answer: "of a", Id: "made-a" });
  });

  it("is refused beforehand where its function is", async () => {
    const Python = functionOf("python3.13", { ZipFile: "x" });
    const refused = up({ Resources: { Role, Maker: Python, Mine: mine({ Name: "a" }) } });
    await expect(refused).rejects.toThrow("AWS::Lambda::Function Maker in app: runtime python3.13");
  });
});

describe("a deployment to a bucket", () => {
  const assets = {
    one: {
      source: { path: "one", packaging: "zip" },
      destinations: { here: { bucketName: "assets", objectKey: "one.zip" } },
    },
  };
  const deployment = (properties: object) => ({
    Type: "Custom::CDKBucketDeployment",
    Properties: {
      ServiceToken: { "Fn::GetAtt": ["Copier", "Arn"] },
      SourceBucketNames: ["assets"],
      SourceObjectKeys: ["one.zip"],
      DestinationBucketName: { Ref: "Bucket" },
      DestinationBucketKeyPrefix: "to",
      ...properties,
    },
  });
  const stack = (properties: object, files: Record<string, string>) =>
    up(
      {
        Resources: {
          Role,
          Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: "bucket" } },
          Layer: { Type: "AWS::Lambda::LayerVersion", Properties: { Content: {} } },
          Copier: {
            Type: "AWS::Lambda::Function",
            Properties: { Runtime: "python3.13", Handler: "i.h", Code: {}, Role: "r", Layers: [{ Ref: "Layer" }] },
          },
          Log: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: { "Fn::Sub": "/aws/lambda/${Copier}" } } },
          Deployment: deployment(properties),
        },
      },
      { assets, files },
    );
  const keys = async () => {
    const { Contents = [] } = await new S3Client(home.clientConfig()).send(
      new ListObjectsV2Command({ Bucket: "bucket" }),
    );
    return Contents.map(({ Key }) => Key);
  };
  const read = async (Key: string) => {
    const object = await new S3Client(home.clientConfig()).send(new GetObjectCommand({ Bucket: "bucket", Key }));
    return { text: await object.Body?.transformToString(), type: object.ContentType, metadata: object.Metadata };
  };

  it("puts every file of a folder, values in the place of their markers, without the CDK's function", async () => {
    const properties = {
      SourceMarkers: [{ "<<m>>": { "Fn::GetAtt": ["Bucket", "Arn"] } }],
      SourceMarkersConfig: [{ jsonEscape: true }],
      UserMetadata: { Team: "ml" },
    };
    const { created } = await stack(properties, { "one/a/b.json": '{"arn":"<<m>>"}', "one/c.py": "print()" });
    expect(created.map(({ logicalId }) => logicalId)).not.toContain("Copier");
    const json = { text: '{"arn":"arn:aws:s3:::bucket"}', type: "application/json", metadata: { team: "ml" } };
    expect(await read("to/a/b.json")).toEqual(json);
    expect(await keys()).toEqual(["to/a/b.json", "to/c.py"]);
  });

  describe("of an archive in a bucket", () => {
    const archive = { SourceBucketNames: ["archives"], SourceObjectKeys: ["site.zip"] };
    const keep = async (Body: Buffer) => {
      const s3 = new S3Client(home.clientConfig());
      await s3.send(new CreateBucketCommand({ Bucket: "archives" }));
      await s3.send(new PutObjectCommand({ Bucket: "archives", Key: "site.zip", Body }));
    };

    it("puts every file of it", async () => {
      await keep(
        zipOf([
          { name: "a/", content: "" },
          { name: "a/b.txt", content: "b" },
        ]),
      );
      await stack(archive, { "one/other": "" });
      expect(await read("to/a/b.txt")).toMatchObject({ text: "b" });
      expect(await keys()).toEqual(["to/a/b.txt"]);
    });

    it("refuses one that unpacks to more than a function has room for, before it is unpacked", async () => {
      await keep(zipOf(["one", "two"].map((name) => ({ name, content: "", size: 300_000_000 }))));
      await expect(stack(archive, { "one/other": "" })).rejects.toThrow(
        "s3://archives/site.zip unpacks to more, and a deployment's function has room for 536870912 bytes",
      );
    });

    it("refuses one that unpacks to more than it says, and what is no archive", async () => {
      await keep(zipOf([{ name: "one", content: Buffer.alloc(1_000_000), size: 10 }]));
      await expect(stack(archive, { "one/other": "" })).rejects.toThrow(
        "one of s3://archives/site.zip cannot be unpacked as a zip archive: too many bytes",
      );
      await keep(Buffer.from("no archive"));
      await expect(stack(archive, { "one/other": "" })).rejects.toThrow(
        "s3://archives/site.zip cannot be unpacked as a zip archive",
      );
    });
  });

  it("prunes what is no more, but for what is excluded, and nothing outside of its prefix", async () => {
    await stack({ Exclude: ["keep/*"] }, { "one/a": "1", "one/b": "1" });
    const s3 = new S3Client(home.clientConfig());
    for (const Key of ["to/keep/x", "to/other", "elsewhere"])
      await s3.send(new PutObjectCommand({ Bucket: "bucket", Key, Body: "x" }));
    await stack({ Exclude: ["keep/*", "b"], UserMetadata: { Round: "2" } }, { "one/a": "2", "one/b": "2" });
    expect(await keys()).toEqual(["elsewhere", "to/a", "to/b", "to/keep/x"]);
    expect((await read("to/b")).metadata).toEqual({});
  });
});

it("a custom resource is left out with its function, where unsupported things are skipped", async () => {
  const Python = functionOf("python3.13", { ZipFile: "x" });
  const assembly = writeAssembly({ app: { Resources: { Role, Maker: Python, Mine: mine({ Name: "a" }) } } });
  const { created } = await applyAssembly({
    directory: assembly,
    home: home.ports,
    resourceTypes: home.resourceTypes,
    skipUnsupported: true,
  });
  expect(created.map(({ logicalId }) => logicalId)).toEqual(["Role"]);
});
