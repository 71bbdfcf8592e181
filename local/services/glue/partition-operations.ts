/** Operations on partitions, one or many at once. */
import type { Operations } from "../../define-service.ts";
import { attempt, failure } from "./attempt.ts";
import { glueArns } from "./authorizations.ts";
import type { Glue, Sdk } from "./context.ts";
import { alreadyExists, invalidInput } from "./errors.ts";
import { pageOf } from "./paging.ts";
import { partitionFilter } from "./partition-filter.ts";
import { partitionStore } from "./partitions.ts";

const PAGE = 1000;

export function partitionOperations({ home, catalog }: Glue): Operations<Sdk> {
  const arns = glueArns(home);
  const partitions = partitionStore(home);
  const authorize = (input: { DatabaseName: string | undefined; TableName: string | undefined }) =>
    arns.table(input.DatabaseName, input.TableName);
  const tableOf = (input: { DatabaseName: string | undefined; TableName: string | undefined }) =>
    catalog.table(input.DatabaseName ?? "", input.TableName ?? "");
  return {
    GetPartitions: {
      authorize,
      handle(input) {
        const table = tableOf(input);
        const wanted = partitionFilter(input.Expression, table.PartitionKeys ?? []);
        const all = partitions.of(table).filter(({ Values }) => wanted(Values ?? []));
        const page = pageOf(all, input.NextToken, input.MaxResults ?? PAGE);
        return { Partitions: page.items, NextToken: page.nextToken };
      },
    },
    GetPartition: {
      authorize,
      handle: (input) => ({ Partition: partitions.get(tableOf(input), input.PartitionValues ?? []) }),
    },
    CreatePartition: {
      authorize,
      handle(input) {
        if (input.PartitionInput === undefined) throw invalidInput("PartitionInput is required");
        const old = partitions.create(tableOf(input), [input.PartitionInput], "CreatePartition");
        if (old.length > 0) throw alreadyExists("Partition already exists.");
        return {};
      },
    },
    BatchCreatePartition: {
      authorize,
      handle(input) {
        const old = partitions.create(tableOf(input), input.PartitionInputList ?? [], "BatchCreatePartition");
        const ErrorDetail = { ErrorCode: "AlreadyExistsException", ErrorMessage: "Partition already exists." };
        return { Errors: old.map(({ Values }) => ({ PartitionValues: Values, ErrorDetail })) };
      },
    },
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
    UpdatePartition: {
      authorize,
      handle(input) {
        if (input.PartitionInput === undefined) throw invalidInput("PartitionInput is required");
        partitions.update(tableOf(input), input.PartitionValueList ?? [], input.PartitionInput);
        return {};
      },
    },
    DeletePartition: {
      authorize,
      handle(input) {
        partitions.delete(tableOf(input), input.PartitionValues ?? []);
        return {};
      },
    },
  };
}
