/** What each kind of target gets, and what its dead-letter queue is told when it gets nothing. */
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
  PutResourcePolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateEventBusCommand } from "@aws-sdk/client-eventbridge";
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AwsError } from "../../../../local/aws-error.ts";
import { defineService } from "../../../../local/define-service.ts";
import { logs } from "../../../../local/services/logs/index.ts";
import { sns } from "../../../../local/services/sns/index.ts";
import { followClock } from "../../manual-clock.ts";
import { type OpenBus, openBus, queueArn, ROLE } from "./open-bus.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:busy";
const GROUP = "/aws/events/orders";
const busArn = (name: string) => `arn:aws:events:us-east-1:000000000000:event-bus/${name}`;
const ruleArn = (name: string) => `arn:aws:events:us-east-1:000000000000:rule/${name}`;
const allowed = (Resource: string, ...Action: string[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action, Resource }],
  });

let open: OpenBus;
let calls = 0;

const busyFunctions = defineService<typeof import("@aws-sdk/client-lambda")>({
  name: "lambda",
  signingName: "lambda",
  iamPrefix: "lambda",
  sdk: () => import("@aws-sdk/client-lambda"),
  create: (home) => {
    home.policies.setResourceSource("lambda", () => JSON.parse(allowed("*", "lambda:InvokeFunction")));
    return {
      operations: {
        Invoke: {
          authorize: ({ FunctionName = "" }) => ({ action: "lambda:InvokeFunction", resource: FunctionName }),
          handle() {
            calls++;
            throw new AwsError("ServiceException", "busy", { status: 503 });
          },
        },
      },
    };
  },
});

beforeAll(async () => {
  open = await openBus(logs, sns, busyFunctions);
});
afterAll(() => open.close());

/** The message's attributes as a plain object. */
async function deadLetter(url: string) {
  const { Body = "", MessageAttributes = {} } = await open.message(url);
  const attributes = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]);
  return { event: JSON.parse(Body), attributes: Object.fromEntries(attributes) };
}

