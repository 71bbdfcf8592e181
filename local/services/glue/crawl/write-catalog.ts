/**
 * Brings the catalog to what the crawl found, as the crawler's role, writing only what differs: the same data makes no
 * table version and no event, so a crawl never starts the next round by itself.
 */
import { isDeepStrictEqual } from "node:util";
import type { Column, Crawler, Partition, Table, TableInput } from "@aws-sdk/client-glue";
import type { CrawlPlan } from "../crawler-definition.ts";
import type { CrawlCounts } from "./counts.ts";
import type { FoundTable } from "./find-tables.ts";
import type { S3Access, Target } from "./s3-target.ts";
import { nameBesides, storage, tableInput, tableName } from "./table-input.ts";

export interface Writing {
  access: S3Access;
  crawler: Crawler;
  plan: CrawlPlan;
  counts: CrawlCounts;
  /** Tables of the database before this crawl. */
  known: readonly Table[];
}

/** Returns the name of the table written. */
export async function writeTable(writing: Writing, target: Target, found: FoundTable): Promise<string> {
  const { crawler, counts, known, plan } = writing;
  const location = `s3://${target.bucket}/${found.prefix}`;
  const plain = tableName(target, found.prefix, crawler.TablePrefix ?? "");
  const atLocation = known.find(
    (table) => sameLocation(table, location) && (table.Name === plain || table.Name === nameBesides(plain, location)),
  );
  const taken = known.some(({ Name }) => Name === plain);
  const name = atLocation?.Name ?? (taken ? nameBesides(plain, location) : plain);
  const wanted = tableInput(target, found, crawler.Name ?? "", name);
  if (atLocation === undefined) {
    await callGlue(writing, "CreateTable", { TableInput: wanted });
    counts.tablesCreated++;
  } else if (crawler.SchemaChangePolicy?.UpdateBehavior === "UPDATE_IN_DATABASE") {
    const merged = plan.mergeNewColumns ? withOldColumns(wanted, atLocation) : wanted;
    if (!isDeepStrictEqual(inputOf(atLocation), merged)) {
      await callGlue(writing, "UpdateTable", { TableInput: merged });
      counts.tablesUpdated++;
    }
  }
  if (found.partitions.length > 0) await writePartitions(writing, target, found, name);
  return name;
}

async function writePartitions(writing: Writing, target: Target, found: FoundTable, table: string): Promise<void> {
  const old = await partitionsOf(writing, table);
  const known = new Set(old.map(({ Values }) => JSON.stringify(Values)));
  const fresh = found.partitions.filter(({ values }) => !known.has(JSON.stringify(values)));
  const PartitionInputList = fresh.map(({ values, prefix }) => ({
    Values: values,
    StorageDescriptor: storage(found.schema, `s3://${target.bucket}/${prefix}`),
  }));
  if (fresh.length > 0) await callGlue(writing, "BatchCreatePartition", { TableName: table, PartitionInputList });
  writing.counts.partitionsCreated += fresh.length;
  if (writing.crawler.SchemaChangePolicy?.DeleteBehavior === "LOG") return;
  const present = new Set(found.partitions.map(({ values }) => JSON.stringify(values)));
  for (const { Values } of old.filter((partition) => !present.has(JSON.stringify(partition.Values)))) {
    await callGlue(writing, "DeletePartition", { TableName: table, PartitionValues: Values });
    writing.counts.partitionsDeleted++;
  }
}

/** Tables this crawler made whose files are gone. */
export async function retireTables(writing: Writing, kept: ReadonlySet<string>): Promise<void> {
  const { crawler, counts, known } = writing;
  const behaviour = crawler.SchemaChangePolicy?.DeleteBehavior;
  const gone = known.filter(
    ({ Name, Parameters }) => Parameters?.UPDATED_BY_CRAWLER === crawler.Name && !kept.has(Name ?? ""),
  );
  for (const table of gone) {
    if (behaviour === "DELETE_FROM_DATABASE") {
      await callGlue(writing, "DeleteTable", { Name: table.Name });
      counts.tablesDeleted++;
    } else if (behaviour === "DEPRECATE_IN_DATABASE" && table.Parameters?.DEPRECATED_BY_CRAWLER === undefined) {
      const DEPRECATED_BY_CRAWLER = String(writing.access.home.clock.now());
      const Parameters = { ...table.Parameters, DEPRECATED_BY_CRAWLER };
      await callGlue(writing, "UpdateTable", { TableInput: { ...inputOf(table), Parameters } });
      counts.tablesUpdated++;
    }
  }
}

async function partitionsOf(writing: Writing, TableName: string): Promise<Partition[]> {
  const output = await callGlue(writing, "GetPartitions", { TableName });
  return "Partitions" in output && Array.isArray(output.Partitions) ? output.Partitions : [];
}

async function callGlue({ access, crawler }: Writing, operation: string, input: object): Promise<object> {
  const { home, principal, signal } = access;
  const output = await home.call(
    "glue",
    operation,
    { DatabaseName: crawler.DatabaseName, ...input },
    principal,
    signal,
  );
  return typeof output === "object" && output !== null ? output : {};
}

function sameLocation(table: Table, location: string): boolean {
  const bare = (text: string | undefined) => (text ?? "").replace(/\/$/, "");
  return bare(table.StorageDescriptor?.Location) === bare(location);
}

/** MergeNewColumns: what the table has stays, what is new is added. */
function withOldColumns(wanted: TableInput, table: Table): TableInput {
  const old = table.StorageDescriptor?.Columns ?? [];
  const names = new Set(old.map(({ Name }) => Name));
  const fresh = (wanted.StorageDescriptor?.Columns ?? []).filter(({ Name }: Column) => !names.has(Name));
  return { ...wanted, StorageDescriptor: { ...wanted.StorageDescriptor, Columns: [...old, ...fresh] } };
}

/** What of a Table is input: the rest the catalog writes itself. */
function inputOf(table: Table): TableInput {
  const {
    DatabaseName: _database,
    CreateTime: _created,
    UpdateTime: _updated,
    CreatedBy: _by,
    IsRegisteredWithLakeFormation: _registered,
    CatalogId: _catalog,
    VersionId: _version,
    ViewDefinition: _view,
    ...input
  } = table;
  return input;
}
