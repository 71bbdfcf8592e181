/** Lambda: the functions of the assembly, run from their bundles in worker threads. */
import { defineService } from "../../define-service.ts";
import { EnvironmentPool } from "../../runtime/lambda/index.ts";
import { AsyncQueue } from "./async-queue.ts";
import { sendOn } from "./destinations.ts";
import { functionOperations } from "./function-operations.ts";
import { FunctionStore, parseReference } from "./function-store.ts";
import { invokeOperation } from "./invoke-operation.ts";
import { Invoker } from "./invoker.ts";
import { LogWriter } from "./log-writer.ts";
import { lambdaResources } from "./resources.ts";
import { LAMBDA_TABLES } from "./tables.ts";

export const lambda = defineService<typeof import("@aws-sdk/client-lambda")>({
  name: "lambda",
  signingName: "lambda",
  iamPrefix: "lambda",
  sdk: () => import("@aws-sdk/client-lambda"),
  create(home) {
    home.store.migrate("lambda", LAMBDA_TABLES);
    const functions = new FunctionStore(home);
    const pool = new EnvironmentPool({ clock: home.clock });
    const logs = new LogWriter(home);
    const invoker = new Invoker(home, functions, pool, logs);
    const queue = new AsyncQueue(home, functions, invoker, (...done) => sendOn(home, functions, ...done));
    const changed = (name: string) => invoker.changed(name);
    home.policies.setResourceSource("lambda", (arn) => functions.policy(parseReference(arn).name));
    return {
      resources: lambdaResources(home, functions, changed),
      operations: { ...functionOperations(home, functions, changed), ...invokeOperation(functions, invoker, queue) },
      start: () => queue.start(),
      async stop() {
        queue.stop();
        pool.close();
        await logs.drained();
      },
    };
  },
});
