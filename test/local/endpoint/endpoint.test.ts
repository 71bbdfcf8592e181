import { Agent, request } from "node:http";
import { Readable } from "node:stream";
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { sdkStreamMixin } from "@smithy/core/serde";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AwsError } from "../../../local/aws-error.ts";
import { defineService } from "../../../local/define-service.ts";
import { type Home, openHome } from "../../../local/home.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { standInS3, standInStates } from "../stand-in-services.ts";

const seen: { operation: string; input: Record<string, unknown> }[] = [];
const note = (operation: string, input: object) => seen.push({ operation, input: { ...input } });
const anyone = () => [];

const states = standInStates({
  authorize: anyone,
  handle(input) {
    note("StartExecution", input);
    if (input.name === "twice") throw new AwsError("ExecutionAlreadyExists", "Execution Already Exists: 'x'");
    return { executionArn: "arn:x", startDate: new Date(1_700_000_000_000) };
  },
});

const sts = defineService<typeof import("@aws-sdk/client-sts")>({
  name: "sts",
  signingName: "sts",
  iamPrefix: "sts",
  sdk: () => import("@aws-sdk/client-sts"),
  create: () => ({
    operations: {
      GetCallerIdentity: {
        authorize: anyone,
        handle: (_input, call) => ({ Account: "000000000000", Arn: call.principal.kind, UserId: "a<b>&" }),
      },
    },
  }),
});

const sns = defineService<typeof import("@aws-sdk/client-sns")>({
  name: "sns",
  signingName: "sns",
  iamPrefix: "sns",
  sdk: () => import("@aws-sdk/client-sns"),
  create: () => ({
    operations: {
      Publish: {
        authorize: anyone,
        handle(input) {
          note("Publish", input);
          return { MessageId: "m-1" };
        },
      },
    },
  }),
});

const scheduler = defineService<typeof import("@aws-sdk/client-scheduler")>({
  name: "scheduler",
  signingName: "scheduler",
  iamPrefix: "scheduler",
  sdk: () => import("@aws-sdk/client-scheduler"),
  create: () => ({
    operations: {
      CreateSchedule: {
        authorize: anyone,
        handle(input) {
          note("CreateSchedule", input);
          return { ScheduleArn: "arn:s" };
        },
      },
    },
  }),
});

const s3 = standInS3({
  PutObject: {
    authorize: anyone,
    async handle(input) {
      const body = input.Body instanceof Readable ? await input.Body.toArray() : [];
      note("PutObject", { ...input, Body: Buffer.concat(body).toString() });
      return { ETag: '"e"' };
    },
  },
  UploadPart: {
    authorize: anyone,
    async handle(input) {
      if (input.Body instanceof Readable) await input.Body.toArray();
      note("UploadPart", { PartNumber: input.PartNumber, UploadId: input.UploadId });
      return { ETag: '"p"' };
    },
  },
  GetObject: {
    authorize: anyone,
    handle(input) {
      note("GetObject", input);
      if (input.Key === "missing")
        throw new AwsError("NoSuchKey", "The specified key does not exist.", {
          status: 404,
          fields: { Key: "missing" },
        });
      return {
        Body: sdkStreamMixin(Readable.from([Buffer.from("hello")])),
        ContentLength: 5,
        Metadata: { version: "v1" },
      };
    },
  },
  ListObjectsV2: {
    authorize: anyone,
    handle(input) {
      note("ListObjectsV2", input);
      return { Name: input.Bucket, Contents: [{ Key: "a&b", Size: 1 }], IsTruncated: false };
    },
  },
});

