/** A catalog table as it reads the same files at another place. */
import type { Partition, PartitionInput, StorageDescriptor, Table, TableInput } from "@aws-sdk/client-glue";

/** URIs of folders, ending in a slash. */
export type Move = Readonly<{ from: string; to: string }>;

/** A table whose rows are not simply those of the files in its folder. Final. */
export class UnmovableTableError extends Error {
  override readonly name = "UnmovableTableError";
  readonly code = "UnmovableTable";

  constructor(table: string, found: string, expected: string) {
    super(
      `table ${table} ${found}, expected ${expected}: a version of it cannot be kept for a run; let the product's crawler make the table`,
    );
  }
}

/**
 * The table, moved.
 *
 * @throws {@link UnmovableTableError} where it is a view, keeps its own list of its files, or lies elsewhere
 */
export function movedTable(table: Table, move: Move): TableInput {
  const { Name = "", TableType = "", Parameters, PartitionKeys, StorageDescriptor } = table;
  if (TableType !== "EXTERNAL_TABLE") throw new UnmovableTableError(Name, `is a ${TableType}`, "an EXTERNAL_TABLE");
  const format = Parameters?.table_type;
  if (format !== undefined) throw new UnmovableTableError(Name, `is of type ${format}`, "one of plain files");
  return {
    Name,
    TableType,
    StorageDescriptor: movedFiles(Name, StorageDescriptor, move),
    ...(PartitionKeys === undefined ? {} : { PartitionKeys }),
    ...(Parameters === undefined ? {} : { Parameters: movedParameters(Parameters, move) }),
  };
}

/** A partition of such a table, moved. */
export function movedPartition(
  { TableName = "", Values, Parameters, StorageDescriptor }: Partition,
  move: Move,
): PartitionInput {
  return {
    Values,
    StorageDescriptor: movedFiles(TableName, StorageDescriptor, move),
    ...(Parameters === undefined ? {} : { Parameters }),
  };
}

function movedFiles(table: string, files: StorageDescriptor | undefined, { from, to }: Move): StorageDescriptor {
  const found = files?.Location ?? "";
  const folder = found.endsWith("/") ? found : `${found}/`;
  if (!folder.startsWith(from)) throw new UnmovableTableError(table, `lies at ${found}`, `a place under ${from}`);
  return { ...files, Location: `${to}${folder.slice(from.length)}` };
}

/** Projected partitions name their places in a parameter. */
function movedParameters(parameters: Record<string, string>, { from, to }: Move): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      value.startsWith(from) ? `${to}${value.slice(from.length)}` : value,
    ]),
  );
}
