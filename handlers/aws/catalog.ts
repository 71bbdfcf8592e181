/** Tables of the catalog: the products', and those of kept versions. Loaded when first used. */
import { env } from "node:process";
import {
  BatchCreatePartitionCommand,
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteTableCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GlueClient,
  type Partition,
  type PartitionInput,
  type Table,
  type TableInput,
} from "@aws-sdk/client-glue";

/** The most that one call takes. */
const PARTITIONS = 100;

const client = new GlueClient({});
/** The products' catalog may be another account's. */
const products = { CatalogId: env.CATALOG_ID };

/** A product's table as the crawler left it; undefined where there is none. */
export async function readTable(DatabaseName: string, Name: string): Promise<Table | undefined> {
  const command = new GetTableCommand({ ...products, DatabaseName, Name });
  return (await unless("EntityNotFoundException", client.send(command)))?.Table;
}

/** All partitions of a product's table. */
export async function readPartitions(DatabaseName: string, TableName: string): Promise<Partition[]> {
  const partitions: Partition[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new GetPartitionsCommand({ ...products, DatabaseName, TableName, ...(NextToken && { NextToken }) }),
    );
    partitions.push(...(page.Partitions ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return partitions;
}

/** Writes a table of this account's own, and its database, in place of what has that name. */
export async function replaceTable(
  DatabaseName: string,
  input: TableInput,
  partitions: readonly PartitionInput[],
): Promise<void> {
  const DatabaseInput = { Name: DatabaseName, Description: "Rows of one data version, while a lifecycle reads them" };
  await unless("AlreadyExistsException", client.send(new CreateDatabaseCommand({ DatabaseInput })));
  await unless("EntityNotFoundException", client.send(new DeleteTableCommand({ DatabaseName, Name: input.Name })));
  await client.send(new CreateTableCommand({ DatabaseName, TableInput: input }));
  for (let first = 0; first < partitions.length; first += PARTITIONS) {
    const PartitionInputList = partitions.slice(first, first + PARTITIONS);
    const { Errors = [] } = await client.send(
      new BatchCreatePartitionCommand({ DatabaseName, TableName: input.Name, PartitionInputList }),
    );
    const [error] = Errors;
    if (error !== undefined)
      throw new Error(
        `partition ${error.PartitionValues?.join("/")} of ${DatabaseName}.${input.Name} was not created: ${error.ErrorDetail?.ErrorMessage}`,
      );
  }
}

async function unless<T>(name: string, sent: Promise<T>): Promise<T | undefined> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof Error && error.name === name) return undefined;
    throw error;
  }
}
