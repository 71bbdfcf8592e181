/** Topics and their subscriptions, as stored. */
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import { ownJson, type Row, type Statement } from "../../store/index.ts";

export interface Topic {
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  /** DisplayName, Policy, KmsMasterKeyId and the like. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** FilterPolicy, RawMessageDelivery, RedrivePolicy and the like. */
  readonly attributes: Readonly<Record<string, string>>;
}

const NAME = /^[A-Za-z0-9_-]{1,256}$/;

export class TopicStore {
  readonly #home: HomePorts;
  readonly #sql: Record<
    "topic" | "topics" | "write" | "remove" | "subscription" | "subscriptions" | "subscribe" | "unsubscribe",
    Statement
  >;

  constructor(home: HomePorts) {
    this.#home = home;
    const prepare = (sql: string) => home.store.prepare(sql);
    this.#sql = {
      topic: prepare("SELECT * FROM sns_topics WHERE name = ?"),
      topics: prepare("SELECT * FROM sns_topics ORDER BY name"),
      write: prepare("INSERT OR REPLACE INTO sns_topics VALUES (?, ?, ?)"),
      remove: prepare("DELETE FROM sns_topics WHERE name = ?"),
      subscription: prepare("SELECT * FROM sns_subscriptions WHERE arn = ?"),
      subscriptions: prepare("SELECT * FROM sns_subscriptions ORDER BY topic, arn"),
      subscribe: prepare("INSERT OR REPLACE INTO sns_subscriptions VALUES (?, ?, ?, ?, ?)"),
      unsubscribe: prepare("DELETE FROM sns_subscriptions WHERE arn = ?"),
    };
  }

  arnOf(name: string): string {
    return `arn:aws:sns:${this.#home.region}:${this.#home.accountId}:${name}`;
  }

  find(nameOrArn: string): Topic | undefined {
    const row = this.#sql.topic.get(nameOrArn.split(":").at(-1) ?? "");
    return row && this.#topicFrom(row);
  }

  /** @throws AwsError NotFound; InvalidParameter for what is no ARN */
  get(arn: string | undefined): Topic {
    const parts = (arn ?? "").split(":").length;
    if (parts < 6)
      throw new AwsError(
        "InvalidParameter",
        `Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not ${parts}`,
      );
    const topic = this.find(arn ?? "");
    if (topic === undefined) throw new AwsError("NotFound", "Topic does not exist", { status: 404 });
    return topic;
  }

  topics(): Topic[] {
    return this.#sql.topics.all().map((row) => this.#topicFrom(row));
  }

  /** Makes a topic, or adds to the one of this name. @throws AwsError InvalidParameter */
  put(name: string, attributes: Readonly<Record<string, string>>, tags: Readonly<Record<string, string>>): Topic {
    if (!NAME.test(name.replace(/\.fifo$/, "")))
      throw new AwsError("InvalidParameter", "Invalid parameter: Topic Name");
    const known = this.find(name);
    const topic = {
      name,
      arn: this.arnOf(name),
      fifo: name.endsWith(".fifo"),
      attributes: { ...known?.attributes, ...attributes },
      tags: { ...known?.tags, ...tags },
    };
    this.#sql.write.run(name, JSON.stringify(topic.attributes), JSON.stringify(topic.tags));
    this.#home.policies.invalidate();
    return topic;
  }

  setTags({ name, attributes }: Topic, tags: Readonly<Record<string, string>>): void {
    this.#sql.write.run(name, JSON.stringify(attributes), JSON.stringify(tags));
  }

  remove(topic: Topic): void {
    for (const { arn } of this.subscriptions(topic.arn)) this.#sql.unsubscribe.run(arn);
    this.#sql.remove.run(topic.name);
    this.#home.policies.invalidate();
  }

  subscriptions(topicArn?: string): Subscription[] {
    const all = this.#sql.subscriptions.all().map(subscriptionFrom);
    return topicArn === undefined ? all : all.filter((subscription) => subscription.topicArn === topicArn);
  }

  /** @throws AwsError NotFound */
  getSubscription(arn: string | undefined): Subscription {
    const row = this.#sql.subscription.get(arn ?? "");
    if (row === undefined) throw new AwsError("NotFound", "Subscription does not exist", { status: 404 });
    return subscriptionFrom(row);
  }

  /** The subscription of this endpoint, made when there is none. */
  subscribe(
    topic: Topic,
    protocol: string,
    endpoint: string,
    attributes: Readonly<Record<string, string>>,
  ): Subscription {
    const known = this.subscriptions(topic.arn).find((one) => one.protocol === protocol && one.endpoint === endpoint);
    const arn = known?.arn ?? `${topic.arn}:${this.#home.uuid()}`;
    return this.saveSubscription({
      arn,
      topicArn: topic.arn,
      protocol,
      endpoint,
      attributes: { ...known?.attributes, ...attributes },
    });
  }

  saveSubscription(subscription: Subscription): Subscription {
    const { arn, topicArn, protocol, endpoint, attributes } = subscription;
    this.#sql.subscribe.run(arn, topicArn, protocol, endpoint, JSON.stringify(attributes));
    return subscription;
  }

  unsubscribe(arn: string): void {
    this.#sql.unsubscribe.run(arn);
  }

  #topicFrom(row: Row): Topic {
    const name = String(row.name);
    return {
      name,
      arn: this.arnOf(name),
      fifo: name.endsWith(".fifo"),
      attributes: ownJson(row.attributes),
      tags: ownJson(row.tags),
    };
  }
}

function subscriptionFrom(row: Row): Subscription {
  return {
    arn: String(row.arn),
    topicArn: String(row.topic),
    protocol: String(row.protocol),
    endpoint: String(row.endpoint),
    attributes: ownJson(row.attributes),
  };
}
