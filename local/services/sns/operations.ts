/** Operations on topics and subscriptions. */
import { parsePattern } from "../../../engine/patterns/index.ts";
import { AwsError, toAwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import { type Publisher, storedAttributes } from "./publish.ts";
import { deadLetterQueueOf } from "./redrive-policy.ts";
import type { Topic, TopicStore } from "./topic-store.ts";

type Sns = typeof import("@aws-sdk/client-sns");

const PROTOCOLS = ["sqs", "lambda"];
const MOST_BYTES = 262_144;

export function topicOperations(home: HomePorts, store: TopicStore, publisher: Publisher): Operations<Sns> {
  const onTopic = ({ TopicArn = "" }: { TopicArn?: string | undefined }) => ({ resource: TopicArn });
  return {
    CreateTopic: {
      authorize: ({ Name = "" }) => ({ resource: store.arnOf(Name) }),
      handle({ Name = "", Attributes = {}, Tags = [] }) {
        const tags = Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
        return { TopicArn: store.put(Name, Attributes, tags).arn };
      },
    },
    DeleteTopic: {
      authorize: onTopic,
      handle({ TopicArn = "" }) {
        const topic = store.find(TopicArn);
        if (topic) store.remove(topic);
        return {};
      },
    },
    ListTopics: { handle: () => ({ Topics: store.topics().map(({ arn }) => ({ TopicArn: arn })) }) },
    GetTopicAttributes: {
      authorize: onTopic,
      handle({ TopicArn }) {
        const { arn, attributes } = store.get(TopicArn);
        const confirmed = String(store.subscriptions(arn).length);
        return {
          Attributes: {
            TopicArn: arn,
            Owner: home.accountId,
            SubscriptionsConfirmed: confirmed,
            SubscriptionsPending: "0",
            SubscriptionsDeleted: "0",
            DisplayName: "",
            ...attributes,
          },
        };
      },
    },
    SetTopicAttributes: {
      authorize: onTopic,
      handle({ TopicArn, AttributeName = "", AttributeValue = "" }) {
        store.put(store.get(TopicArn).name, { [AttributeName]: AttributeValue }, {});
        return {};
      },
    },
    TagResource: {
      authorize: ({ ResourceArn = "" }) => ({ resource: ResourceArn }),
      handle({ ResourceArn, Tags = [] }) {
        const topic = store.get(ResourceArn);
        store.setTags(topic, {
          ...topic.tags,
          ...Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
        });
        return {};
      },
    },
    UntagResource: {
      authorize: ({ ResourceArn = "" }) => ({ resource: ResourceArn }),
      handle({ ResourceArn, TagKeys = [] }) {
        const topic = store.get(ResourceArn);
        store.setTags(topic, Object.fromEntries(Object.entries(topic.tags).filter(([key]) => !TagKeys.includes(key))));
        return {};
      },
    },
    ListTagsForResource: {
      authorize: ({ ResourceArn = "" }) => ({ resource: ResourceArn }),
      handle: ({ ResourceArn }) => ({
        Tags: Object.entries(store.get(ResourceArn).tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    },
    Publish: {
      authorize: onTopic,
      handle: (input, { trace }) => publishOne(publisher, store.get(input.TopicArn ?? input.TargetArn), input, trace),
    },
    PublishBatch: {
      authorize: ({ TopicArn = "" }) => ({ action: "sns:Publish", resource: TopicArn }),
      handle({ TopicArn, PublishBatchRequestEntries = [] }, { trace }) {
        const topic = store.get(TopicArn);
        const Successful: { Id: string | undefined; MessageId: string }[] = [];
        const Failed: { Id: string | undefined; Code: string; Message: string; SenderFault: boolean }[] = [];
        for (const entry of PublishBatchRequestEntries) {
          try {
            Successful.push({ Id: entry.Id, ...publishOne(publisher, topic, entry, trace) });
          } catch (thrown) {
            const { code, message, status } = toAwsError(thrown);
            Failed.push({ Id: entry.Id, Code: code, Message: message, SenderFault: status < 500 });
          }
        }
        return { Successful, Failed };
      },
    },
  };
}

export function subscriptionOperations(store: TopicStore): Operations<Sns> {
  const onTopic = ({ TopicArn = "" }: { TopicArn?: string | undefined }) => ({ resource: TopicArn });
  const onSubscription = ({ SubscriptionArn = "" }: { SubscriptionArn?: string | undefined }) => ({
    resource: SubscriptionArn,
  });
  const shown = ({ arn, topicArn, protocol, endpoint }: ReturnType<TopicStore["getSubscription"]>) => ({
    SubscriptionArn: arn,
    TopicArn: topicArn,
    Protocol: protocol,
    Endpoint: endpoint,
    Owner: topicArn.split(":")[4] ?? "",
  });
  return {
    Subscribe: {
      authorize: onTopic,
      handle({ TopicArn, Protocol = "", Endpoint = "", Attributes = {} }) {
        checkSubscription(Protocol, Attributes);
        return { SubscriptionArn: store.subscribe(store.get(TopicArn), Protocol, Endpoint, Attributes).arn };
      },
    },
    Unsubscribe: {
      authorize: onSubscription,
      handle({ SubscriptionArn = "" }) {
        store.unsubscribe(SubscriptionArn);
        return {};
      },
    },
    ListSubscriptions: { handle: () => ({ Subscriptions: store.subscriptions().map(shown) }) },
    ListSubscriptionsByTopic: {
      authorize: onTopic,
      handle: ({ TopicArn }) => ({ Subscriptions: store.subscriptions(store.get(TopicArn).arn).map(shown) }),
    },
    GetSubscriptionAttributes: {
      authorize: onSubscription,
      handle({ SubscriptionArn }) {
        const subscription = store.getSubscription(SubscriptionArn);
        return { Attributes: { ...shown(subscription), RawMessageDelivery: "false", ...subscription.attributes } };
      },
    },
    SetSubscriptionAttributes: {
      authorize: onSubscription,
      handle({ SubscriptionArn, AttributeName = "", AttributeValue = "" }) {
        const subscription = store.getSubscription(SubscriptionArn);
        const attributes = { ...subscription.attributes, [AttributeName]: AttributeValue };
        checkSubscription(subscription.protocol, attributes);
        store.saveSubscription({ ...subscription, attributes });
        return {};
      },
    },
  };
}

/** @throws AwsError InvalidParameter */
export function checkSubscription(protocol: string, attributes: Readonly<Record<string, string>>): void {
  if (!PROTOCOLS.includes(protocol)) {
    throw new AwsError(
      "InvalidParameter",
      `Invalid parameter: protocol ${protocol} is not built in the embedded home; there are ${PROTOCOLS.join(" and ")}`,
    );
  }
  deadLetterQueueOf(attributes);
  const filter = attributes.FilterPolicy;
  if (filter === undefined || filter === "{}") return;
  try {
    parsePattern(filter);
  } catch (thrown) {
    throw new AwsError(
      "InvalidParameter",
      `Invalid parameter: FilterPolicy: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
}

type Publishing = {
  Message?: string | undefined;
  Subject?: string | undefined;
  MessageAttributes?: Parameters<typeof storedAttributes>[0];
  MessageGroupId?: string | undefined;
  MessageDeduplicationId?: string | undefined;
};

function publishOne(
  publisher: Publisher,
  topic: Topic,
  input: Publishing,
  trace: string | undefined,
): { MessageId: string } {
  const message = input.Message ?? "";
  if (message === "") throw new AwsError("InvalidParameter", "Invalid parameter: Empty message");
  if (Buffer.byteLength(message) > MOST_BYTES)
    throw new AwsError("InvalidParameter", "Invalid parameter: Message too long");
  if (topic.fifo && input.MessageGroupId === undefined) {
    throw new AwsError(
      "InvalidParameter",
      "Invalid parameter: The MessageGroupId parameter is required for FIFO topics",
    );
  }
  const MessageId = publisher.publish(topic, {
    message,
    subject: input.Subject,
    attributes: storedAttributes(input.MessageAttributes),
    groupId: input.MessageGroupId,
    dedupId: input.MessageDeduplicationId,
    trace,
  });
  return { MessageId };
}
