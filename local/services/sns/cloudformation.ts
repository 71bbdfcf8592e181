/** AWS::SNS::Topic, TopicPolicy and Subscription. */
import { z } from "zod";
import type { ResourceType } from "../../define-service.ts";
import { checkSubscription } from "./operations.ts";
import type { Topic, TopicStore } from "./topic-store.ts";

const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const TopicProperties = z.strictObject({
  TopicName: z.string().optional(),
  DisplayName: Scalar.optional(),
  FifoTopic: Scalar.optional(),
  ContentBasedDeduplication: Scalar.optional(),
  KmsMasterKeyId: Scalar.optional(),
  SignatureVersion: Scalar.optional(),
  TracingConfig: Scalar.optional(),
  Subscription: z.array(z.object({ Endpoint: z.string(), Protocol: z.string() })).default([]),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
});
const PolicyProperties = z.strictObject({ Topics: z.array(z.string()).min(1), PolicyDocument: z.looseObject({}) });
const SubscriptionProperties = z.strictObject({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string(),
  Region: z.string().optional(),
  FilterPolicy: z.unknown().optional(),
  FilterPolicyScope: z.string().optional(),
  RawMessageDelivery: Scalar.optional(),
  RedrivePolicy: z.unknown().optional(),
});

export function snsResources(store: TopicStore): Readonly<Record<string, ResourceType>> {
  return {
    "AWS::SNS::Topic": topicResource(store),
    "AWS::SNS::TopicPolicy": policyResource(store),
    "AWS::SNS::Subscription": subscriptionResource(store),
  };
}

function topicResource(store: TopicStore): ResourceType {
  const put = (properties: unknown, name: string) => {
    const { TopicName: _name, Tags, Subscription, ...attributes } = TopicProperties.parse(properties);
    const topic: Topic = store.put(name, texts(attributes), {});
    store.setTags(topic, Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])));
    for (const { Protocol, Endpoint } of Subscription) {
      checkSubscription(Protocol, {});
      store.subscribe(topic, Protocol, Endpoint, {});
    }
    return { physicalId: topic.arn, attributes: { TopicArn: topic.arn, TopicName: topic.name } };
  };
  return {
    properties: TopicProperties,
    create(properties, context) {
      const { TopicName, FifoTopic } = TopicProperties.parse(properties);
      const generated = String(FifoTopic) === "true" ? `${context.generateName(251)}.fifo` : context.generateName(256);
      return put(properties, TopicName ?? generated);
    },
    update(properties, current, _context, previous) {
      if (TopicProperties.parse(properties).TopicName !== TopicProperties.parse(previous).TopicName) return "replace";
      return put(properties, store.get(current.physicalId).name);
    },
    delete(current) {
      const topic = store.find(current.physicalId);
      if (topic) store.remove(topic);
    },
  };
}

function policyResource(store: TopicStore): ResourceType {
  const put = (properties: unknown) => {
    const { Topics, PolicyDocument } = PolicyProperties.parse(properties);
    for (const arn of Topics) store.put(store.get(arn).name, { Policy: JSON.stringify(PolicyDocument) }, {});
    return Topics;
  };
  return {
    properties: PolicyProperties,
    create: (properties, { stackName, logicalId }) => ({
      physicalId: `${stackName}-${logicalId}`,
      attributes: { topics: put(properties) },
    }),
    update: (properties, current) => ({ ...current, attributes: { topics: put(properties) } }),
    delete(current) {
      for (const arn of z.array(z.string()).catch([]).parse(current.attributes.topics)) {
        const topic = store.find(arn);
        if (topic) store.put(topic.name, { Policy: '{"Version":"2012-10-17","Statement":[]}' }, {});
      }
    },
  };
}

function subscriptionResource(store: TopicStore): ResourceType {
  return {
    properties: SubscriptionProperties,
    create(properties) {
      const { TopicArn, Protocol, Endpoint, Region: _region, ...attributes } = SubscriptionProperties.parse(properties);
      checkSubscription(Protocol, texts(attributes));
      const { arn } = store.subscribe(store.get(TopicArn), Protocol, Endpoint, texts(attributes));
      return { physicalId: arn, attributes: { Arn: arn } };
    },
    delete: (current) => store.unsubscribe(current.physicalId),
  };
}

function texts(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : String(value)]),
  );
}
