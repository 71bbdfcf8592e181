/** AWS Glue: the data catalog and crawlers that infer schemas from S3. */
import { defineService } from "../../define-service.ts";
import { openResourceTags } from "../../resource-tags.ts";
import { absentOperations } from "./absent-operations.ts";
import { batchOperations } from "./batch-operations.ts";
import { createCatalog } from "./catalog.ts";
import { databaseOperations, tableOperations } from "./catalog-operations.ts";
import type { Glue, Sdk } from "./context.ts";
import { createCrawlRunner } from "./crawl-runner.ts";
import { createCrawlStore } from "./crawl-store.ts";
import { crawlerOperations } from "./crawler-operations.ts";
import { partitionOperations } from "./partition-operations.ts";
import { glueResources } from "./resources.ts";
import { searchOperations } from "./search-tables.ts";
import { MIGRATIONS } from "./tables.ts";
import { tagOperations } from "./tag-operations.ts";

/** https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api.html */
export const glue = defineService<Sdk>({
  name: "glue",
  signingName: "glue",
  iamPrefix: "glue",
  sdk: () => import("@aws-sdk/client-glue"),
  create(home) {
    home.store.migrate("glue", MIGRATIONS);
    const context: Glue = {
      home,
      catalog: createCatalog(home),
      crawls: createCrawlStore(home),
      tags: openResourceTags(home.store, { code: "InvalidInputException" }),
    };
    const runner = createCrawlRunner(context);
    return {
      operations: {
        ...databaseOperations(context),
        ...tableOperations(context),
        ...searchOperations(context),
        ...partitionOperations(context),
        ...batchOperations(context),
        ...crawlerOperations(context, runner),
        ...tagOperations(context),
        ...absentOperations(context),
      },
      resources: glueResources(context),
      start: () => runner.recover(),
      stop: () => runner.abandon(),
    };
  },
});