describe("a target through the SDK", () => {
  it("that is a FIFO queue gets its message group, and one message of an event", async () => {
    const Attributes = { FifoQueue: "true", Policy: allowed(queueArn("orders.fifo"), "sqs:SendMessage") };
    const { QueueUrl } = await open.queues.send(new CreateQueueCommand({ QueueName: "orders.fifo", Attributes }));
    const SqsParameters = { MessageGroupId: "customer-7" };
    await open.rule("fifo", { source: ["fifo"] }, [{ Id: "q", Arn: queueArn("orders.fifo"), SqsParameters }]);
    await open.put({}, { Source: "fifo" });
    const receive = new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ["MessageGroupId"] });
    let group: string | undefined;
    for (let tries = 0; tries < 100 && group === undefined; tries++)
      group = (await open.queues.send(receive)).Messages?.[0]?.Attributes?.MessageGroupId;
    expect(group).toBe("customer-7");
  });

  it("that is a topic gets the transformed input, if the topic lets the bus in", async () => {
    const topics = new SNSClient(open.home.clientConfig());
    followClock(topics, open.clock);
    const { TopicArn = "" } = await topics.send(new CreateTopicCommand({ Name: "orders" }));
    const AttributeValue = allowed(TopicArn, "sns:Publish");
    await topics.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue }));
    const Principal = { Service: "sns.amazonaws.com" };
    const Statement = [{ Effect: "Allow", Principal, Action: "sqs:SendMessage", Resource: queueArn("told") }];
    const Attributes = { Policy: JSON.stringify({ Version: "2012-10-17", Statement }) };
    const { QueueUrl = "" } = await open.queues.send(new CreateQueueCommand({ QueueName: "told", Attributes }));
    await topics.send(
      new SubscribeCommand({
        TopicArn,
        Protocol: "sqs",
        Endpoint: queueArn("told"),
        Attributes: { RawMessageDelivery: "true" },
      }),
    );
    const InputTransformer = { InputPathsMap: { order: "$.detail.order" }, InputTemplate: '"order <order> came"' };
    await open.rule("topic", { source: ["topic"] }, [{ Id: "t", Arn: TopicArn, InputTransformer }]);
    await open.put({ order: "o-1" }, { Source: "topic" });
    expect((await open.message(QueueUrl)).Body).toBe('"order o-1 came"');
  });

  it("that is a log group gets the event once a resource policy of Logs lets the bus in", async () => {
    const client = new CloudWatchLogsClient(open.home.clientConfig());
    followClock(client, open.clock);
    await client.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
    const Arn = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}`;
    const url = await open.makeQueue("log-letters");
    const DeadLetterConfig = { Arn: queueArn("log-letters") };
    await open.rule("log", { source: ["log"] }, [{ Id: "l", Arn, DeadLetterConfig }]);
    await open.put({}, { Source: "log" });
    expect((await deadLetter(url)).attributes.ERROR_CODE).toBe("NO_PERMISSIONS");
    const policyDocument = allowed(`${Arn}:*`, "logs:CreateLogStream", "logs:PutLogEvents");
    await client.send(new PutResourcePolicyCommand({ policyName: "bus", policyDocument }));
    const id = await open.put({}, { Source: "log" });
    const lines = async () => (await client.send(new FilterLogEventsCommand({ logGroupName: GROUP }))).events ?? [];
    let found = await lines();
    for (let tries = 0; tries < 100 && found.length === 0; tries++) found = await lines();
    expect(found.map(({ message = "" }) => JSON.parse(message).id)).toEqual([id]);
  });

  it("that is another bus gets the event as it was: its source, account, id and time", async () => {
    await open.bus.send(new CreateEventBusCommand({ Name: "second" }));
    const url = await open.makeQueue("far");
    await open.rule("there", { account: ["000000000000"] }, [{ Id: "q", Arn: queueArn("far") }], "second");
    await open.rule("on", { source: ["hop"] }, [{ Id: "b", Arn: busArn("second"), RoleArn: ROLE }]);
    const id = await open.put({ hop: 1 }, { Source: "hop" });
    expect(JSON.parse((await open.message(url)).Body ?? "")).toMatchObject({
      id,
      source: "hop",
      account: "000000000000",
      "detail-type": "Order Placed",
      detail: { hop: 1 },
    });
  });

  it("that is a third bus gets nothing: an event goes from a bus to one other, and no further", async () => {
    await open.bus.send(new CreateEventBusCommand({ Name: "hub" }));
    await open.bus.send(new CreateEventBusCommand({ Name: "third" }));
    const url = await open.makeQueue("hop-letters");
    const DeadLetterConfig = { Arn: queueArn("hop-letters") };
    const third = { Id: "b", Arn: busArn("third"), RoleArn: ROLE, DeadLetterConfig };
    await open.rule("to-third", { source: ["far"] }, [third], "hub");
    await open.rule("to-hub", { source: ["far"] }, [{ Id: "b", Arn: busArn("hub"), RoleArn: ROLE }]);
    await open.put({}, { Source: "far" });
    expect((await deadLetter(url)).attributes).toMatchObject({
      ERROR_CODE: "THIRD_ACCOUNT_HOP_DETECTED",
      RETRY_ATTEMPTS: "0",
    });
  });
});

describe("a dead-letter queue gets the whole event, and exactly these attributes", () => {
  it.each([
    { target: "closed", ERROR_CODE: "NO_PERMISSIONS", ERROR_MESSAGE: expect.stringContaining("sqs:SendMessage") },
    {
      target: "gone",
      RoleArn: ROLE,
      ERROR_CODE: "NO_RESOURCE",
      ERROR_MESSAGE: "The specified queue does not exist.",
    },
  ])("at once for a queue that is $target", async ({ target, RoleArn, ...why }) => {
    const url = await open.makeQueue(`letters-${target}`);
    if (target === "closed") await open.queues.send(new CreateQueueCommand({ QueueName: target }));
    const DeadLetterConfig = { Arn: queueArn(`letters-${target}`) };
    const InputPath = "$.detail";
    const queue = { Id: "q", Arn: queueArn(target), RoleArn, InputPath, DeadLetterConfig };
    await open.rule(target, { source: [target] }, [queue]);
    const id = await open.put({ a: 1 }, { Source: target });
    const { event, attributes } = await deadLetter(url);
    expect(event).toMatchObject({ id, source: target, detail: { a: 1 } });
    expect(attributes).toEqual({
      RULE_ARN: ruleArn(target),
      TARGET_ARN: queueArn(target),
      RETRY_ATTEMPTS: "0",
      ...why,
    });
  });

  it.each([
    { policy: undefined, retries: 185, condition: "MaximumRetryAttempts" },
    { policy: { MaximumRetryAttempts: 0 }, retries: 0, condition: "MaximumRetryAttempts" },
    { policy: { MaximumEventAgeInSeconds: 60 }, retries: undefined, condition: "MaximumEventAgeInSeconds" },
  ])("after all tries of the policy $policy", async ({ policy, retries, condition }) => {
    const name = `busy-${retries}`;
    const url = await open.makeQueue(name);
    const target = { Id: "f", Arn: FUNCTION, DeadLetterConfig: { Arn: queueArn(name) }, RetryPolicy: policy };
    await open.rule(name, { source: [name] }, [target]);
    calls = 0;
    const began = open.clock.now();
    await open.put({}, { Source: name });
    const next = open.home.ports.store.prepare("SELECT min(due_ms) AS ms FROM events_deliveries");
    const dueMs = () => next.get()?.ms ?? undefined;
    for (let due = dueMs(); due !== undefined; due = dueMs()) {
      open.clock.advance(Math.max(Number(due) - open.clock.now(), 0));
      await open.clock.until(() => dueMs() !== due, 0);
    }
    const { attributes } = await deadLetter(url);
    expect(attributes).toMatchObject({ ERROR_CODE: "INTERNAL_ERROR", EXHAUSTED_RETRY_CONDITION: condition });
    expect(attributes.RETRY_ATTEMPTS).toBe(String(retries ?? calls - 1));
    expect(calls).toBe(Number(attributes.RETRY_ATTEMPTS) + 1);
    expect(open.clock.now() - began).toBeLessThanOrEqual(86_400_000);
  });
});
