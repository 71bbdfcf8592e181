/** Operations on many tables or crawlers at once; those on partitions are in partition-operations.ts. */
import type { Operations } from "../../define-service.ts";
import { attempt, failure } from "./attempt.ts";
import { glueArns } from "./authorizations.ts";
import type { Glue, Sdk } from "./context.ts";

export function batchOperations({ home, catalog, crawls }: Glue): Operations<Sdk> {
  const arns = glueArns(home);
  return {
    BatchDeleteTable: {
      authorize: (input) => (input.TablesToDelete ?? []).flatMap((name) => arns.table(input.DatabaseName, name)),
      handle(input) {
        catalog.database(input.DatabaseName ?? "");
        const Errors = (input.TablesToDelete ?? []).flatMap((TableName) =>
          failure(() => catalog.deleteTable(input.DatabaseName ?? "", TableName), { TableName }),
        );
        return { Errors };
      },
    },
    BatchGetCrawlers: {
      authorize: (input) => (input.CrawlerNames ?? []).flatMap((name) => arns.crawler(name)),
      handle(input) {
        const found = (input.CrawlerNames ?? []).map((name) => ({ name, got: attempt(() => crawls.crawler(name)) }));
        return {
          Crawlers: found.flatMap(({ got }) => (got.done ? [got.value] : [])),
          CrawlersNotFound: found.flatMap(({ name, got }) => (got.done ? [] : [name])),
        };
      },
    },
  };
}
