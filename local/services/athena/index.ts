/** Amazon Athena: SQL over the catalog's tables in S3, by DuckDB in a process of its own behind Trino's dialect. */
import { defineService } from "../../define-service.ts";
import { catalogOperations } from "./catalog-operations.ts";
import { type Athena, MIGRATIONS, type Sdk } from "./context.ts";
import { EngineClient } from "./engine/engine-client.ts";
import { queryOperations, workGroupOperations } from "./operations.ts";
import { createQueryRunner } from "./query-runner.ts";
import { createQueryStore } from "./query-store.ts";
import { athenaResources } from "./resources.ts";
import { createWorkGroups } from "./work-groups.ts";

export const athena = defineService<Sdk>({
  name: "athena",
  signingName: "athena",
  iamPrefix: "athena",
  sdk: () => import("@aws-sdk/client-athena"),
  create(home) {
    home.store.migrate("athena", MIGRATIONS);
    const context: Athena = {
      home,
      workGroups: createWorkGroups(home),
      queries: createQueryStore(home),
      engine: new EngineClient(home.clock),
    };
    const runner = createQueryRunner(context);
    // A workgroup besides the one every account has: somebody means to query.
    home.onWork(() => {
      if (context.workGroups.all().length > 1) void context.engine.warm();
    });
    home.onForeseen("athena", async (action) => {
      if (action === "startQueryExecution") await context.engine.warm();
    });
    return {
      operations: {
        ...queryOperations(context, runner),
        ...workGroupOperations(context),
        ...catalogOperations(context),
      },
      resources: athenaResources(context),
      start: () => runner.recover(),
      stop: () => runner.close(),
    };
  },
});
