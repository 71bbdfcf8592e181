/** DDL, SHOW and DESCRIBE: carried out on the catalog as the caller. Each answers the lines of its result. */
import type { Column } from "@aws-sdk/client-glue";
import { AwsError } from "../../../aws-error.ts";
import { allDatabases, allTables } from "../catalog-pages.ts";
import { partitionsOf } from "../resolve-tables.ts";
import { QueryError } from "../sql/query-error.ts";
import type { Statement } from "../sql/statement.ts";
import { JSON_SERDE, LAZY_SERDE, PARQUET_SERDE } from "../table-format.ts";
import { viewInput } from "../view-text.ts";
import { alterTable } from "./alter-table.ts";
import { addNamedPartitions, dropPartitions, repair } from "./partition-statements.ts";
import { showCreate } from "./show-create.ts";
import {
  callGlue,
  findTable,
  inDatabase,
  requireTable,
  runQueryText,
  type StatementContext,
} from "./statement-context.ts";
import { externalTable } from "./table-input.ts";

type Of<K extends Statement["kind"]> = Extract<Statement, { kind: K }>;
/** What is not of the catalog. */
type Running = "select" | "unload" | "create-table-as" | "insert" | "prepare" | "execute" | "deallocate";
export type CatalogStatement = Exclude<Statement, Of<Running>>;

export async function runCatalogStatement(context: StatementContext, statement: CatalogStatement): Promise<string[]> {
  switch (statement.kind) {
    case "create-table":
      return createTable(context, statement);
    case "create-view":
      return createView(context, statement);
    case "drop-table":
    case "drop-view":
      return drop(context, statement);
    case "create-database":
      return nothing(
        unless(statement.ifNotExists, "AlreadyExistsException", () =>
          callGlue(context, "CreateDatabase", { DatabaseInput: { Name: statement.name } }),
        ),
      );
    case "drop-database":
      return dropDatabase(context, statement);
    case "add-partitions":
      return nothing(addNamedPartitions(context, statement));
    case "drop-partitions":
      return nothing(dropPartitions(context, statement));
    case "add-columns":
    case "replace-columns":
    case "set-location":
    case "set-properties":
      return nothing(alterTable(context, statement));
    case "repair":
      return nothing(repair(context, statement));
    default:
      return show(context, statement);
  }
}

async function createTable(context: StatementContext, statement: Of<"create-table">): Promise<string[]> {
  const place = inDatabase(context, statement.table);
  const { format, serde } = statement;
  const chosen = serde ?? { PARQUET: PARQUET_SERDE, JSON: JSON_SERDE, TEXTFILE: LAZY_SERDE }[format];
  const TableInput = externalTable({ ...statement, name: place.name, serde: chosen });
  return nothing(
    unless(statement.ifNotExists, "AlreadyExistsException", () =>
      callGlue(context, "CreateTable", { DatabaseName: place.database, TableInput }),
    ),
  );
}

async function createView(context: StatementContext, { view, orReplace, query }: Of<"create-view">): Promise<string[]> {
  const place = inDatabase(context, view);
  const existing = await findTable(context, place);
  if (existing !== undefined && !orReplace) {
    throw new QueryError(`VIEW_ALREADY_EXISTS: line 1:1: View already exists: '${place.database}.${place.name}'`);
  }
  const { columns } = await runQueryText(context, query, { kind: "describe" });
  const TableInput = viewInput(place.name, query, context.query.database || place.database, columns);
  const operation = existing === undefined ? "CreateTable" : "UpdateTable";
  return nothing(callGlue(context, operation, { DatabaseName: place.database, TableInput }));
}

async function drop(
  context: StatementContext,
  { kind, table, ifExists }: Of<"drop-table" | "drop-view">,
): Promise<string[]> {
  const place = inDatabase(context, table);
  const found = await findTable(context, place);
  if (found === undefined) {
    if (ifExists) return [];
    throw new QueryError(`FAILED: SemanticException [Error 10001]: Table not found ${place.database}.${place.name}`);
  }
  if ((found.TableType === "VIRTUAL_VIEW") !== (kind === "drop-view")) {
    throw new QueryError(
      `FAILED: SemanticException Cannot ${kind === "drop-view" ? "drop a base table with DROP VIEW" : "drop a view with DROP TABLE"}`,
    );
  }
  return nothing(callGlue(context, "DeleteTable", { DatabaseName: place.database, Name: place.name }));
}

