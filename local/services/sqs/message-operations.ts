/** Operations on messages, one by one and in batches of up to ten. */
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import { AwsError, toAwsError } from "../../aws-error.ts";
import type { Call, HomePorts, Operations } from "../../define-service.ts";
import { principalArn } from "../../principal.ts";
import type { Arrivals } from "./arrivals.ts";
import { md5, md5OfAttributes, shownMessage, storedAttributes } from "./message-shapes.ts";
import type { MessageStore } from "./message-store.ts";
import { numberOf } from "./queue-attributes.ts";
import { nameOf, type Queue, type QueueStore } from "./queue-store.ts";

type Sqs = typeof import("@aws-sdk/client-sqs");

interface Sending {
  MessageBody?: string | undefined;
  MessageAttributes?: Record<string, MessageAttributeValue> | undefined;
  MessageSystemAttributes?: Record<string, MessageAttributeValue> | undefined;
  MessageGroupId?: string | undefined;
  MessageDeduplicationId?: string | undefined;
  DelaySeconds?: number | undefined;
}

const MOST_MESSAGES = 10;
/** How long after a look that found nothing hidden or delayed messages are looked for again. */
const LOOK_AGAIN_MS = 1000;

export function messageOperations(
  home: HomePorts,
  queues: QueueStore,
  messages: MessageStore,
  arrivals: Arrivals,
): Operations<Sqs> {
  const on =
    (action: string) =>
    ({ QueueUrl }: { QueueUrl?: string | undefined }) => ({
      action: `sqs:${action}`,
      resource: queues.arnOf(nameOf(QueueUrl)),
    });
  const send = (queue: Queue, sending: Sending, { principal, trace }: Call) => {
    const attributes = sending.MessageAttributes;
    const system = sending.MessageSystemAttributes;
    const sent = messages.send(queue, {
      body: sending.MessageBody ?? "",
      attributes: storedAttributes(attributes),
      sender: principalArn(principal),
      trace: system?.AWSTraceHeader?.StringValue ?? trace,
      groupId: sending.MessageGroupId,
      dedupId: sending.MessageDeduplicationId,
      delaySeconds: sending.DelaySeconds,
    });
    home.store.afterCommit(() => arrivals.announce(queue.name));
    const sum = md5OfAttributes(attributes);
    const systemSum = md5OfAttributes(system);
    return {
      MessageId: sent.messageId,
      MD5OfMessageBody: md5(sending.MessageBody ?? ""),
      ...(sum === undefined ? {} : { MD5OfMessageAttributes: sum }),
      ...(systemSum === undefined ? {} : { MD5OfMessageSystemAttributes: systemSum }),
      ...(queue.fifo ? { SequenceNumber: sent.sequence } : {}),
    };
  };
  return {
    SendMessage: {
      authorize: on("SendMessage"),
      handle: (input, call) => send(queues.get(input.QueueUrl), input, call),
    },
    SendMessageBatch: {
      authorize: on("SendMessage"),
      handle({ QueueUrl, Entries }, call) {
        const queue = queues.get(QueueUrl);
        return inBatch(Entries, (entry) => send(queue, entry, call));
      },
    },
    ReceiveMessage: {
      authorize: on("ReceiveMessage"),
      async handle(input, { signal }) {
        const queue = queues.get(input.QueueUrl);
        const limit = input.MaxNumberOfMessages ?? 1;
        if (limit < 1 || limit > MOST_MESSAGES) {
          throw new AwsError(
            "InvalidParameterValue",
            `Value ${limit} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
          );
        }
        const hiddenSeconds = input.VisibilityTimeout ?? numberOf(queue.attributes, "VisibilityTimeout");
        const untilMs =
          home.clock.now() +
          (input.WaitTimeSeconds ?? numberOf(queue.attributes, "ReceiveMessageWaitTimeSeconds")) * 1000;
        let received = messages.receive(queue, limit, hiddenSeconds);
        while (received.length === 0 && home.clock.now() < untilMs && !signal.aborted) {
          await arrivals.next(queue.name, Math.min(untilMs, home.clock.now() + LOOK_AGAIN_MS), signal);
          if (!signal.aborted) received = messages.receive(queues.get(input.QueueUrl), limit, hiddenSeconds);
        }
        const systemNames = [...(input.MessageSystemAttributeNames ?? []), ...(input.AttributeNames ?? [])];
        const shown = received.map((message) => shownMessage(message, systemNames, input.MessageAttributeNames ?? []));
        return shown.length === 0 ? {} : { Messages: shown };
      },
    },
    DeleteMessage: {
      authorize: on("DeleteMessage"),
      handle({ QueueUrl, ReceiptHandle = "" }) {
        const queue = queues.get(QueueUrl);
        messages.remove(queue, ReceiptHandle);
        // Deleting may let the next message of a group through.
        if (queue.fifo) home.store.afterCommit(() => arrivals.announce(queue.name));
        return {};
      },
    },
    DeleteMessageBatch: {
      authorize: on("DeleteMessage"),
      handle({ QueueUrl, Entries }) {
        const queue = queues.get(QueueUrl);
        return inBatch(Entries, ({ ReceiptHandle = "" }) => {
          messages.remove(queue, ReceiptHandle);
          return {};
        });
      },
    },
    ChangeMessageVisibility: {
      authorize: on("ChangeMessageVisibility"),
      handle({ QueueUrl, ReceiptHandle = "", VisibilityTimeout = 0 }) {
        const queue = queues.get(QueueUrl);
        messages.changeVisibility(queue, ReceiptHandle, VisibilityTimeout);
        if (VisibilityTimeout === 0) home.store.afterCommit(() => arrivals.announce(queue.name));
        return {};
      },
    },
    ChangeMessageVisibilityBatch: {
      authorize: on("ChangeMessageVisibility"),
      handle({ QueueUrl, Entries }) {
        const queue = queues.get(QueueUrl);
        return inBatch(Entries, ({ ReceiptHandle = "", VisibilityTimeout = 0 }) => {
          messages.changeVisibility(queue, ReceiptHandle, VisibilityTimeout);
          return {};
        });
      },
    },
  };
}

/** Each entry by itself: one that fails does not stop the others. */
function inBatch<Entry extends { Id: string | undefined }, Result extends object>(
  entries: readonly Entry[] | undefined,
  handle: (entry: Entry) => Result,
) {
  if (entries === undefined || entries.length === 0) {
    throw new AwsError("EmptyBatchRequest", "There should be at least one entry in the request.");
  }
  if (entries.length > MOST_MESSAGES) {
    throw new AwsError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw new AwsError("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
  }
  const Successful: (Result & { Id: string | undefined })[] = [];
  const Failed: { Id: string | undefined; Code: string; Message: string; SenderFault: boolean }[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...handle(entry) });
    } catch (thrown) {
      const { code, message, status } = toAwsError(thrown);
      Failed.push({ Id: entry.Id, Code: code, Message: message, SenderFault: status < 500 });
    }
  }
  return { Successful, Failed };
}
