/** Lambda: the functions of the assembly, run from their bundles in worker threads. */
import { availableParallelism } from "node:os";
import { defineService } from "../../define-service.ts";
import { EnvironmentPool } from "../../runtime/lambda/index.ts";
import { AsyncQueue } from "./async-queue.ts";
import { CodeListener } from "./code-listener.ts";
import { codeOperations } from "./create-function.ts";
import { sendOn } from "./destinations.ts";
import { EventSourceStore } from "./event-source-store.ts";
import { mappingOperations, mappingResource } from "./event-sources.ts";
import { functionOperations } from "./function-operations.ts";
import { settingOperations } from "./function-settings.ts";
import { FunctionStore, parseReference } from "./function-store.ts";
import { invokeOperation } from "./invoke-operation.ts";
import { Invoker } from "./invoker.ts";
import { LogWriter } from "./log-writer.ts";
import { Pollers } from "./pollers.ts";
import { lambdaResources } from "./resources.ts";
import { LAMBDA_TABLES } from "./tables.ts";
import { versionOperations } from "./version-operations.ts";
import { versionResources } from "./version-resources.ts";
import { VersionStore } from "./version-store.ts";

/** Starting a dozen functions takes a second of a processor: with fewer, it is taken from the work they are started for. */
const PROCESSORS_TO_WARM = 4;

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
    const versions = new VersionStore(home, functions);
    const queue = new AsyncQueue(home, functions, versions, invoker, (...done) => sendOn(home, functions, ...done));
    const mappings = new EventSourceStore(home);
    const pollers = new Pollers(home, mappings, versions, invoker);
    const code = new CodeListener(home.clock);
    const changed = (name: string) => invoker.changed(name);
    if (availableParallelism() >= PROCESSORS_TO_WARM) home.onWork(() => invoker.warm());
    home.onForeseen("lambda", (name) => invoker.foresee(name));
    home.policies.setResourceSource("lambda", (arn) => functions.policy(parseReference(arn).name));
    return {
      resources: {
        ...lambdaResources(home, functions, versions, changed),
        ...versionResources(functions, versions),
        "AWS::Lambda::EventSourceMapping": mappingResource(home, functions, mappings, pollers),
      },
      operations: {
        ...functionOperations(home, functions, versions, code, changed),
        ...settingOperations(functions, changed),
        ...codeOperations(home, functions, versions, changed),
        ...versionOperations(functions, versions),
        ...mappingOperations(home, functions, mappings, pollers),
        ...invokeOperation(home, functions, versions, invoker, queue),
      },
      start() {
        queue.start();
        pollers.start();
      },
      async stop() {
        queue.stop();
        pollers.stop();
        code.close();
        await pool.close();
        await logs.close();
      },
    };
  },
});
