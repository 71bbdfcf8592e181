/** Operations on many partitions, tables or crawlers at once: each that fails is told of, the others are done. */
import type { ErrorDetail } from "@aws-sdk/client-glue";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import { glueArns } from "./authorizations.ts";
import type { Glue, Sdk } from "./context.ts";
import { partitionStore } from "./partitions.ts";

export function batchOperations({ home, catalog, crawls }: Glue): Operations<Sdk> {
  const arns = glueArns(home);
  const partitions = partitionStore(home);
  const authorize = (input: { DatabaseName: string | undefined; TableName: string | undefined }) =>
    arns.table(input.DatabaseName, input.TableName);
  const tableOf = (input: { DatabaseName: string | undefined; TableName: string | undefined }) =>
    catalog.table(input.DatabaseName ?? "", input.TableName ?? "");
  return {
    BatchGetPartition: {
      authorize,
      handle(input) {
        const table = tableOf(input);
        const asked = input.PartitionsToGet ?? [];
        const found = asked.map((key) => ({ key, got: attempt(() => partitions.get(table, key.Values ?? [])) }));
        return {
          Partitions: found.flatMap(({ got }) => (got.done ? [got.value] : [])),
          UnprocessedKeys: found.flatMap(({ key, got }) => (got.done ? [] : [key])),
        };
      },
    },
    BatchUpdatePartition: {
      authorize,
      handle(input) {
        const table = tableOf(input);
        const Errors = (input.Entries ?? []).flatMap(({ PartitionValueList = [], PartitionInput = {} }) =>
          failure(() => partitions.update(table, PartitionValueList, PartitionInput), { PartitionValueList }),
        );
        return { Errors };
      },
    },
    BatchDeletePartition: {
      authorize,
      handle(input) {
        const table = tableOf(input);
        const Errors = (input.PartitionsToDelete ?? []).flatMap(({ Values = [] }) =>
          failure(() => partitions.delete(table, Values), { PartitionValues: Values }),
        );
        return { Errors };
      },
    },
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

type Attempt<T> = { done: true; value: T } | { done: false; detail: ErrorDetail };

function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { done: true, value: work() };
  } catch (thrown) {
    if (!(thrown instanceof AwsError)) throw thrown;
    return { done: false, detail: { ErrorCode: thrown.code, ErrorMessage: thrown.message } };
  }
}

function failure<K extends object>(work: () => void, key: K): (K & { ErrorDetail: ErrorDetail })[] {
  const tried = attempt(work);
  return tried.done ? [] : [{ ...key, ErrorDetail: tried.detail }];
}
