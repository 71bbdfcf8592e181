/** Functions whose output comes back to them through queues, topics and buckets: stopped as Lambda stops them. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  GetFunctionRecursionConfigCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionRecursionConfigCommand,
} from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutBucketNotificationConfigurationCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { s3 } from "../../../../local/services/s3/index.ts";
import { sns } from "../../../../local/services/sns/index.ts";
import { sqs } from "../../../../local/services/sqs/index.ts";
import { type FunctionHome, openFunctionHome, ROLE } from "./function-home.ts";

const FunctionName = "echo";
const ARN = "arn:aws:lambda:us-east-1:000000000000:function:echo";
const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
/** Sends on what it gets, up to 40 times. */
const SOURCE = `
const { SQSClient, SendMessageCommand } = require("@aws-sdk/client-sqs");
const { SNSClient, PublishCommand } = require("@aws-sdk/client-sns");
const { S3Client, PutObjectCommand } = require("@aws-sdk/client-s3");
const { appendFileSync, statSync } = require("node:fs");
exports.handler = async () => {
  const { QUEUE, TOPIC, BUCKET, RUNS } = process.env;
  appendFileSync(RUNS, "x");
  if (statSync(RUNS).size >= 40) return;
  if (QUEUE) await new SQSClient({}).send(new SendMessageCommand({ QueueUrl: QUEUE, MessageBody: "again" }));
  if (TOPIC) await new SNSClient({}).send(new PublishCommand({ TopicArn: TOPIC, Message: "again" }));
  if (BUCKET) await new S3Client({ forcePathStyle: true }).send(new PutObjectCommand({ Bucket: BUCKET, Key: "again", Body: "again" }));
};`;

/** Longer than any run takes, also on a busy machine: a message that shows again meanwhile ends in "dead" too soon. */
const HIDDEN_SECONDS = "5";

let functions: FunctionHome;
let lambda: LambdaClient;
let queues: SQSClient;
let topics: SNSClient;
let buckets: S3Client;
let dead: string;

beforeEach(async () => {
  functions = await openFunctionHome([sqs, sns, s3]);
  const configuration = functions.home.clientConfig();
  lambda = new LambdaClient(configuration);
  queues = new SQSClient(configuration);
  topics = new SNSClient(configuration);
  buckets = new S3Client(configuration);
  dead = await queue("dead");
});
afterEach(() => functions.close());

async function queue(QueueName: string, Attributes: Record<string, string> = {}): Promise<string> {
  return (await queues.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? "";
}

/** The function; what is stopped of its asynchronous runs goes to the queue "dead". */
async function put(Variables: Record<string, string>, more: object = {}): Promise<void> {
  await functions.make("AWS::Lambda::Function", {
    FunctionName,
    Role: ROLE,
    Handler: "index.handler",
    Runtime: "nodejs24.x",
    Timeout: 20,
    Code: { ZipFile: SOURCE },
    Environment: { Variables: { ...Variables, RUNS: runsFile() } },
    DeadLetterConfig: { TargetArn: queueArn("dead") },
    ...more,
  });
  for (const service of ["sns", "s3"]) {
    const Principal = `${service}.amazonaws.com`;
    const permission = { FunctionName, StatementId: service, Action: "lambda:InvokeFunction", Principal };
    await lambda.send(new AddPermissionCommand(permission));
  }
}

/** Invokes as somebody from outside does, waits for what was stopped, and counts what ran. */
async function runsUntilStopped(): Promise<number> {
  await lambda.send(new InvokeCommand({ FunctionName, InvocationType: "Event" }));
  for (;;) {
    const { Messages } = await queues.send(new ReceiveMessageCommand({ QueueUrl: dead, WaitTimeSeconds: 20 }));
    if (Messages !== undefined) return runs();
  }
}

/** A byte for each run, written as it begins. */
const runsFile = () => join(functions.home.directory, "runs");
const runs = () => statSync(runsFile()).size;

async function topicTo(Protocol: "lambda" | "sqs", Endpoint: string): Promise<string> {
  const { TopicArn = "" } = await topics.send(new CreateTopicCommand({ Name: "round" }));
  await topics.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }));
  return TopicArn;
}

