/**
 * The messages of all queues.
 *
 *   Q1. A message received is hidden for its visibility timeout, and comes again when nobody deleted it by then.
 *   Q2. In a FIFO queue a group's next message waits until the one before it is deleted.
 *   Q3. A FIFO queue keeps one of two messages with the same deduplication id within five minutes.
 *   Q4. What was received too often moves to the dead-letter queue instead of being received again.
 */
import { createHash } from "node:crypto";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import { ownJson, type Row } from "../../store/index.ts";
import { prepareStatements, type Statements } from "./message-statements.ts";
import { numberOf, redrivePolicy } from "./queue-attributes.ts";
import { nameOf, type Queue, type QueueStore } from "./queue-store.ts";

/** Message attributes by name; a binary value is kept as base64. */
export type StoredAttributes = Readonly<
  Record<string, { DataType?: string | undefined; StringValue?: string | undefined; base64?: string }>
>;

export interface NewMessage {
  body: string;
  attributes: StoredAttributes;
  sender: string;
  groupId?: string | undefined;
  dedupId?: string | undefined;
  delaySeconds?: number | undefined;
  /** AWSTraceHeader. */
  trace?: string | undefined;
}

export interface SentMessage {
  messageId: string;
  sequence: string;
}

export interface StoredMessage {
  id: number;
  messageId: string;
  body: string;
  attributes: StoredAttributes;
  sender: string;
  groupId: string | undefined;
  dedupId: string | undefined;
  trace: string | undefined;
  sentMs: number;
  receives: number;
  firstReceiveMs: number;
  receipt: string;
}

const DEDUPLICATION_MS = 300_000;