async function dropDatabase(
  context: StatementContext,
  { name, ifExists, cascade }: Of<"drop-database">,
): Promise<string[]> {
  return nothing(
    unless(ifExists, "EntityNotFoundException", async () => {
      const tables = await allTables(context, name);
      if (tables.length > 0 && !cascade) {
        throw new QueryError(
          `FAILED: Execution Error: InvalidOperationException(message:Database ${name} is not empty. One or more tables exist.)`,
        );
      }
      return callGlue(context, "DeleteDatabase", { Name: name });
    }),
  );
}

async function show(
  context: StatementContext,
  statement: Of<
    | "show-databases"
    | "show-tables"
    | "show-views"
    | "show-properties"
    | "show-partitions"
    | "show-columns"
    | "show-create-table"
    | "show-create-view"
    | "describe"
  >,
): Promise<string[]> {
  if (statement.kind === "show-databases")
    return matching(
      statement.pattern,
      (await allDatabases(context)).map(({ Name }) => Name ?? ""),
    );
  if ("pattern" in statement) {
    const { database } = inDatabase(context, { database: statement.database, name: "" });
    const all = await allTables(context, database);
    const shown = statement.kind === "show-views" ? all.filter(({ TableType }) => TableType === "VIRTUAL_VIEW") : all;
    return matching(
      statement.pattern,
      shown.map(({ Name }) => Name ?? ""),
    );
  }
  const table = await requireTable(context, statement.table);
  if (statement.kind === "show-create-table" || statement.kind === "show-create-view")
    return showCreate(table, statement.kind);
  if (statement.kind === "show-properties") return properties(table.Parameters ?? {}, statement.property);
  const columns = table.StorageDescriptor?.Columns ?? [];
  const keys = table.PartitionKeys ?? [];
  if (statement.kind === "show-columns") return [...columns, ...keys].map(({ Name }) => Name ?? "");
  if (statement.kind === "show-partitions") {
    const partitions = await partitionsOf(context, table);
    return partitions.map(({ Values }) => keys.map(({ Name }, index) => `${Name}=${Values?.[index]}`).join("/"));
  }
  return describe(columns, keys);
}

function describe(columns: readonly Column[], keys: readonly Column[]): string[] {
  const line = ({ Name = "", Type = "", Comment = "" }: Column) =>
    `${Name.padEnd(20)}\t${Type.padEnd(20)}\t${Comment.padEnd(20)}`;
  const lines = [...columns, ...keys].map(line);
  if (keys.length === 0) return lines;
  return [
    ...lines,
    "\t \t ",
    "# Partition Information\t \t ",
    "# col_name            \tdata_type           \tcomment             ",
    "\t \t ",
    ...keys.map(line),
  ];
}

/** Names a pattern of Hive's takes: `*` is any text, `|` parts alternatives, case does not count. */
function matching(pattern: string | undefined, names: readonly string[]): string[] {
  const literal = (part: string) => part.replace(/[^\w*]/g, "\\$&").replaceAll("*", ".*");
  const taken = new RegExp(`^(?:${(pattern ?? "*").split("|").map(literal).join("|")})$`, "i");
  return names.filter((name) => taken.test(name));
}

function properties(all: Readonly<Record<string, string>>, wanted: string | undefined): string[] {
  if (wanted === undefined) return Object.entries(all).map(([name, value]) => `${name}\t${value}`);
  return Object.hasOwn(all, wanted) ? [`${wanted}\t${all[wanted]}`] : [`Table does not have property: ${wanted}`];
}

async function unless(forgiven: boolean, code: string, work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (thrown) {
    if (forgiven && thrown instanceof AwsError && thrown.code === code) return undefined;
    throw thrown;
  }
}

async function nothing(work: Promise<unknown>): Promise<string[]> {
  await work;
  return [];
}