/** The queue as the function's source: what comes a second time goes to the dead-letter queue. */
async function pollFrom(QueueUrl: string, name: string): Promise<void> {
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn("dead"), maxReceiveCount: 1 });
  await queues.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } }));
  await lambda.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn: queueArn(name) }));
}

describe("a function whose output comes back to it", { timeout: 120_000 }, () => {
  it("through a queue is stopped after sixteen runs, and the queue's redrive policy takes what goes round", async () => {
    const QueueUrl = await queue("work", { VisibilityTimeout: HIDDEN_SECONDS });
    await put({ QUEUE: QueueUrl });
    await pollFrom(QueueUrl, "work");
    expect(await runsUntilStopped()).toBe(16);
  });

  it("through a topic is stopped, and its dead-letter queue has the event", async () => {
    const TOPIC = await topicTo("lambda", ARN);
    await put({ TOPIC });
    expect(await runsUntilStopped()).toBe(16);
  });

  it("through a topic and a queue is stopped", async () => {
    const Policy = JSON.stringify({
      Statement: [
        { Effect: "Allow", Principal: { Service: "sns.amazonaws.com" }, Action: "sqs:SendMessage", Resource: "*" },
      ],
    });
    const QueueUrl = await queue("work", { VisibilityTimeout: HIDDEN_SECONDS, Policy });
    await put({ TOPIC: await topicTo("sqs", queueArn("work")) });
    await pollFrom(QueueUrl, "work");
    expect(await runsUntilStopped()).toBe(16);
  });

  it("through a bucket's notifications is stopped", async () => {
    await buckets.send(new CreateBucketCommand({ Bucket: "round" }));
    await put({ BUCKET: "round" });
    const LambdaFunctionConfigurations = [{ LambdaFunctionArn: ARN, Events: ["s3:ObjectCreated:*" as const] }];
    const NotificationConfiguration = { LambdaFunctionConfigurations };
    await buckets.send(new PutBucketNotificationConfigurationCommand({ Bucket: "round", NotificationConfiguration }));
    expect(await runsUntilStopped()).toBe(16);
  });

  it.each(["PutFunctionRecursionConfig", "its template"])("goes on where %s allows it", async (by) => {
    const TOPIC = await topicTo("lambda", ARN);
    await put({ TOPIC }, by === "its template" ? { RecursiveLoop: "Allow" } : {});
    if (by !== "its template") {
      expect(await lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName }))).toMatchObject({
        RecursiveLoop: "Terminate",
      });
      await lambda.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: "Allow" }));
    }
    expect(await lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName: ARN }))).toMatchObject({
      RecursiveLoop: "Allow",
    });
    await lambda.send(new InvokeCommand({ FunctionName, InvocationType: "Event" }));
    await expect.poll(() => existsSync(runsFile()) && runs(), { timeout: 60_000 }).toBe(40);
  });
});

describe("PutFunctionRecursionConfig", () => {
  it("knows Allow and Terminate, of a function there is", async () => {
    await put({});
    const set = (input: object) =>
      lambda.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: "Terminate", ...input }));
    await expect(set({ RecursiveLoop: "Sometimes" })).rejects.toMatchObject({ name: "InvalidParameterValueException" });
    await expect(set({ FunctionName: "none" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    expect(await set({})).toMatchObject({ RecursiveLoop: "Terminate" });
  });
});

describe("a message's trace header", () => {
  it("is the sender's own attribute, or that of its request", async () => {
    const MessageSystemAttributes = { AWSTraceHeader: { DataType: "String" as const, StringValue: "Root=1-0-0" } };
    const sent = await queues.send(
      new SendMessageCommand({ QueueUrl: dead, MessageBody: "x", MessageSystemAttributes }),
    );
    expect(sent.MD5OfMessageSystemAttributes).toMatch(/^[0-9a-f]{32}$/);
    const asked = { QueueUrl: dead, MessageSystemAttributeNames: ["AWSTraceHeader" as const] };
    const { Messages = [] } = await queues.send(new ReceiveMessageCommand(asked));
    expect(Messages[0]?.Attributes).toEqual({ AWSTraceHeader: "Root=1-0-0" });
  });
});
