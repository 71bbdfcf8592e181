/** Services of which only one operation is there, as a test or a bench wants it answered. */
import { defineService, type Operations } from "../../local/define-service.ts";

type LambdaSdk = typeof import("@aws-sdk/client-lambda");
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
