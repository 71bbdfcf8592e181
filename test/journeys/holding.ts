/** Lifecycles that wait where a test wants them. */
import { DeleteFunctionConcurrencyCommand, LambdaClient, PutFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import type { App } from "./open-app.ts";

/** While `work` lasts, lifecycles wait before the step of that function: it is throttled, and they try again. */
export async function holding(app: App, handler: string, work: () => Promise<void>): Promise<void> {
  const lambda = new LambdaClient(app.home.clientConfig());
  const FunctionName = `tidemill-${handler}`;
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  try {
    await work();
  } finally {
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  }
}
