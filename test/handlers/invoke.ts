/** Calls a handler as Lambda does. */
import type { Context } from "aws-lambda";

const context = {
  functionName: "tidemill-test",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:eu-central-1:111122223333:function:tidemill-test",
  memoryLimitInMB: "256",
  awsRequestId: "00000000-0000-4000-8000-000000000000",
  logGroupName: "/aws/lambda/tidemill-test",
  logStreamName: "test",
  callbackWaitsForEmptyEventLoop: false,
  getRemainingTimeInMillis: () => 30_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
} satisfies Context;

type Handler<Out> = (event: unknown, context: Context) => Promise<Out>;

/** The handler's answer to an event. */
export function invoke<Out>(handler: Handler<Out>, event: unknown): Promise<Out> {
  return handler(event, context);
}
