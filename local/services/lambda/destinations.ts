/**
 * Where an asynchronous invocation's end is sent: the dead-letter queue gets the event, a destination gets a record.
 * Both carry on the chain of requests that the invocation ran in, for recursive loop detection.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */

import type { HomePorts } from "../../define-service.ts";
import { queueUrlOf } from "../../delivery/index.ts";
import type { Principal } from "../../principal.ts";
import type { QueuedInvocation } from "./async-queue.ts";
import type { FunctionStore, StoredFunction } from "./function-store.ts";
import { lineageOfRun } from "./lineage.ts";
import { LATEST } from "./version-store.ts";

export type GivenUp = "RetriesExhausted" | "EventAgeExceeded";

interface Sender {
  principal: Principal;
  trace: string;
}

/** Sends on, as the function's role. @throws AwsError of the service that refused */
export async function sendOn(
  home: HomePorts,
  functions: FunctionStore,
  stored: StoredFunction,
  done: QueuedInvocation,
  why: GivenUp | "Success",
  answer: string,
): Promise<void> {
  const principal: Principal = { kind: "role", roleArn: stored.role, sessionName: stored.name };
  const sender: Sender = {
    principal,
    trace: `Lineage=${lineageOfRun(done.trace, functions.arn(stored.name))}`,
  };
  const config = functions.invokeConfig(stored.name);
  if (why !== "Success" && stored.deadLetterArn !== undefined) {
    await sendDeadLetter(home, stored.deadLetterArn, done, answer, sender);
  }
  const destination = why === "Success" ? config.onSuccess : config.onFailure;
  if (destination === undefined) return;
  const record = {
    version: "1.0",
    timestamp: new Date(home.clock.now()).toISOString(),
    requestContext: {
      requestId: done.requestId,
      functionArn: `${functions.arn(stored.name)}:${stored.version ?? LATEST}`,
      condition: why,
      approximateInvokeCount: done.attempts + (why === "Success" ? 1 : 0),
    },
    requestPayload: JSON.parse(done.payload),
    responseContext: {
      statusCode: 200,
      executedVersion: stored.version ?? LATEST,
      ...(why === "Success" ? {} : { functionError: "Unhandled" }),
    },
    responsePayload: answer === "" ? null : JSON.parse(answer),
  };
  await sendRecord(home, destination, record, why, sender);
}

async function sendDeadLetter(
  home: HomePorts,
  arn: string,
  done: QueuedInvocation,
  answer: string,
  { principal, trace }: Sender,
): Promise<void> {
  const message: unknown = answer === "" ? undefined : Object(JSON.parse(answer)).errorMessage;
  const attributes = {
    RequestID: { DataType: "String", StringValue: done.requestId },
    ErrorCode: { DataType: "Number", StringValue: "200" },
    ErrorMessage: { DataType: "String", StringValue: String(message ?? "The event is too old").slice(0, 1024) },
  };
  if (arn.split(":")[2] === "sns") {
    await home.call(
      "sns",
      "Publish",
      { TopicArn: arn, Message: done.payload, MessageAttributes: attributes },
      principal,
      undefined,
      trace,
    );
  } else {
    await home.call(
      "sqs",
      "SendMessage",
      { QueueUrl: queueUrlOf(arn), MessageBody: done.payload, MessageAttributes: attributes },
      principal,
      undefined,
      trace,
    );
  }
}

async function sendRecord(
  home: HomePorts,
  arn: string,
  record: object,
  why: GivenUp | "Success",
  { principal, trace }: Sender,
): Promise<void> {
  const text = JSON.stringify(record);
  switch (arn.split(":")[2]) {
    case "sqs":
      await home.call(
        "sqs",
        "SendMessage",
        { QueueUrl: queueUrlOf(arn), MessageBody: text },
        principal,
        undefined,
        trace,
      );
      return;
    case "sns":
      await home.call("sns", "Publish", { TopicArn: arn, Message: text }, principal, undefined, trace);
      return;
    case "lambda":
      await home.call(
        "lambda",
        "Invoke",
        { FunctionName: arn, InvocationType: "Event", Payload: Buffer.from(text) },
        principal,
        undefined,
        trace,
      );
      return;
    case "events": {
      const DetailType = `Lambda Function Invocation Result - ${why === "Success" ? "Success" : "Failure"}`;
      const entry = { Source: "lambda", DetailType, Detail: text, EventBusName: arn };
      await home.call("events", "PutEvents", { Entries: [entry] }, principal);
      return;
    }
    default:
      home.log("warn", `${arn} is no destination this home can send to; there are SQS, SNS, Lambda and event buses`);
  }
}
