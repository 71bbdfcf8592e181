import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  PublishBatchCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { sns } from "../../../../local/services/sns/index.ts";
import { sqs } from "../../../../local/services/sqs/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

let directory: string;
let home: Home;
let client: SNSClient;
let queues: SQSClient;

beforeEach(async () => {
  directory = temporaryFolder("sns");
  home = await openHome({ directory, services: [sqs, sns] });
  await home.start();
  client = new SNSClient(home.clientConfig());
  queues = new SQSClient(home.clientConfig());
});

afterEach(async () => {
  client.destroy();
  queues.destroy();
  await home.close();
});

describe("a template's topic", () => {
  it("has a name made for its kind, and is replaced for another name", async () => {
    const topic = home.resourceTypes.get("AWS::SNS::Topic") ?? expect.fail("there are no topics");
    const context = { stackName: "s", logicalId: "T", generateName: () => "made" };
    expect((await topic.create({}, context)).attributes.TopicName).toBe("made");
    const fifo = await topic.create({ FifoTopic: true }, context);
    expect(fifo.attributes.TopicName).toBe("made.fifo");
    const before = { FifoTopic: true };
    expect(await topic.update?.({ ...before, TopicName: "other.fifo" }, fifo, context, before)).toBe("replace");
    expect(await topic.update?.(before, fifo, context, before)).toMatchObject({ physicalId: fifo.physicalId });
  });
});

async function makeTopic(): Promise<string> {
  return (await client.send(new CreateTopicCommand({ Name: "alerts" }))).TopicArn ?? "";
}

/** A queue subscribed to the topic, which lets it in. */
async function subscribe(TopicArn: string, name: string, Attributes: Record<string, string> = {}): Promise<string> {
  const Statement = [
    {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: queueArn(name),
    },
  ];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  const { QueueUrl = "" } = await queues.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy } }));
  await client.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queueArn(name), Attributes }));
  return QueueUrl;
}

async function next(QueueUrl: string): Promise<string | undefined> {
  const message = (await queues.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }))).Messages?.[0];
  if (message) await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
  return message?.Body;
}

describe("SNS through the SDK", () => {
  it("answers a topic's attributes and tags, and says what is no ARN", async () => {
    const Tags = [{ Key: "team", Value: "risk" }];
    const { TopicArn } = await client.send(new CreateTopicCommand({ Name: "tagged", Tags }));
    expect((await client.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }))).Tags).toEqual(Tags);
    const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({ DisplayName: "", SubscriptionsConfirmed: "0", SubscriptionsDeleted: "0" });
    const wrong = client.send(new PublishCommand({ TopicArn: "tagged", Message: "x" }));
    await expect(wrong).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: /at least 6 elements, not 1/,
    });
  });

  it("gives each queue the message, in its envelope or raw", async () => {
    const TopicArn = await makeTopic();
    const wrapped = await subscribe(TopicArn, "wrapped");
    const raw = await subscribe(TopicArn, "raw", { RawMessageDelivery: "true" });
    const { MessageId } = await client.send(new PublishCommand({ TopicArn, Subject: "look", Message: "drift" }));
    expect(JSON.parse((await next(wrapped)) ?? "")).toMatchObject({
      Type: "Notification",
      MessageId,
      TopicArn,
      Subject: "look",
      Message: "drift",
    });
    expect(await next(raw)).toBe("drift");
  });

  it("lets through what a filter policy wants, by attributes or by body", async () => {
    const TopicArn = await makeTopic();
    const byAttribute = await subscribe(TopicArn, "by-attribute", {
      RawMessageDelivery: "true",
      FilterPolicy: '{"severity":[{"numeric":[">",5]}]}',
    });
    const byBody = await subscribe(TopicArn, "by-body", {
      RawMessageDelivery: "true",
      FilterPolicyScope: "MessageBody",
      FilterPolicy: '{"model":{"name":["credit"]}}',
    });
    const severity = (StringValue: string) => ({ severity: { DataType: "Number", StringValue } });
    const PublishBatchRequestEntries = [
      { Id: "1", Message: '{"model":{"name":"toy"}}', MessageAttributes: severity("9") },
      { Id: "2", Message: '{"model":{"name":"credit"}}', MessageAttributes: severity("1") },
      { Id: "3", Message: "" },
    ];
    const { Successful, Failed } = await client.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
    expect([Successful?.length, Failed?.[0]?.Code]).toEqual([2, "InvalidParameter"]);
    expect(await next(byAttribute)).toBe('{"model":{"name":"toy"}}');
    expect(await next(byBody)).toBe('{"model":{"name":"credit"}}');
  });

  it("sends to the subscription's dead-letter queue what cannot be delivered", async () => {
    const TopicArn = await makeTopic();
    const dead = await subscribe(TopicArn, "dead", { FilterPolicy: '{"never":["x"]}' });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn("dead") });
    await client.send(
      new SubscribeCommand({
        TopicArn,
        Protocol: "sqs",
        Endpoint: queueArn("gone"),
        Attributes: { RedrivePolicy, RawMessageDelivery: "true" },
      }),
    );
    await client.send(new PublishCommand({ TopicArn, Message: "lost and found" }));
    expect(await next(dead)).toBe("lost and found");
  });

  it.each([
    ["no JSON", "failed to parse JSON."],
    [
      '{"deadLetterTargetArn":"dead"}',
      'expected {"deadLetterTargetArn": "arn:aws:sqs:…"}, found {"deadLetterTargetArn":"dead"}',
    ],
    [
      '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":5}',
      "invalid JSON. Attribute maxReceiveCount is unknown.",
    ],
  ])("refuses a redrive policy that could not be followed: %s", async (RedrivePolicy, why) => {
    const TopicArn = await makeTopic();
    await expect(subscribe(TopicArn, "q", { RedrivePolicy })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: `Invalid parameter: RedrivePolicy: ${why}`,
    });
  });

  it("delivers beside a filter what has an array attribute that is no array", async () => {
    const TopicArn = await makeTopic();
    const all = await subscribe(TopicArn, "all", { RawMessageDelivery: "true" });
    await subscribe(TopicArn, "filtered", { FilterPolicy: '{"names":["a"]}' });
    const MessageAttributes = { names: { DataType: "String.Array", StringValue: "a, b" } };
    await client.send(new PublishCommand({ TopicArn, Message: "m", MessageAttributes }));
    expect(await next(all)).toBe("m");
  });

  it("refuses an unknown topic, and a protocol that is not built", async () => {
    const TopicArn = await makeTopic();
    await expect(client.send(new PublishCommand({ TopicArn: `${TopicArn}x`, Message: "m" }))).rejects.toThrow(
      "Topic does not exist",
    );
    await expect(client.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: "a@b" }))).rejects.toThrow(
      "there are sqs and lambda",
    );
  });
});
