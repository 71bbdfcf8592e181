import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { sqs } from "../../../../local/services/sqs/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

let directory: string;
let home: Home;
let client: SQSClient;

beforeEach(async () => {
  directory = temporaryFolder("sqs");
  home = await openHome({ directory, services: [sqs] });
  await home.start();
  client = new SQSClient(home.clientConfig());
});

afterEach(async () => {
  client.destroy();
  await home.close();
});

async function makeQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  return QueueUrl ?? "";
}

describe("SQS through the SDK", () => {
  it("names what is not there by both its codes, as clients of the older protocol know the other", async () => {
    const headers: unknown[] = [];
    const seen = new SQSClient(home.clientConfig());
    seen.middlewareStack.addRelativeTo(
      <Args, Result extends { response: unknown }>(next: (args: Args) => Promise<Result>) =>
        async (args: Args): Promise<Result> => {
          const result = await next(args);
          headers.push(Object(result.response).headers["x-amzn-query-error"]);
          return result;
        },
      { relation: "after", toMiddleware: "deserializerMiddleware", name: "seeHeaders" },
    );
    const missing = seen.send(new GetQueueUrlCommand({ QueueName: "none" }));
    await expect(missing).rejects.toMatchObject({ name: "QueueDoesNotExist" });
    expect(headers).toEqual(["AWS.SimpleQueueService.NonExistentQueue;Sender"]);
    seen.destroy();
  });

  it("makes a template's queue, replaces it for another name or kind, and changes it for the rest", async () => {
    const queue = home.resourceTypes.get("AWS::SQS::Queue") ?? expect.fail("there are no queues");
    const context = {
      stackName: "s",
      logicalId: "Q",
      generateName: (most: number) => "made-by-the-home".slice(0, most),
    };
    const before = { FifoQueue: true, VisibilityTimeout: 5 };
    const made = await queue.create(before, context);
    expect(made.attributes.QueueName).toBe("made-by-the-home.fifo");
    const update = (properties: object) => queue.update?.(properties, made, context, before);
    expect(await update({ ...before, QueueName: "other.fifo" })).toBe("replace");
    expect(await update({ VisibilityTimeout: 5 })).toBe("replace");
    expect(await update({ ...before, VisibilityTimeout: 9 })).toMatchObject({ physicalId: made.physicalId });
    const attributes = new GetQueueAttributesCommand({ QueueUrl: made.physicalId, AttributeNames: ["All"] });
    expect((await client.send(attributes)).Attributes).toMatchObject({ VisibilityTimeout: "9", FifoQueue: "true" });
  });

  it("refuses to delete by what never was a receipt handle; what is gone it deletes again", async () => {
    const QueueUrl = await makeQueue("handles");
    const wrong = client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: "made-up" }));
    await expect(wrong).rejects.toMatchObject({ name: "ReceiptHandleIsInvalid" });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "one" }));
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
    const taken = { QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle };
    await client.send(new DeleteMessageCommand(taken));
    await client.send(new DeleteMessageCommand(taken));
  });

  it("sends with attributes, receives, hides, shows again and deletes", async () => {
    const QueueUrl = await makeQueue("orders");
    const MessageAttributes = {
      kind: { DataType: "String", StringValue: "new" },
      raw: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2]) },
    };
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "one", MessageAttributes }));
    const receive = new ReceiveMessageCommand({
      QueueUrl,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["ApproximateReceiveCount"],
    });
    const first = (await client.send(receive)).Messages?.[0];
    expect(first).toMatchObject({
      Body: "one",
      MessageAttributes: { kind: { StringValue: "new" } },
      Attributes: { ApproximateReceiveCount: "1" },
    });
    expect((await client.send(receive)).Messages).toBeUndefined();
    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 }),
    );
    const second = (await client.send(receive)).Messages?.[0];
    expect(second?.Attributes?.ApproximateReceiveCount).toBe("2");
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "0",
      VisibilityTimeout: "30",
    });
  });

  it("answers a waiting receive as soon as a message is sent", async () => {
    const QueueUrl = await makeQueue("waited-for");
    const waiting = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "at last" }));
    expect((await waiting).Messages?.[0]?.Body).toBe("at last");
  });

  it("Q2, Q3: keeps the order of a group, and one of two equal messages", async () => {
    const QueueUrl = await makeQueue("steps.fifo", { FifoQueue: "true", ContentBasedDeduplication: "true" });
    for (const [MessageGroupId, MessageBody] of [
      ["a", "a1"],
      ["a", "a2"],
      ["b", "b1"],
      ["a", "a1"],
    ] as const) {
      await client.send(new SendMessageCommand({ QueueUrl, MessageGroupId, MessageBody }));
    }
    const receive = () => client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1 }));
    const first = (await receive()).Messages?.[0];
    expect(first?.Body).toBe("a1");
    expect((await receive()).Messages?.[0]?.Body).toBe("b1");
    expect((await receive()).Messages).toBeUndefined();
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    expect((await receive()).Messages?.[0]?.Body).toBe("a2");
    expect((await receive()).Messages).toBeUndefined();
  });

  it("Q4: moves what was received too often to the dead-letter queue", async () => {
    const deadUrl = await makeQueue("dead");
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: "arn:aws:sqs:us-east-1:000000000000:dead",
      maxReceiveCount: 1,
    });
    const QueueUrl = await makeQueue("tried", { RedrivePolicy, VisibilityTimeout: "0" });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "poison" }));
    expect((await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toHaveLength(1);
    expect((await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toBeUndefined();
    expect((await client.send(new ReceiveMessageCommand({ QueueUrl: deadUrl }))).Messages?.[0]?.Body).toBe("poison");
    const sources = async (url: string) =>
      (await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: url }))).queueUrls;
    expect([await sources(deadUrl), await sources(QueueUrl)]).toEqual([[QueueUrl], []]);
  });

  it("answers per entry of a batch, and by AWS's codes", async () => {
    const QueueUrl = await makeQueue("batch");
    const Entries = [
      { Id: "1", MessageBody: "ok" },
      { Id: "2", MessageBody: "" },
    ];
    const { Successful, Failed } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect([Successful?.map(({ Id }) => Id), Failed?.map(({ Id, Code }) => [Id, Code])]).toEqual([
      ["1"],
      [["2", "MissingParameter"]],
    ]);
    await expect(makeQueue("batch", { DelaySeconds: "5" })).rejects.toThrow(
      expect.objectContaining({ name: "QueueNameExists" }),
    );
    const gone = new SendMessageCommand({ QueueUrl: `${QueueUrl}x`, MessageBody: "x" });
    await expect(client.send(gone)).rejects.toThrow(expect.objectContaining({ name: "QueueDoesNotExist" }));
  });
});
