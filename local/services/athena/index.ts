/** Amazon Athena: SQL over the catalog's tables in S3, by DuckDB in a process of its own behind Trino's dialect. */
import { defineService } from "../../define-service.ts";
import { openResourceTags } from "../../resource-tags.ts";
import { catalogOperations } from "./catalog-operations.ts";
import { type Athena, MIGRATIONS, type Sdk } from "./context.ts";
import { EngineClient } from "./engine/engine-client.ts";
import { namedOperations } from "./named-operations.ts";
import { createNamedQueries } from "./named-queries.ts";
import { queryOperations } from "./operations.ts";
import { preparedOperations } from "./prepared-operations.ts";
import { createPreparedStatements } from "./prepared-statements.ts";
import { createQueryRunner } from "./query-runner.ts";
import { createQueryStore } from "./query-store.ts";
import { athenaResources } from "./resources.ts";
import { tagOperations, workGroupOperations } from "./work-group-operations.ts";
import { createWorkGroups } from "./work-groups.ts";

/** https://docs.aws.amazon.com/athena/latest/APIReference/Welcome.html */
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
      prepared: createPreparedStatements(home),
      named: createNamedQueries(home),
      tags: openResourceTags(home.store, { code: "InvalidRequestException" }),
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
        ...preparedOperations(context),
        ...namedOperations(context),
        ...workGroupOperations(context),
        ...tagOperations(context),
        ...catalogOperations(context),
      },
      resources: athenaResources(context),
      start: () => runner.recover(),
      stop: () => runner.close(),
    };
  },
});