describe("the endpoint", () => {
  let directory: string;
  let home: Home;
  beforeEach(async () => {
    seen.length = 0;
    directory = temporaryFolder("endpoint");
    home = await openHome({ directory, services: [states, sts, sns, scheduler, s3] });
  });
  afterEach(() => home.close());

  it("carries an awsJson call and its timestamps", async () => {
    const client = new SFNClient(home.clientConfig());
    const output = await client.send(new StartExecutionCommand({ stateMachineArn: "arn:m", input: "{}" }));
    expect(output).toMatchObject({ executionArn: "arn:x", startDate: new Date(1_700_000_000_000) });
    expect(seen).toEqual([{ operation: "StartExecution", input: { stateMachineArn: "arn:m", input: "{}" } }]);
  });

  it("turns an AwsError into the SDK's exception of that name", async () => {
    const client = new SFNClient(home.clientConfig());
    await expect(
      client.send(new StartExecutionCommand({ stateMachineArn: "arn:m", name: "twice" })),
    ).rejects.toMatchObject({
      name: "ExecutionAlreadyExists",
      message: "Execution Already Exists: 'x'",
    });
  });

  it("answers an operation that is not built with NotImplemented naming what is", async () => {
    const { ListExecutionsCommand } = await import("@aws-sdk/client-sfn");
    const client = new SFNClient(home.clientConfig());
    await expect(client.send(new ListExecutionsCommand({}))).rejects.toMatchObject({
      message: expect.stringContaining("StartExecution"),
    });
  });

  it("carries awsQuery calls with nested lists and maps, and escapes XML", async () => {
    const identity = await new STSClient(home.clientConfig()).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({ Account: "000000000000", Arn: "home", UserId: "a<b>&" });
    const attributes = { kind: { DataType: "String", StringValue: "a b+c" } };
    await new SNSClient(home.clientConfig()).send(
      new PublishCommand({ TopicArn: "t", Message: "é & =", MessageAttributes: attributes }),
    );
    expect(seen[0]?.input).toEqual({ TopicArn: "t", Message: "é & =", MessageAttributes: attributes });
  });

  it("binds labels, query and body of a restJson call", async () => {
    const client = new SchedulerClient(home.clientConfig());
    const input = {
      Name: "a.b",
      ScheduleExpression: "rate(1 day)",
      FlexibleTimeWindow: { Mode: "OFF" as const },
      Target: { Arn: "arn:t", RoleArn: "arn:r" },
      ClientToken: "token",
    };
    expect(await client.send(new CreateScheduleCommand(input))).toMatchObject({ ScheduleArn: "arn:s" });
    expect(seen[0]?.input).toEqual(input);
  });

  it("tells S3's operations apart and streams bodies, with and without checksum trailers", async () => {
    const client = new S3Client(home.clientConfig());
    await client.send(
      new PutObjectCommand({ Bucket: "b", Key: "folder/ä b?.txt", Body: "text", Metadata: { a: "1" } }),
    );
    await client.send(
      new PutObjectCommand({
        Bucket: "b",
        Key: "s",
        Body: Readable.from([Buffer.alloc(8192, "-"), Buffer.from("am")]),
        ContentLength: 8194,
      }),
    );
    await client.send(new UploadPartCommand({ Bucket: "b", Key: "s", PartNumber: 2, UploadId: "u", Body: "x" }));
    expect(seen.map(({ operation }) => operation)).toEqual(["PutObject", "PutObject", "UploadPart"]);
    expect(seen[0]?.input).toMatchObject({ Bucket: "b", Key: "folder/ä b?.txt", Body: "text", Metadata: { a: "1" } });
    expect(seen[1]?.input).toMatchObject({ Key: "s", Body: `${"-".repeat(8192)}am` });
    const object = await client.send(new GetObjectCommand({ Bucket: "b", Key: "../up" }));
    expect(await object.Body?.transformToString()).toBe("hello");
    expect(object.Metadata).toEqual({ version: "v1" });
    const list = await client.send(new ListObjectsV2Command({ Bucket: "b", Prefix: "p/" }));
    expect(list.Contents?.[0]?.Key).toBe("a&b");
    await expect(client.send(new GetObjectCommand({ Bucket: "b", Key: "missing" }))).rejects.toMatchObject({
      name: "NoSuchKey",
    });
  });

  it("refuses a wrong secret, an unknown key and an unsigned request", async () => {
    const config = home.clientConfig();
    const wrong = new SFNClient({
      ...config,
      credentials: { ...config.credentials, secretAccessKey: "no" },
      maxAttempts: 1,
    });
    await expect(wrong.send(new StartExecutionCommand({ stateMachineArn: "a" }))).rejects.toMatchObject({
      name: "InvalidSignatureException",
    });
    const unknown = new SFNClient({
      ...config,
      credentials: { accessKeyId: "AKIAX", secretAccessKey: "no" },
      maxAttempts: 1,
    });
    await expect(unknown.send(new StartExecutionCommand({ stateMachineArn: "a" }))).rejects.toMatchObject({
      name: "UnrecognizedClientException",
    });
    const answer = await fetch(home.endpoint, { method: "POST", body: "{}" });
    expect(answer.status).toBe(403);
    expect(seen).toEqual([]);
  });

  it("reads the bucket from the host of a virtual-hosted request", async () => {
    const agent = new Agent({ lookup: (_host, _options, done) => done(null, [{ address: "127.0.0.1", family: 4 }]) });
    for (const host of ["localhost", "s3.localhost", "s3.us-east-1.localhost"]) {
      const endpoint = home.endpoint.replace("127.0.0.1", host);
      const config = { ...home.clientConfig(), endpoint, requestHandler: { httpAgent: agent } };
      await new S3Client({ ...config, forcePathStyle: false }).send(new GetObjectCommand({ Bucket: "my.b", Key: "k" }));
      await new S3Client({ ...config, forcePathStyle: true }).send(new GetObjectCommand({ Bucket: "my-b", Key: "k" }));
    }
    agent.destroy();
    expect(seen.map(({ input }) => input)).toMatchObject(
      [1, 2, 3].flatMap(() => [
        { Bucket: "my.b", Key: "k" },
        { Bucket: "my-b", Key: "k" },
      ]),
    );
  });

  it("names a wrong secret and an unknown key as the services of each protocol do", async () => {
    const config = { ...home.clientConfig(), maxAttempts: 1 };
    const wrong = { ...config, credentials: { ...config.credentials, secretAccessKey: "no" } };
    const unknown = { ...config, credentials: { accessKeyId: "AKIAX", secretAccessKey: "no" } };
    const refusals = [wrong, unknown].map(async (client) => [
      await new S3Client(client).send(new GetObjectCommand({ Bucket: "b", Key: "k" })).catch(nameOf),
      await new STSClient(client).send(new GetCallerIdentityCommand({})).catch(nameOf),
    ]);
    expect(await Promise.all(refusals)).toEqual([
      ["SignatureDoesNotMatch", "SignatureDoesNotMatch"],
      ["InvalidAccessKeyId", "InvalidClientTokenId"],
    ]);
  });

  it("refuses headers signed by version 2 in S3's words, and answers in the protocol a client without a service speaks", async () => {
    const signed = await fetch(`${home.endpoint}/b/k`, { headers: { authorization: "AWS AKIAX:c2lnbmF0dXJl" } });
    expect(await signed.text()).toContain(
      "<Code>InvalidRequest</Code><Message>The authorization mechanism you have provided is not supported.",
    );
    const authorization = `AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`;
    const form = { authorization, "content-type": "application/x-www-form-urlencoded" };
    const query = await fetch(home.endpoint, { method: "POST", headers: form, body: "Action=DescribeInstances" });
    expect(await query.text()).toMatch(/^<ErrorResponse><Error>/);
  });

  it("refuses a Host that is not loopback", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const call = request(home.endpoint, { headers: { host: "evil.example" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.on("error", reject).end();
    });
    expect(status).toBe(403);
  });

  it("knows a role session by its token and tells it from the home", async () => {
    const session = home.ports.credentialsFor("arn:aws:iam::000000000000:role/r", "s");
    const client = new STSClient({ ...home.clientConfig(), credentials: session });
    expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: "role" });
    const forged = { ...session, sessionToken: `${session.sessionToken.slice(0, -2)}AA` };
    await expect(
      new STSClient({ ...home.clientConfig(), credentials: forged }).send(new GetCallerIdentityCommand({})),
    ).rejects.toMatchObject({
      name: "InvalidClientTokenId",
    });
  });
});

function nameOf(thrown: Error): string {
  return thrown.name;
}
