/** AWS::SQS::Queue and AWS::SQS::QueuePolicy. */
import { z } from "zod";
import type { ResourceState, ResourceType } from "../../define-service.ts";
import type { MessageStore } from "./message-store.ts";
import { nameOf, type Queue, type QueueStore } from "./queue-store.ts";

const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const QueueProperties = z.strictObject({
  QueueName: z.string().optional(),
  ContentBasedDeduplication: Scalar.optional(),
  DeduplicationScope: Scalar.optional(),
  DelaySeconds: Scalar.optional(),
  FifoQueue: Scalar.optional(),
  FifoThroughputLimit: Scalar.optional(),
  KmsDataKeyReusePeriodSeconds: Scalar.optional(),
  KmsMasterKeyId: Scalar.optional(),
  MaximumMessageSize: Scalar.optional(),
  MessageRetentionPeriod: Scalar.optional(),
  ReceiveMessageWaitTimeSeconds: Scalar.optional(),
  RedriveAllowPolicy: z.unknown().optional(),
  RedrivePolicy: z.unknown().optional(),
  SqsManagedSseEnabled: Scalar.optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).optional(),
  VisibilityTimeout: Scalar.optional(),
});
const PolicyProperties = z.strictObject({ Queues: z.array(z.string()).min(1), PolicyDocument: z.looseObject({}) });

export function sqsResources(queues: QueueStore, messages: MessageStore): Readonly<Record<string, ResourceType>> {
  return { "AWS::SQS::Queue": queueResource(queues, messages), "AWS::SQS::QueuePolicy": policyResource(queues) };
}

function queueResource(queues: QueueStore, messages: MessageStore): ResourceType {
  const stateOf = (queue: Queue): ResourceState => ({
    physicalId: queues.urlOf(queue.name),
    attributes: { Arn: queues.arnOf(queue.name), QueueName: queue.name, QueueUrl: queues.urlOf(queue.name) },
  });
  return {
    properties: QueueProperties,
    create(properties, context) {
      const { QueueName, Tags = [], ...rest } = QueueProperties.parse(properties);
      const fifo = String(rest.FifoQueue) === "true";
      const name = QueueName ?? (fifo ? `${context.generateName(75)}.fifo` : context.generateName(80));
      const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
      const existing = queues.find(name);
      return stateOf(existing ? queues.setAttributes(existing, texts(rest)) : queues.create(name, texts(rest), tags));
    },
    update(properties, current, _context, previous) {
      const next = QueueProperties.parse(properties);
      const before = QueueProperties.parse(previous);
      if (next.QueueName !== before.QueueName || next.FifoQueue !== before.FifoQueue) return "replace";
      const { QueueName: _name, Tags = [], ...rest } = next;
      const removed = Object.keys(before).filter((name) => name !== "Tags" && name !== "QueueName" && !(name in rest));
      const attributes = { ...Object.fromEntries(removed.map((name) => [name, ""])), ...texts(rest) };
      const queue = queues.setAttributes(queues.get(current.physicalId), attributes);
      return stateOf(queues.setTags(queue, Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]))));
    },
    delete(current) {
      const queue = queues.find(nameOf(current.physicalId));
      if (queue === undefined) return;
      messages.purge(queue);
      queues.remove(queue);
    },
  };
}

function policyResource(queues: QueueStore): ResourceType {
  const put = (properties: unknown) => {
    const { Queues, PolicyDocument } = PolicyProperties.parse(properties);
    for (const queue of Queues) queues.setAttributes(queues.get(queue), { Policy: JSON.stringify(PolicyDocument) });
    return Queues;
  };
  return {
    properties: PolicyProperties,
    create: (properties, { stackName, logicalId }) => ({
      physicalId: `${stackName}-${logicalId}`,
      attributes: { Id: `${stackName}-${logicalId}`, queues: put(properties) },
    }),
    update: (properties, current) => ({ ...current, attributes: { ...current.attributes, queues: put(properties) } }),
    delete(current) {
      const names = z.array(z.string()).catch([]).parse(current.attributes.queues);
      for (const name of names) {
        const queue = queues.find(nameOf(name));
        if (queue) queues.setAttributes(queue, { Policy: "" });
      }
    },
  };
}

function texts(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : String(value)]),
  );
}
