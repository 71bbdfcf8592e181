/** Operations on queues. */
import type { Operations } from "../../define-service.ts";
import type { MessageStore } from "./message-store.ts";
import { redrivePolicy, shownAttributes } from "./queue-attributes.ts";
import { nameOf, type Queue, type QueueStore } from "./queue-store.ts";

type Sqs = typeof import("@aws-sdk/client-sqs");

export function queueOperations(queues: QueueStore, messages: MessageStore): Operations<Sqs> {
  const ofUrl = ({ QueueUrl }: { QueueUrl?: string | undefined }) => ({ resource: queues.arnOf(nameOf(QueueUrl)) });
  const ofName = ({ QueueName }: { QueueName?: string | undefined }) => ({ resource: queues.arnOf(QueueName ?? "") });
  return {
    CreateQueue: {
      authorize: ofName,
      handle({ QueueName = "", Attributes = {}, tags = {} }) {
        return { QueueUrl: queues.urlOf(queues.create(QueueName, Attributes, tags).name) };
      },
    },
    DeleteQueue: {
      authorize: ofUrl,
      handle({ QueueUrl }) {
        const queue = queues.get(QueueUrl);
        messages.purge(queue);
        queues.remove(queue);
        return {};
      },
    },
    GetQueueUrl: {
      authorize: ofName,
      handle: ({ QueueName }) => ({ QueueUrl: queues.urlOf(queues.get(QueueName).name) }),
    },
    ListQueues: {
      handle({ QueueNamePrefix = "" }) {
        const names = queues.list().map(({ name }) => name);
        return {
          QueueUrls: names.filter((name) => name.startsWith(QueueNamePrefix)).map((name) => queues.urlOf(name)),
        };
      },
    },
    ListDeadLetterSourceQueues: {
      authorize: ofUrl,
      handle({ QueueUrl }) {
        const target = queues.arnOf(queues.get(QueueUrl).name);
        const sources = queues
          .list()
          .filter(({ attributes }) => redrivePolicy(attributes)?.deadLetterTargetArn === target);
        return { queueUrls: sources.map(({ name }) => queues.urlOf(name)) };
      },
    },
    GetQueueAttributes: {
      authorize: ofUrl,
      handle({ QueueUrl, AttributeNames = [] }) {
        const all = Object.entries(attributesOf(queues.get(QueueUrl), queues, messages));
        const asked: readonly string[] = AttributeNames;
        return {
          Attributes: Object.fromEntries(all.filter(([name]) => asked.includes("All") || asked.includes(name))),
        };
      },
    },
    SetQueueAttributes: {
      authorize: ofUrl,
      handle({ QueueUrl, Attributes = {} }) {
        queues.setAttributes(queues.get(QueueUrl), Attributes);
        return {};
      },
    },
    PurgeQueue: {
      authorize: ofUrl,
      handle({ QueueUrl }) {
        messages.purge(queues.get(QueueUrl));
        return {};
      },
    },
    TagQueue: {
      authorize: ofUrl,
      handle({ QueueUrl, Tags = {} }) {
        const queue = queues.get(QueueUrl);
        queues.setTags(queue, { ...queue.tags, ...Tags });
        return {};
      },
    },
    UntagQueue: {
      authorize: ofUrl,
      handle({ QueueUrl, TagKeys = [] }) {
        const queue = queues.get(QueueUrl);
        queues.setTags(queue, Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !TagKeys.includes(key))));
        return {};
      },
    },
    ListQueueTags: { authorize: ofUrl, handle: ({ QueueUrl }) => ({ Tags: { ...queues.get(QueueUrl).tags } }) },
  };
}

function attributesOf(queue: Queue, queues: QueueStore, messages: MessageStore): Record<string, string> {
  const { visible, hidden, delayed } = messages.counts(queue);
  return {
    ...shownAttributes(queue.attributes),
    QueueArn: queues.arnOf(queue.name),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(hidden),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.createdMs / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedMs / 1000)),
  };
}
