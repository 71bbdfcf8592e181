import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sqs } from "../../../../local/services/sqs/index.ts";
import { type FunctionHome, openFunctionHome } from "./function-home.ts";

const FunctionName = "worker";
const SOURCE = `
exports.handler = async ({ Records }) => {
  console.log("batch of", Records.length, Records.map(({ body }) => body).join("|"));
  if (Records.some(({ body }) => body === "throw")) throw new Error("asked to");
  const failed = Records.filter(({ body }) => body === "again");
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;
const EventSourceArn = "arn:aws:sqs:us-east-1:000000000000:work";
let functions: FunctionHome;
let client: LambdaClient;
let queues: SQSClient;
let QueueUrl: string;

beforeEach(async () => {
  functions = await openFunctionHome([sqs]);
  client = new LambdaClient(functions.home.clientConfig());
  queues = new SQSClient(functions.home.clientConfig());
  await functions.putFunction(FunctionName, SOURCE);
  ({ QueueUrl = "" } = await queues.send(new CreateQueueCommand({ QueueName: "work" })));
});

afterEach(async () => {
  client.destroy();
  queues.destroy();
  await functions.close();
});

const map = (more: object = {}) =>
  client.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn, ...more }));
const send = (...bodies: string[]) =>
  queues.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
    }),
  );
/** Messages still kept: visible, and received but not deleted. */
async function kept(): Promise<[visible: number, hidden: number]> {
  const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
  const wanted = { QueueUrl, AttributeNames: [...names] };
  const { Attributes } = await queues.send(new GetQueueAttributesCommand(wanted));
  return [Number(Attributes?.[names[0]]), Number(Attributes?.[names[1]])];
}
const eventually = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: 20_000 });

describe("an event source mapping", () => {
  it("invokes with what the queue holds, and deletes it", async () => {
    await send("a", "b");
    await map();
    await eventually(async () => expect(await kept()).toEqual([0, 0]));
    await eventually(() => expect(functions.logged()).toContain("batch of 2 a|b"));
  });

  it("leaves what the function failed on, or gave back, to be shown again", async () => {
    await map({ FunctionResponseTypes: ["ReportBatchItemFailures"] });
    await send("fine", "again");
    await eventually(async () => expect(await kept()).toEqual([0, 1]));
    await send("throw");
    await eventually(() => expect(functions.logged()).toContain("asked to"));
    expect(await kept()).toEqual([0, 2]);
  });

  it("invokes only with messages that meet a filter; others are deleted", async () => {
    await map({ FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["wanted"]}}' }] } });
    await send('{"kind":"other"}', '{"kind":"wanted"}', "no json");
    await eventually(async () => expect(await kept()).toEqual([0, 0]));
    await eventually(() => expect(functions.logged()).toContain("batch of 1"));
    expect(functions.logged()).not.toContain("other");
  });

  it("polls while it is enabled, and no more once it is gone", async () => {
    const { UUID } = await map({ Enabled: false });
    await send("later");
    expect(await kept()).toEqual([1, 0]);
    await client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    await eventually(async () => expect(await kept()).toEqual([0, 0]));
    await client.send(new DeleteEventSourceMappingCommand({ UUID }));
    expect((await client.send(new ListEventSourceMappingsCommand({ FunctionName }))).EventSourceMappings).toEqual([]);
    await queues.send(new SendMessageCommand({ QueueUrl, MessageBody: "nobody" }));
    expect(await kept()).toEqual([1, 0]);
  });

  it("is refused twice for the same pair, for other sources, and with a filter that is no pattern", async () => {
    await map();
    await expect(map()).rejects.toMatchObject({ name: "ResourceConflictException" });
    const stream = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
    await expect(map({ EventSourceArn: stream })).rejects.toMatchObject({ name: "InvalidParameterValueException" });
    await expect(map({ FilterCriteria: { Filters: [{ Pattern: "[]" }] } })).rejects.toThrow("Invalid filter pattern");
  });

  it("is made by CloudFormation", async () => {
    const properties = { FunctionName, EventSourceArn, BatchSize: "5" };
    const state = await functions.make("AWS::Lambda::EventSourceMapping", properties);
    await send("x");
    await eventually(async () => expect(await kept()).toEqual([0, 0]));
    await functions.remove("AWS::Lambda::EventSourceMapping", state);
    expect((await client.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings).toEqual([]);
  });
});
