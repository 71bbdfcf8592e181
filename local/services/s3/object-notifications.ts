/**
 * Event notifications on their way to queues, topics and functions: written with the change that causes them,
 * delivered at least once after it is durable.
 * Message: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
import type { HomePorts } from "../../define-service.ts";
import { createOutbox, DEFAULT_RETRY, invokeTarget, isRetriable, type Outbox } from "../../delivery/index.ts";
import type { Principal } from "../../principal.ts";
import { bucketArn } from "./authorizations.ts";
import type { Bucket } from "./bucket-store.ts";
import { type Notification, notified, type RaisedEvent } from "./notification-configuration.ts";

/** What happened to an object, as its message tells it. */
export interface ObjectChange {
  event: RaisedEvent;
  key: string;
  /** Members of the message's `object` besides its key. */
  object: Readonly<Record<string, unknown>>;
  requestId: string;
  requester: string;
  trace: string | undefined;
}

interface Message {
  arn: string;
  bucket: string;
  input: string;
  key: string;
  trace?: string | undefined;
}

const ACTIONS: Readonly<Record<string, string>> = {
  lambda: "lambda:InvokeFunction",
  sqs: "sqs:SendMessage",
  sns: "sns:Publish",
};

export class ObjectNotifications {
  readonly #home: HomePorts;
  readonly #outbox: Outbox<Message>;

  constructor(home: HomePorts) {
    this.#home = home;
    this.#outbox = createOutbox<Message>({
      owner: "s3",
      store: home.store,
      clock: home.clock,
      random: () => Number.parseInt(home.uuid().slice(0, 8), 16) / 2 ** 32,
      attempt: async ({ payload }) => {
        try {
          const principal = principalOf(payload.bucket);
          const { arn, input, key: deliveryKey, trace } = payload;
          await invokeTarget(home, { arn, input, principal, deliveryKey, trace });
          return { outcome: "delivered" };
        } catch (error) {
          return { outcome: "failed", error, retriable: isRetriable(error) };
        }
      },
      giveUp: ({ payload }, error) =>
        home.log("warn", `bucket ${payload.bucket}: gave up notifying ${payload.arn}: ${String(error)}`),
    });
  }

  start(): void {
    this.#outbox.start();
  }

  stop(): void {
    this.#outbox.stop();
  }

  /** Joins the open batch. */
  enqueue(bucket: Bucket, change: ObjectChange): void {
    for (const one of notified(bucket.configuration.notifications ?? [], change.event, change.key)) {
      this.#send(bucket.name, one.arn, { Records: [this.#record(bucket, one, change)] }, change.trace);
    }
  }

  /** S3 tells every queue and topic once that it is notified from now on. */
  test(bucket: string, notifications: readonly Notification[]): void {
    for (const { arn } of notifications.filter((one) => !one.arn.startsWith("arn:aws:lambda:"))) {
      const Time = new Date(this.#home.clock.now()).toISOString();
      const RequestId = this.#home.uuid();
      this.#send(bucket, arn, {
        Service: "Amazon S3",
        Event: "s3:TestEvent",
        Time,
        Bucket: bucket,
        RequestId,
        HostId: RequestId,
      });
    }
  }

  /** True when the destination lets the bucket notify it. */
  permitted(bucket: string, { arn }: Notification): boolean {
    const action = ACTIONS[arn.split(":")[2] ?? ""] ?? "";
    try {
      this.#home.authorize(principalOf(bucket), { action, resource: arn });
      return true;
    } catch {
      return false;
    }
  }

  #send(bucket: string, arn: string, message: object, trace?: string): void {
    const payload = { arn, bucket, input: JSON.stringify(message), key: this.#home.uuid(), trace };
    this.#outbox.enqueue([{ payload, policy: DEFAULT_RETRY }]);
  }

  #record(bucket: Bucket, { id }: Notification, change: ObjectChange): object {
    return {
      eventVersion: "2.1",
      eventSource: "aws:s3",
      awsRegion: this.#home.region,
      eventTime: new Date(this.#home.clock.now()).toISOString(),
      eventName: change.event.slice("s3:".length),
      userIdentity: { principalId: change.requester },
      requestParameters: { sourceIPAddress: "127.0.0.1" },
      responseElements: { "x-amz-request-id": change.requestId, "x-amz-id-2": change.requestId },
      s3: {
        s3SchemaVersion: "1.0",
        configurationId: id,
        bucket: {
          name: bucket.name,
          ownerIdentity: { principalId: this.#home.accountId },
          arn: bucketArn(bucket.name),
        },
        object: { key: encodeKey(change.key), ...change.object },
      },
    };
  }
}

function principalOf(bucket: string): Principal {
  return { kind: "service", service: "s3.amazonaws.com", sourceArn: bucketArn(bucket) };
}

/** As in a form: a space is a plus sign, a slash stays. */
function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/");
}
