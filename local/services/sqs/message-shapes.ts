/** Messages as the SDK shows them, and the MD5 sums it checks. */
import { createHash } from "node:crypto";
import type { Message, MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { StoredAttributes, StoredMessage } from "./message-store.ts";

type Attributes = Readonly<Record<string, MessageAttributeValue>>;

const STRING_VALUE = 1;
const BINARY_VALUE = 2;

export function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

/**
 * The MD5 of message attributes, undefined without any: each sorted name, type and value, with its length before it.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function md5OfAttributes(attributes: Attributes | undefined): string | undefined {
  const names = Object.keys(attributes ?? {}).sort();
  if (attributes === undefined || names.length === 0) return undefined;
  const hash = createHash("md5");
  const add = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = "", StringValue, BinaryValue } = attributes[name] ?? {};
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Buffer.from([BinaryValue ? BINARY_VALUE : STRING_VALUE]));
    add(BinaryValue ?? Buffer.from(StringValue ?? ""));
  }
  return hash.digest("hex");
}

/** Attributes as kept: binary values as base64. */
export function storedAttributes(attributes: Attributes | undefined): StoredAttributes {
  const entries = Object.entries(attributes ?? {}).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    BinaryValue ? { DataType, base64: Buffer.from(BinaryValue).toString("base64") } : { DataType, StringValue },
  ]);
  return Object.fromEntries(entries);
}

/** What to show of a message; "All" and "prefix.*" count among the names asked for. */
export function shownMessage(
  message: StoredMessage,
  systemNames: readonly string[],
  names: readonly string[],
): Message {
  const attributes = pick(restoredAttributes(message.attributes), names);
  const system = pick(systemAttributes(message), systemNames);
  const sum = md5OfAttributes(attributes);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(Object.keys(system).length > 0 ? { Attributes: system } : {}),
    ...(sum === undefined ? {} : { MessageAttributes: attributes, MD5OfMessageAttributes: sum }),
  };
}

function systemAttributes(message: StoredMessage): Record<string, string> {
  return {
    SenderId: message.sender,
    SentTimestamp: String(message.sentMs),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceiveMs),
    ...(message.trace === undefined ? {} : { AWSTraceHeader: message.trace }),
    ...(message.groupId === undefined ? {} : { MessageGroupId: message.groupId }),
    ...(message.dedupId === undefined
      ? {}
      : { MessageDeduplicationId: message.dedupId, SequenceNumber: String(message.id).padStart(20, "0") }),
  };
}

function restoredAttributes(stored: StoredAttributes): Record<string, MessageAttributeValue> {
  const entries = Object.entries(stored).map(([name, { DataType, StringValue, base64 }]) => [
    name,
    base64 === undefined ? { DataType, StringValue } : { DataType, BinaryValue: Buffer.from(base64, "base64") },
  ]);
  return Object.fromEntries(entries);
}

function pick<T>(values: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  const wanted = (name: string) =>
    names.some(
      (asked) => asked === "All" || asked === name || (asked.endsWith(".*") && name.startsWith(asked.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(values).filter(([name]) => wanted(name)));
}
