/** Global secondary indexes of a table that has items: added and dropped in place, each filled at once. */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { Store } from "../../store/index.ts";
import type { Dynalite } from "./dynalite.ts";
import { dropKeySpace, TABLE_SPACE } from "./key-space.ts";

const Index = z.looseObject({ IndexName: z.string(), KeySchema: z.array(z.unknown()), Projection: z.unknown() });
const Table = z.looseObject({ TableArn: z.string(), GlobalSecondaryIndexes: z.array(Index).default([]) });

export interface WantedIndexes {
  AttributeDefinitions: readonly unknown[];
  KeySchema: readonly unknown[];
  GlobalSecondaryIndexes?: readonly z.infer<typeof Index>[] | undefined;
  LocalSecondaryIndexes?: readonly unknown[] | undefined;
}

/**
 * Brings a table's global secondary indexes to those of its definition, in one transaction.
 * @throws AwsError ValidationException for a definition that DynamoDB refuses, and for an index whose keys or projection change
 */
export function changeIndexes(store: Store, dynalite: Dynalite, TableName: string, wanted: WantedIndexes): void {
  const { AttributeDefinitions, GlobalSecondaryIndexes = [] } = wanted;
  dynalite.check("CreateTable", { TableName, BillingMode: "PAY_PER_REQUEST", ...wanted });
  const row = store
    .prepare("SELECT value FROM dynamodb_entries WHERE space = ? AND key = ?")
    .get(TABLE_SPACE, TableName);
  const { GlobalSecondaryIndexes: before, ...table } = Table.parse(JSON.parse(String(row?.value)));
  const indexes = GlobalSecondaryIndexes.map((index) => {
    const there = before.find(({ IndexName }) => IndexName === index.IndexName);
    if (there === undefined) return described(index, table.TableArn);
    if (isDeepStrictEqual([there.KeySchema, there.Projection], [index.KeySchema, index.Projection])) return there;
    throw new AwsError(
      "ValidationException",
      `Cannot update GSI's properties other than Provisioned Throughput and Contributor Insights Specification. You can create a new GSI with a different name. (${index.IndexName})`,
    );
  });
  const dropped = before.filter(({ IndexName }) => !indexes.some((index) => index.IndexName === IndexName));
  const added = indexes.filter((index) => !before.includes(index));
  store.transaction(() => {
    for (const { IndexName } of dropped) dropKeySpace(store, `index-global~${TableName}~${IndexName}`);
    const changed = { ...table, AttributeDefinitions, ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }) };
    store
      .prepare("UPDATE dynamodb_entries SET value = ? WHERE space = ? AND key = ?")
      .run(JSON.stringify(changed), TABLE_SPACE, TableName);
    if (added.length > 0) fill(store, dynalite, TableName);
  });
}

/** An item that is put as it is comes into every index that it has the keys of. */
function fill(store: Store, dynalite: Dynalite, TableName: string): void {
  const items = store.prepare("SELECT value FROM dynamodb_entries WHERE space = ?").all(`item-${TableName}`);
  for (const { value } of items) dynalite.callNow("PutItem", { TableName, Item: JSON.parse(String(value)) });
}

function described(index: z.infer<typeof Index>, tableArn: string) {
  return {
    ...index,
    IndexArn: `${tableArn}/index/${index.IndexName}`,
    IndexSizeBytes: 0,
    ItemCount: 0,
    IndexStatus: "ACTIVE",
    ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
  };
}
