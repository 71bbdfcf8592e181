import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { s3 } from "../../../../local/services/s3/index.ts";
import { sqs } from "../../../../local/services/sqs/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const Bucket = "orders";
const CONTEXT = { stackName: "stack", logicalId: "Notifications", generateName: () => "stack-Notifications-1" };
let directory: string;
let home: Home;
let client: S3Client;
let queues: SQSClient;

beforeEach(async () => {
  directory = temporaryFolder("s3");
  home = await openHome({ directory, services: [s3, sqs] });
  await home.start();
  client = new S3Client(home.clientConfig());
  queues = new SQSClient(home.clientConfig());
  await client.send(new CreateBucketCommand({ Bucket }));
});

afterEach(async () => {
  client.destroy();
  queues.destroy();
  await home.close();
});

/** A queue that lets the bucket in. */
async function makeQueue(name: string) {
  const arn = `arn:aws:sqs:${home.region}:${home.accountId}:${name}`;
  const statement = {
    Effect: "Allow",
    Principal: { Service: "s3.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: arn,
    Condition: { ArnLike: { "aws:SourceArn": `arn:aws:s3:::${Bucket}` } },
  };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const { QueueUrl = "" } = await queues.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy } }));
  return { arn, url: QueueUrl };
}

async function next(QueueUrl: string) {
  const { Messages = [] } = await queues.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
  const [message] = Messages;
  await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
  return JSON.parse(message?.Body ?? "{}");
}

const configure = (QueueConfigurations: { QueueArn: string; Events: "s3:ObjectCreated:*"[]; prefix?: string }[]) =>
  client.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: {
        QueueConfigurations: QueueConfigurations.map(({ QueueArn, Events, prefix = "" }, index) => ({
          Id: `q${index}`,
          QueueArn,
          Events,
          Filter: { Key: { FilterRules: [{ Name: "prefix", Value: prefix }] } },
        })),
      },
    }),
  );

describe("a bucket's event notifications", () => {
  it("reach the queue: first a test event, then the keys the filter lets through", async () => {
    const queue = await makeQueue("created");
    await configure([{ QueueArn: queue.arn, Events: ["s3:ObjectCreated:*"], prefix: "in/" }]);
    await client.send(new PutObjectCommand({ Bucket, Key: "out/x", Body: "no" }));
    expect(await next(queue.url)).toMatchObject({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket });
    await client.send(new PutObjectCommand({ Bucket, Key: "in/ü b+c", Body: "yes" }));
    const [record] = (await next(queue.url)).Records;
    expect(record).toMatchObject({
      eventSource: "aws:s3",
      eventName: "ObjectCreated:Put",
      s3: { configurationId: "q0", bucket: { name: Bucket }, object: { key: "in/%C3%BC+b%2Bc", size: 3 } },
    });
  });

  it("tell deletions only to who asked for them", async () => {
    const queue = await makeQueue("removed");
    const QueueConfigurations = [{ QueueArn: queue.arn, Events: ["s3:ObjectRemoved:*" as const] }];
    const NotificationConfiguration = { QueueConfigurations };
    const wanted = { Bucket, NotificationConfiguration, SkipDestinationValidation: true };
    await client.send(new PutBucketNotificationConfigurationCommand(wanted));
    await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect((await next(queue.url)).Records).toMatchObject([
      { eventName: "ObjectRemoved:Delete", s3: { object: { key: "k" } } },
    ]);
  });

  it("are read back as they were written", async () => {
    const queue = await makeQueue("created");
    await configure([{ QueueArn: queue.arn, Events: ["s3:ObjectCreated:*"], prefix: "in/" }]);
    const read = await client.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    const Filter = { Key: { FilterRules: [{ Name: "prefix", Value: "in/" }] } };
    expect(read.QueueConfigurations).toEqual([
      { Id: "q0", QueueArn: queue.arn, Events: ["s3:ObjectCreated:*"], Filter },
    ]);
    expect(read.LambdaFunctionConfigurations).toBeUndefined();
  });

  it("refuse a destination that does not let the bucket in, and two that share an event", async () => {
    const closed = `arn:aws:sqs:${home.region}:${home.accountId}:closed`;
    await queues.send(new CreateQueueCommand({ QueueName: "closed" }));
    await expect(configure([{ QueueArn: closed, Events: ["s3:ObjectCreated:*"] }])).rejects.toMatchObject({
      name: "InvalidArgument",
      message: expect.stringContaining("Unable to validate the following destination configurations"),
    });
    const { arn } = await makeQueue("open");
    const twice = [
      { QueueArn: arn, Events: ["s3:ObjectCreated:*" as const], prefix: "in/" },
      { QueueArn: arn, Events: ["s3:ObjectCreated:*" as const], prefix: "in/deep/" },
    ];
    await expect(configure(twice)).rejects.toThrow("Configurations overlap");
  });
});

describe("the CDK's custom resources of a bucket", () => {
  const type = (name: string) => {
    const found = home.resourceTypes.get(name);
    if (found === undefined) throw new TypeError(`no type ${name}`);
    return found;
  };

  it("set notifications, and take them back", async () => {
    const { arn } = await makeQueue("created");
    const QueueConfigurations = [{ Events: ["s3:ObjectCreated:*"], QueueArn: arn }];
    const NotificationConfiguration = { EventBridgeConfiguration: {}, QueueConfigurations };
    const properties = { ServiceToken: "arn:f", BucketName: Bucket, NotificationConfiguration, Managed: "true" };
    const state = await type("Custom::S3BucketNotifications").create(properties, CONTEXT);
    const read = () => client.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    expect(await read()).toMatchObject({ EventBridgeConfiguration: {}, QueueConfigurations });
    await type("Custom::S3BucketNotifications").delete(state, CONTEXT);
    expect((await read()).QueueConfigurations).toBeUndefined();
    expect((await read()).EventBridgeConfiguration).toBeUndefined();
  });

  it("empty a bucket before it goes", async () => {
    const properties = { ServiceToken: "arn:f", BucketName: Bucket };
    const state = await type("Custom::S3AutoDeleteObjects").create(properties, CONTEXT);
    await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
    const bucket = { physicalId: Bucket, attributes: {} };
    expect(() => type("AWS::S3::Bucket").delete(bucket, CONTEXT)).toThrow("not empty");
    await type("Custom::S3AutoDeleteObjects").delete(state, CONTEXT);
    type("AWS::S3::Bucket").delete(bucket, CONTEXT);
  });
});
