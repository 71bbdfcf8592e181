/** Partitions of a table: one row for each list of values. */
import type { Partition, PartitionInput, Table } from "@aws-sdk/client-glue";
import type { HomePorts } from "../../define-service.ts";
import { catalogEvents } from "./catalog-events.ts";
import { decodeBody, encodeBody } from "./catalog-json.ts";
import { alreadyExists, entityNotFound, invalidInput } from "./errors.ts";

export interface Partitions {
  of(table: Table): Partition[];
  /** @throws AwsError EntityNotFoundException */
  get(table: Table, values: readonly string[]): Partition;
  /** Writes all that are new; answers those that were there. */
  create(table: Table, inputs: readonly PartitionInput[], typeOfChange: string): PartitionInput[];
  update(table: Table, values: readonly string[], input: PartitionInput): void;
  delete(table: Table, values: readonly string[]): void;
}

export function partitionStore(home: HomePorts): Partitions {
  const { store } = home;
  const events = catalogEvents(home);
  const key = (table: Table) => [table.DatabaseName ?? "", table.Name ?? ""] as const;
  const all = store.prepare(
    "SELECT body FROM glue_partitions WHERE database_name = ? AND table_name = ? ORDER BY partition_values",
  );
  const where = "WHERE database_name = ? AND table_name = ? AND partition_values = ?";
  const find = store.prepare(`SELECT body FROM glue_partitions ${where}`);
  const insert = store.prepare("INSERT OR REPLACE INTO glue_partitions VALUES (?, ?, ?, ?)");
  const remove = store.prepare(`DELETE FROM glue_partitions ${where}`);
  const get = (table: Table, values: readonly string[]): Partition => {
    const row = find.get(...key(table), JSON.stringify(values));
    if (row === undefined) throw entityNotFound("Cannot find partition.");
    return decodeBody<Partition>(row.body);
  };
  const write = (table: Table, input: PartitionInput) => {
    const values = input.Values ?? [];
    const expected = table.PartitionKeys?.length ?? 0;
    if (values.length !== expected) {
      throw invalidInput(
        `The number of partition keys do not match the number of partition values: ${expected} keys, values ${JSON.stringify(values)}`,
      );
    }
    const [DatabaseName, TableName] = key(table);
    const made = { ...input, DatabaseName, TableName, CreationTime: new Date(home.clock.now()) };
    insert.run(DatabaseName, TableName, JSON.stringify(values), encodeBody({ ...made, CatalogId: home.accountId }));
  };
  const exists = (table: Table, input: PartitionInput) =>
    find.get(...key(table), JSON.stringify(input.Values ?? [])) !== undefined;
  return {
    get,
    of: (table) => all.all(...key(table)).map(({ body }) => decodeBody<Partition>(body)),
    create(table, inputs, typeOfChange) {
      const old = inputs.filter((input) => exists(table, input));
      const fresh = inputs.filter((input) => !old.includes(input));
      store.transaction(() => {
        for (const input of fresh) write(table, input);
        if (fresh.length > 0)
          events.tableChanged(
            ...key(table),
            typeOfChange,
            fresh.map(({ Values }) => Values ?? []),
          );
      });
      return old;
    },
    update(table, values, input) {
      get(table, values);
      const moved = JSON.stringify(values) !== JSON.stringify(input.Values);
      if (moved && exists(table, input)) throw alreadyExists("Partition already exists.");
      store.transaction(() => {
        remove.run(...key(table), JSON.stringify(values));
        write(table, input);
        events.tableChanged(...key(table), "UpdatePartition", [values]);
      });
    },
    delete(table, values) {
      get(table, values);
      store.transaction(() => {
        remove.run(...key(table), JSON.stringify(values));
        events.tableChanged(...key(table), "DeletePartition", [values]);
      });
    },
  };
}
