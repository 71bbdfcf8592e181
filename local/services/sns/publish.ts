/**
 * From a published message to its subscribers: one durable delivery for each subscription whose filter lets it through.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
import type { MessageAttributeValue } from "@aws-sdk/client-sns";
import { matches } from "../../../engine/patterns/index.ts";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import {
  type Attempt,
  createOutbox,
  DEFAULT_RETRY,
  type DeadLetter,
  isRetriable,
  type Outbox,
  type Outgoing,
  queueUrlOf,
  sendDeadLetter,
} from "../../delivery/index.ts";
import type { Principal } from "../../principal.ts";
import { deadLetterQueueOf } from "./redrive-policy.ts";
import type { Subscription, Topic, TopicStore } from "./topic-store.ts";

export interface Published {
  message: string;
  subject?: string | undefined;
  attributes: Readonly<Record<string, { DataType: string; StringValue: string }>>;
  groupId?: string | undefined;
  dedupId?: string | undefined;
  /** The publisher's trace header, which goes on to the subscribers. */
  trace?: string | undefined;
}

interface TopicDelivery {
  topicArn: string;
  subscription: Subscription;
  messageId: string;
  timestamp: string;
  published: Published;
  deadLetter?: DeadLetter;
}

export interface Publisher {
  readonly outbox: Outbox<TopicDelivery>;
  /** Writes the deliveries into the open batch; gives the message's id. */
  publish(topic: Topic, published: Published): string;
}

export function createPublisher(home: HomePorts, store: TopicStore): Publisher {
  const outbox: Outbox<TopicDelivery> = createOutbox<TopicDelivery>({
    owner: "sns",
    store: home.store,
    clock: home.clock,
    random: () => Number.parseInt(home.uuid().slice(0, 8), 16) / 2 ** 32,
    shared: ["topicArn", "messageId", "timestamp", "published"],
    attempt: (delivery) => attempt(home, delivery.payload),
    giveUp({ payload }, error) {
      const { subscription, topicArn, deadLetter, published } = payload;
      home.log("warn", `topic ${topicArn}: gave up delivering to ${subscription.endpoint}: ${String(error)}`);
      const queueArn = deadLetterQueueOf(subscription.attributes);
      if (queueArn === undefined || deadLetter !== undefined) return;
      const letter = { queueArn, body: bodyOf(payload), attributes: textsOf(published) };
      outbox.enqueue([{ payload: { ...payload, deadLetter: letter }, policy: DEFAULT_RETRY }]);
    },
  });
  return {
    outbox,
    publish(topic, published) {
      const messageId = home.uuid();
      const timestamp = new Date(home.clock.now()).toISOString();
      const outgoing: Outgoing<TopicDelivery>[] = [];
      for (const subscription of store.subscriptions(topic.arn)) {
        if (!wanted(subscription, published)) continue;
        const payload = { topicArn: topic.arn, subscription, messageId, timestamp, published };
        outgoing.push({ payload, policy: DEFAULT_RETRY });
      }
      outbox.enqueue(outgoing);
      return messageId;
    },
  };
}

/** Attributes as kept. @throws AwsError ParameterValueInvalid for binary ones, which are not built */
export function storedAttributes(
  given: Readonly<Record<string, MessageAttributeValue>> | undefined,
): Published["attributes"] {
  const entries = Object.entries(given ?? {}).map(([name, { DataType = "String", StringValue, BinaryValue }]) => {
    if (BinaryValue !== undefined) {
      throw new AwsError(
        "ParameterValueInvalid",
        `message attribute ${name} is binary; this home's topics carry String, String.Array and Number`,
      );
    }
    return [name, { DataType, StringValue: StringValue ?? "" }];
  });
  return Object.fromEntries(entries);
}

/** A filter policy is an event pattern over the message's attributes, or its body. */
function wanted({ attributes }: Subscription, published: Published): boolean {
  const policy = attributes.FilterPolicy;
  if (policy === undefined || policy === "{}") return true;
  if (attributes.FilterPolicyScope !== "MessageBody") return matches(policy, attributeValues(published));
  try {
    const body: unknown = JSON.parse(published.message);
    return typeof body === "object" && body !== null && matches(policy, body);
  } catch {
    return false;
  }
}

function attributeValues({ attributes }: Published): Record<string, unknown> {
  const entries = Object.entries(attributes).map(([name, { DataType, StringValue }]) => {
    if (DataType === "Number") return [name, Number(StringValue)];
    return [name, DataType === "String.Array" ? listOf(StringValue) : StringValue];
  });
  return Object.fromEntries(entries);
}

/** Text that is no list is matched as the text it is. */
function listOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function attempt(home: HomePorts, delivery: TopicDelivery): Promise<Attempt> {
  const principal: Principal = { kind: "service", service: "sns.amazonaws.com", sourceArn: delivery.topicArn };
  try {
    if (delivery.deadLetter !== undefined) await sendDeadLetter(home, delivery.deadLetter, principal);
    else await send(home, delivery, principal);
    return { outcome: "delivered" };
  } catch (error) {
    return { outcome: "failed", error, retriable: isRetriable(error) };
  }
}

async function send(home: HomePorts, delivery: TopicDelivery, principal: Principal): Promise<void> {
  const { subscription, published } = delivery;
  if (subscription.protocol === "lambda") {
    const notification = {
      EventSource: "aws:sns",
      EventVersion: "1.0",
      EventSubscriptionArn: subscription.arn,
      Sns: envelope(delivery),
    };
    const Payload = new TextEncoder().encode(JSON.stringify({ Records: [notification] }));
    await home.call(
      "lambda",
      "Invoke",
      { FunctionName: subscription.endpoint, InvocationType: "Event", Payload },
      principal,
      undefined,
      published.trace,
    );
    return;
  }
  const raw = subscription.attributes.RawMessageDelivery === "true";
  const fifo = subscription.endpoint.endsWith(".fifo");
  const input = {
    QueueUrl: queueUrlOf(subscription.endpoint),
    MessageBody: bodyOf(delivery),
    ...(raw ? { MessageAttributes: published.attributes } : {}),
    ...(fifo
      ? { MessageGroupId: published.groupId, MessageDeduplicationId: published.dedupId ?? delivery.messageId }
      : {}),
  };
  await home.call("sqs", "SendMessage", input, principal, undefined, published.trace);
}

function bodyOf(delivery: TopicDelivery): string {
  const raw = delivery.subscription.attributes.RawMessageDelivery === "true";
  return raw ? delivery.published.message : JSON.stringify(envelope(delivery));
}

function envelope({ topicArn, messageId, timestamp, published }: TopicDelivery): object {
  const attributes = Object.entries(published.attributes).map(([name, { DataType, StringValue }]) => [
    name,
    { Type: DataType, Value: StringValue },
  ]);
  return {
    Type: "Notification",
    MessageId: messageId,
    TopicArn: topicArn,
    ...(published.subject === undefined ? {} : { Subject: published.subject }),
    Message: published.message,
    Timestamp: timestamp,
    ...(attributes.length === 0 ? {} : { MessageAttributes: Object.fromEntries(attributes) }),
  };
}

function textsOf({ attributes }: Published): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue]));
}
