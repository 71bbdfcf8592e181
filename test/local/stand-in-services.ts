/** Services of which only some operations are there, as a test or a bench wants it answered. */
import { Uint8ArrayBlobAdapter } from "@smithy/core/serde";
import { defineService, type Operations } from "../../local/define-service.ts";

type LambdaSdk = typeof import("@aws-sdk/client-lambda");
type S3Sdk = typeof import("@aws-sdk/client-s3");
type StatesSdk = typeof import("@aws-sdk/client-sfn");

export const standInLambda = (Invoke: NonNullable<Operations<LambdaSdk>["Invoke"]>) =>
  defineService<LambdaSdk>({
    name: "lambda",
    signingName: "lambda",
    iamPrefix: "lambda",
    sdk: () => import("@aws-sdk/client-lambda"),
    create: () => ({ operations: { Invoke } }),
  });

export const standInStates = (StartExecution: NonNullable<Operations<StatesSdk>["StartExecution"]>) =>
  defineService<StatesSdk>({
    name: "states",
    signingName: "states",
    iamPrefix: "states",
    sdk: () => import("@aws-sdk/client-sfn"),
    create: () => ({ operations: { StartExecution } }),
  });

export const standInS3 = (operations: Operations<S3Sdk>) =>
  defineService<S3Sdk>({
    name: "s3",
    signingName: "s3",
    iamPrefix: "s3",
    sdk: () => import("@aws-sdk/client-s3"),
    create: () => ({ operations }),
  });

/** What a function was invoked with. */
export const payloadOf = (payload: unknown) =>
  JSON.parse(payload instanceof Uint8Array ? Buffer.from(payload).toString() : "null");

/** What it answers. */
export const answering = (value: unknown) => Uint8ArrayBlobAdapter.fromString(JSON.stringify(value));
