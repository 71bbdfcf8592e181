/**
 * Keeps the rows of a data version for the run that works on it: the product's files are copied to a folder of the version, and a
 * table of the product's name reads them there, in a database of the version. Queries that name the table without a database are
 * bound to the version by the database they run in; what is published meanwhile does not reach them.
 *
 *   K1. A file is copied only as it was listed; the list is the version's, or nothing is kept.
 *   K2. The table is as the crawler left it. That was the version's, for the files were neither replaced nor written again since the
 *       run looked at them before the crawl.
 */

import type { Partition, PartitionInput, Table, TableInput } from "@aws-sdk/client-glue";
import * as z from "zod/mini";
import type { ListedObject, ObjectPlace } from "../aws/s3.ts";
import { Column } from "../drift/columns.ts";
import { Product } from "../products/config.ts";
import { type ProductObjects, type ProductState, productState } from "../products/data-version.ts";
import { soon } from "../step/soon.ts";
import { step } from "../step/step.ts";
import { type Move, movedPartition, movedTable } from "../versions/moved-table.ts";
import { MissingTableError } from "./errors.ts";

const COPIES_AT_ONCE = 16;

const Input = z.strictObject({ product: Product, dataVersion: z.string(), changedAt: z.string() });
type Input = z.infer<typeof Input>;
const Output = z.strictObject({
  kept: z.boolean(),
  /** Where the product's table has the version's rows; empty where nothing is kept. */
  database: z.string(),
  /** Without those that partition the table. */
  columns: z.array(Column),
});
type Output = z.infer<typeof Output>;

const REPLACED: Output = { kept: false, database: "", columns: [] };

export type Adapters = ProductObjects &
  Readonly<{
    /** Of kept versions; their expiry is the bucket's. */
    bucket: () => string;
    copyAsListed: (from: ObjectPlace & Readonly<{ etag: string }>, to: ObjectPlace) => Promise<boolean>;
    readTable: (database: string, table: string) => Promise<Table | undefined>;
    readPartitions: (database: string, table: string) => Promise<readonly Partition[]>;
    replaceTable: (database: string, table: TableInput, partitions: readonly PartitionInput[]) => Promise<void>;
  }>;

/** The handler on given adapters; answers that nothing is kept where another version has taken the place of this one. */
export const createHandler = (adapters: Adapters) =>
  step<Input, Output>({
    name: "keep-version",
    input: Input,
    output: Output,
    work: async ({ product, dataVersion, changedAt }, { log }) => {
      // Read before the files are listed: what the list shows to be unchanged since the run began, the table was made from.
      const table = await adapters.readTable(product.database, product.table);
      if (table === undefined) throw new MissingTableError(product.database, product.table, product.crawler);
      const parted = (table.PartitionKeys ?? []).length > 0;
      const partitions = parted ? await adapters.readPartitions(product.database, product.table) : [];
      const state = await productState(product, adapters);
      if (state?.dataVersion !== dataVersion || state.changedAt !== changedAt) {
        log.info("the version was replaced", { dataVersion, now: state?.dataVersion, changedAt: state?.changedAt });
        return REPLACED;
      }
      const folder = { bucket: adapters.bucket(), prefix: `versions/${product.product}/${dataVersion}/` };
      if (!(await copyAll(state, product, folder, adapters))) return REPLACED;
      const move = { from: uriOf(product), to: uriOf(folder) };
      const database = `tidemill-${product.product}-${dataVersion}`;
      await adapters.replaceTable(database, movedTable(table, move), movedAll(partitions, move));
      const columns = table.StorageDescriptor?.Columns ?? [];
      return { kept: true, database, columns: columns.map(({ Name = "", Type = "" }) => ({ name: Name, type: Type })) };
    },
  });

type Folder = Readonly<{ bucket: string; prefix: string }>;
const uriOf = ({ bucket, prefix }: Folder): string => `s3://${bucket}/${prefix}`;
const movedAll = (partitions: readonly Partition[], move: Move): PartitionInput[] =>
  partitions.map((partition) => movedPartition(partition, move));

/** @returns false where a file is no longer as it was listed; others may have been copied, which no table reads */
async function copyAll(
  { objects }: ProductState,
  from: Folder,
  to: Folder,
  { copyAsListed }: Adapters,
): Promise<boolean> {
  const waiting = objects.values();
  let same = true;
  const copier = async () => {
    for (const object of waiting) {
      if (!same) return;
      if (!(await copyAsListed({ bucket: from.bucket, ...object }, target(object, from, to)))) same = false;
    }
  };
  await Promise.all(Array.from({ length: COPIES_AT_ONCE }, copier));
  return same;
}

const target = ({ key }: ListedObject, from: Folder, to: Folder): ObjectPlace => ({
  bucket: to.bucket,
  key: `${to.prefix}${key.slice(from.prefix.length)}`,
});

const s3 = soon(() => import("../aws/s3.ts"));
const catalog = soon(() => import("../aws/catalog.ts"));
export const handler = createHandler({
  bucket: () => process.env.VERSIONS_BUCKET ?? "",
  listObjects: async (...at) => (await s3()).listObjects(...at),
  readText: async (...at) => (await s3()).readText(...at),
  copyAsListed: async (...what) => (await s3()).copyAsListed(...what),
  readTable: async (...at) => (await catalog()).readTable(...at),
  readPartitions: async (...at) => (await catalog()).readPartitions(...at),
  replaceTable: async (...what) => (await catalog()).replaceTable(...what),
});
