/**
 * Polls a queue for a function, as the function's role: receives, filters, invokes, deletes what went well.
 * A message goes only after the invocation that had it succeeded, so a crash in between repeats it.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
import type { Message } from "@aws-sdk/client-sqs";
import { z } from "zod";
import { matches } from "../../../engine/patterns/index.ts";
import type { HomePorts } from "../../define-service.ts";
import { queueUrlOf } from "../../delivery/index.ts";
import type { Principal } from "../../principal.ts";
import type { EventSourceMapping } from "./event-source-store.ts";
import { parseReference, type StoredFunction } from "./function-store.ts";
import type { Invoker } from "./invoker.ts";
import { mergedTrace } from "./lineage.ts";
import type { VersionStore } from "./version-store.ts";

const LONG_POLL_SECONDS = 20;
const MOST_RECEIVED = 10;
const AFTER_FAILURE_MS = 5_000;

const Received = z.object({ Messages: z.array(z.custom<Message>((given) => typeof given === "object")).default([]) });
const Failures = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish() });

export class QueuePoller {
  readonly #home: HomePorts;
  readonly #versions: VersionStore;
  readonly #invoker: Invoker;
  readonly #mapping: EventSourceMapping;
  readonly #ended = new AbortController();
  readonly #invoking = new Set<Promise<void>>();

  constructor(home: HomePorts, versions: VersionStore, invoker: Invoker, mapping: EventSourceMapping) {
    this.#home = home;
    this.#versions = versions;
    this.#invoker = invoker;
    this.#mapping = mapping;
  }

  start(): void {
    void this.#poll();
  }

  stop(): void {
    this.#ended.abort();
  }

  get #over(): boolean {
    return this.#ended.signal.aborted;
  }

  async #poll(): Promise<void> {
    while (!this.#over) {
      try {
        const { name, qualifier } = parseReference(this.#mapping.function);
        const stored = this.#versions.resolve(name, qualifier, Math.random);
        const batch = await this.#gather(stored);
        if (batch.length > 0 && !this.#over) await this.#invokeWhenFree(stored, batch);
      } catch (error) {
        if (this.#over) return;
        const { queueArn, function: name } = this.#mapping;
        this.#home.log("warn", `${queueArn} could not be polled for ${name}; it is tried again`, {
          error: String(error),
        });
        await this.#pause(AFTER_FAILURE_MS);
      }
    }
  }

  /** A batch: what one receive gives, or what comes within the window. */
  async #gather(stored: StoredFunction): Promise<Message[]> {
    const { batchSize, windowSeconds } = this.#mapping;
    const gathered: Message[] = [];
    let untilMs = Number.NaN;
    do {
      const waitMs = Number.isNaN(untilMs) ? LONG_POLL_SECONDS * 1000 : untilMs - this.#home.clock.now();
      const received = await this.#receive(stored, batchSize - gathered.length, Math.ceil(waitMs / 1000));
      if (received.length > 0 && Number.isNaN(untilMs)) untilMs = this.#home.clock.now() + windowSeconds * 1000;
      gathered.push(...(await this.#wanted(stored, received)));
    } while (gathered.length < batchSize && this.#home.clock.now() < untilMs && !this.#over);
    return gathered;
  }

  async #receive(stored: StoredFunction, most: number, waitSeconds: number): Promise<Message[]> {
    const input = {
      QueueUrl: queueUrlOf(this.#mapping.queueArn),
      MaxNumberOfMessages: Math.min(most, MOST_RECEIVED),
      WaitTimeSeconds: Math.min(Math.max(waitSeconds, 0), LONG_POLL_SECONDS),
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    };
    const answer = await this.#home.call("sqs", "ReceiveMessage", input, roleOf(stored), this.#ended.signal);
    return Received.parse(answer).Messages;
  }

  /** What the filters let through; the rest is deleted, as if it had been handled. */
  async #wanted(stored: StoredFunction, received: Message[]): Promise<Message[]> {
    const { filters } = this.#mapping;
    if (filters.length === 0) return received;
    const wanted = received.filter((message) => {
      const event = { ...this.#record(message), body: jsonOr(message.Body ?? "") };
      return filters.some((pattern) => matches(pattern, event));
    });
    await this.#delete(
      stored,
      received.filter((message) => !wanted.includes(message)),
    );
    return wanted;
  }

  async #invokeWhenFree(stored: StoredFunction, batch: Message[]): Promise<void> {
    while (this.#invoking.size >= this.#mapping.concurrency) await Promise.race(this.#invoking);
    const invoking = this.#invoke(stored, batch)
      .catch((error) =>
        this.#home.log("warn", `${stored.name} did not handle ${batch.length} message(s); the queue shows them again`, {
          error: String(error),
        }),
      )
      .finally(() => this.#invoking.delete(invoking));
    this.#invoking.add(invoking);
  }

  async #invoke(stored: StoredFunction, batch: Message[]): Promise<void> {
    // What goes round comes again when its time is over, until the queue's redrive policy takes it.
    const fresh = batch.filter((message) => !this.#invoker.loops(stored, traceOf(message)));
    if (fresh.length === 0) return;
    const payload = JSON.stringify({ Records: fresh.map((message) => this.#record(message)) });
    const { qualifier } = parseReference(this.#mapping.function);
    const trace = mergedTrace(fresh.map(traceOf));
    const outcome = await this.#invoker.invoke(stored, { requestId: this.#home.uuid(), payload, qualifier, trace });
    if (outcome.failed || this.#over) return;
    const failed = this.#mapping.reportsFailures ? failuresOf(outcome.payload) : new Set<string>();
    if (failed === undefined) return;
    await this.#delete(
      stored,
      fresh.filter(({ MessageId = "" }) => !failed.has(MessageId)),
    );
  }

  async #delete(stored: StoredFunction, messages: readonly Message[]): Promise<void> {
    const QueueUrl = queueUrlOf(this.#mapping.queueArn);
    for (let from = 0; from < messages.length; from += MOST_RECEIVED) {
      const Entries = messages
        .slice(from, from + MOST_RECEIVED)
        .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await this.#home.call("sqs", "DeleteMessageBatch", { QueueUrl, Entries }, roleOf(stored));
    }
  }

  #record(message: Message): Record<string, unknown> {
    const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
      name,
      {
        ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
        ...(value.BinaryValue === undefined ? {} : { binaryValue: Buffer.from(value.BinaryValue).toString("base64") }),
        stringListValues: [],
        binaryListValues: [],
        dataType: value.DataType,
      },
    ]);
    return {
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: Object.fromEntries(attributes),
      md5OfBody: message.MD5OfBody,
      eventSource: "aws:sqs",
      eventSourceARN: this.#mapping.queueArn,
      awsRegion: this.#home.region,
    };
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#home.clock.at(this.#home.clock.now() + milliseconds, resolve);
      this.#ended.signal.addEventListener("abort", () => {
        cancel();
        resolve();
      });
    });
  }
}

function traceOf({ Attributes }: Message): string | undefined {
  return Attributes?.AWSTraceHeader;
}

function roleOf(stored: StoredFunction): Principal {
  return { kind: "role", roleArn: stored.role, sessionName: stored.name };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Ids of messages the function gave back; undefined when its answer names none it can mean, which gives all back. */
function failuresOf(answer: string): Set<string> | undefined {
  const parsed = Failures.safeParse(jsonOr(answer) ?? {});
  if (!parsed.success) return undefined;
  return new Set((parsed.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
}