/** A receipt handle is a UUID of the home's. */
const RECEIPT = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class MessageStore {
  readonly #home: HomePorts;
  readonly #queues: QueueStore;
  readonly #sql: Statements;

  constructor(home: HomePorts, queues: QueueStore) {
    this.#home = home;
    this.#queues = queues;
    this.#sql = prepareStatements(home.store);
  }

  /** @throws AwsError InvalidParameterValue, MissingParameter */
  send(queue: Queue, message: NewMessage): SentMessage {
    const now = this.#home.clock.now();
    this.#check(queue, message);
    const dedupId = queue.fifo ? this.#dedupId(queue, message) : undefined;
    return this.#home.store.transaction(() => {
      const known = dedupId === undefined ? undefined : this.#sql.duplicate.get(queue.name, dedupId, now);
      if (known) return { messageId: String(known.message_id), sequence: sequenceOf(Number(known.message)) };
      const delay = message.delaySeconds ?? numberOf(queue.attributes, "DelaySeconds");
      const messageId = this.#home.uuid();
      const row = this.#sql.insert.get(
        queue.name,
        messageId,
        message.body,
        JSON.stringify(message.attributes),
        message.sender,
        message.groupId ?? null,
        dedupId ?? null,
        now,
        now + delay * 1000,
        message.trace ?? null,
      );
      const id = Number(row?.id);
      if (dedupId !== undefined) {
        this.#sql.forget.run(now);
        this.#sql.remember.run(queue.name, dedupId, messageId, id, now + DEDUPLICATION_MS);
      }
      return { messageId, sequence: sequenceOf(id) };
    });
  }

  /** Up to `limit` messages, hidden from now on for `visibilitySeconds`. */
  receive(queue: Queue, limit: number, visibilitySeconds: number): StoredMessage[] {
    const now = this.#home.clock.now();
    return this.#home.store.transaction(() => {
      this.#sql.expire.run(queue.name, now - numberOf(queue.attributes, "MessageRetentionPeriod") * 1000);
      const rows = this.#visible(queue, now, limit);
      const received: StoredMessage[] = [];
      for (const row of rows) {
        if (this.#movedToDeadLetters(queue, row, now)) continue;
        const receipt = this.#home.uuid();
        this.#sql.receive.run(now + visibilitySeconds * 1000, receipt, now, Number(row.id));
        received.push({
          ...fromRow(row),
          receipt,
          receives: Number(row.receives) + 1,
          firstReceiveMs: Number(row.first_receive_ms ?? now),
        });
      }
      return received;
    });
  }

  /** No error for a message that is gone: deleting twice is none. @throws AwsError ReceiptHandleIsInvalid for what never was a handle */
  remove(queue: Queue, receipt: string): void {
    if (!RECEIPT.test(receipt))
      throw new AwsError(
        "ReceiptHandleIsInvalid",
        `The input receipt handle "${receipt}" is not a valid receipt handle.`,
      );
    this.#sql.remove.run(queue.name, receipt);
  }

  /** @throws AwsError MessageNotInflight, ReceiptHandleIsInvalid */
  changeVisibility(queue: Queue, receipt: string, seconds: number): void {
    const now = this.#home.clock.now();
    const row = this.#sql.byReceipt.get(queue.name, receipt);
    if (row === undefined) {
      throw new AwsError(
        "InvalidParameterValue",
        `Value ${receipt} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      );
    }
    if (Number(row.visible_ms) <= now)
      throw new AwsError("MessageNotInflight", "The message referred to isn't in flight.");
    this.#sql.hide.run(now + seconds * 1000, Number(row.id));
  }

  /**
   * Moves what is visible in `queue` to `destination`, or without one each message to the queue it came from.
   * @returns how many were moved, and the queues they are in now; what came from nowhere else stays
   */
  moveOn(queue: Queue, destination: Queue | undefined): { moved: number; queues: Queue[] } {
    const now = this.#home.clock.now();
    return this.#home.store.transaction(() => {
      const reached = new Map<string, Queue>();
      let moved = 0;
      for (const { id, source } of this.#sql.movable.all(queue.name, now)) {
        const target = destination ?? (source === null ? undefined : this.#queues.find(String(source)));
        if (target === undefined) continue;
        this.#sql.move.run(target.name, now + numberOf(target.attributes, "DelaySeconds") * 1000, Number(id));
        reached.set(target.name, target);
        moved++;
      }
      return { moved, queues: [...reached.values()] };
    });
  }

  purge(queue: Queue): void {
    this.#sql.purge.run(queue.name);
  }

  counts(queue: Queue): { visible: number; hidden: number; delayed: number } {
    const now = this.#home.clock.now();
    const row = this.#sql.counts.get(now, now, now, queue.name);
    return { visible: Number(row?.visible), hidden: Number(row?.hidden), delayed: Number(row?.delayed) };
  }

  #visible(queue: Queue, now: number, limit: number): Row[] {
    if (!queue.fifo) return this.#sql.visible.all(queue.name, now, limit);
    return this.#sql.visibleFifo.all(queue.name, now, now, limit);
  }

  #movedToDeadLetters(queue: Queue, row: Row, now: number): boolean {
    const redrive = redrivePolicy(queue.attributes);
    if (redrive === undefined || Number(row.receives) < redrive.maxReceiveCount) return false;
    const target = this.#queues.find(nameOf(redrive.deadLetterTargetArn));
    if (target === undefined) return false;
    this.#sql.move.run(target.name, now, Number(row.id));
    return true;
  }

  #check(queue: Queue, message: NewMessage): void {
    const limit = numberOf(queue.attributes, "MaximumMessageSize");
    if (message.body.length === 0) {
      throw new AwsError("MissingParameter", "The request must contain the parameter MessageBody.");
    }
    if (Buffer.byteLength(message.body) > limit) {
      throw new AwsError(
        "InvalidParameterValue",
        `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`,
      );
    }
    if (queue.fifo && message.groupId === undefined) {
      throw new AwsError("MissingParameter", "The request must contain the parameter MessageGroupId.");
    }
  }

  #dedupId(queue: Queue, { body, dedupId }: NewMessage): string {
    if (dedupId !== undefined) return dedupId;
    if (queue.attributes.ContentBasedDeduplication === "true") return createHash("sha256").update(body).digest("hex");
    throw new AwsError(
      "InvalidParameterValue",
      "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    );
  }
}

function sequenceOf(id: number): string {
  return String(id).padStart(20, "0");
}

function fromRow(row: Row): StoredMessage {
  return {
    id: Number(row.id),
    messageId: String(row.message_id),
    body: String(row.body),
    attributes: ownJson(row.attributes),
    sender: String(row.sender),
    groupId: row.group_id === null ? undefined : String(row.group_id),
    dedupId: row.dedup_id === null ? undefined : String(row.dedup_id),
    trace: row.trace === null ? undefined : String(row.trace),
    sentMs: Number(row.sent_ms),
    receives: Number(row.receives),
    firstReceiveMs: Number(row.first_receive_ms ?? 0),
    receipt: String(row.receipt ?? ""),
  };
}
