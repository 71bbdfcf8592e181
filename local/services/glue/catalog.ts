/**
 * The data catalog: databases, tables with their versions, partitions.
 *
 * Every change is one transaction with the event that tells of it, so neither is ever without the other.
 */
import type { Database, DatabaseInput, Table, TableInput } from "@aws-sdk/client-glue";
import type { HomePorts } from "../../define-service.ts";
import { catalogEvents } from "./catalog-events.ts";
import { decodeBody, encodeBody } from "./catalog-json.ts";
import { alreadyExists, entityNotFound, invalidInput } from "./errors.ts";
import { catalogName } from "./names.ts";

export interface Catalog {
  createDatabase(input: DatabaseInput): void;
  updateDatabase(name: string, input: DatabaseInput): void;
  deleteDatabase(name: string): void;
  /** @throws AwsError EntityNotFoundException */
  database(name: string): Database;
  databases(): Database[];
  createTable(database: string, input: TableInput, createdBy: string): void;
  updateTable(database: string, input: TableInput, skipArchive: boolean): void;
  deleteTable(database: string, name: string): void;
  /** @throws AwsError EntityNotFoundException */
  table(database: string, name: string): Table;
  tables(database: string): Table[];
  /** Newest first. */
  tableVersions(database: string, name: string): Table[];
}

export function createCatalog(home: HomePorts): Catalog {
  return { ...databaseCatalog(home), ...tableCatalog(home) };
}

type DatabaseCatalog = Pick<Catalog, "createDatabase" | "updateDatabase" | "deleteDatabase" | "database" | "databases">;

function databaseCatalog(home: HomePorts): DatabaseCatalog {
  const { store } = home;
  const find = store.prepare("SELECT body FROM glue_databases WHERE name = ?");
  const all = store.prepare("SELECT body FROM glue_databases ORDER BY name");
  const insert = store.prepare("INSERT INTO glue_databases VALUES (?, ?)");
  const update = store.prepare("UPDATE glue_databases SET body = ? WHERE name = ?");
  const removals = ["glue_partitions", "glue_table_versions", "glue_tables"].map((table) =>
    store.prepare(`DELETE FROM ${table} WHERE database_name = ?`),
  );
  const remove = store.prepare("DELETE FROM glue_databases WHERE name = ?");
  const database = (name: string): Database => {
    const row = find.get(catalogName(name));
    if (row === undefined) throw entityNotFound(`Database ${name} not found.`);
    return decodeBody<Database>(row.body);
  };
  return {
    database,
    databases: () => all.all().map(({ body }) => decodeBody<Database>(body)),
    createDatabase(input) {
      const name = catalogName(required(input.Name, "DatabaseInput.Name"));
      if (find.get(name) !== undefined) throw alreadyExists("Database already exists.");
      const CreateTime = new Date(home.clock.now());
      insert.run(name, encodeBody({ ...input, Name: name, CreateTime, CatalogId: home.accountId }));
    },
    updateDatabase(name, input) {
      const { CreateTime } = database(name);
      const body = { ...input, Name: catalogName(name), CreateTime, CatalogId: home.accountId };
      update.run(encodeBody(body), catalogName(name));
    },
    deleteDatabase(name) {
      database(name);
      store.transaction(() => {
        for (const removal of removals) removal.run(catalogName(name));
        remove.run(catalogName(name));
      });
    },
  };
}

function tableCatalog(home: HomePorts): Omit<Catalog, keyof DatabaseCatalog> {
  const { store } = home;
  const events = catalogEvents(home);
  const hasDatabase = store.prepare("SELECT 1 AS found FROM glue_databases WHERE name = ?");
  const find = store.prepare("SELECT body FROM glue_tables WHERE database_name = ? AND name = ?");
  const all = store.prepare("SELECT body FROM glue_tables WHERE database_name = ? ORDER BY name");
  const put = store.prepare(
    "INSERT INTO glue_tables VALUES (?, ?, ?) ON CONFLICT (database_name, name) DO UPDATE SET body = excluded.body",
  );
  const remove = store.prepare("DELETE FROM glue_tables WHERE database_name = ? AND name = ?");
  const keep = store.prepare("INSERT OR REPLACE INTO glue_table_versions VALUES (?, ?, ?, ?)");
  const versions = store.prepare(
    "SELECT body FROM glue_table_versions WHERE database_name = ? AND name = ? ORDER BY version DESC",
  );
  const removeVersions = store.prepare("DELETE FROM glue_table_versions WHERE database_name = ? AND name = ?");
  const removePartitions = store.prepare("DELETE FROM glue_partitions WHERE database_name = ? AND table_name = ?");

  const requireDatabase = (name: string) => {
    if (hasDatabase.get(catalogName(name)) === undefined) throw entityNotFound(`Database ${name} not found.`);
  };
  const table = (database: string, name: string): Table => {
    requireDatabase(database);
    const row = find.get(catalogName(database), catalogName(name));
    if (row === undefined) throw entityNotFound(`Table ${name} not found.`);
    return decodeBody<Table>(row.body);
  };
  const write = (value: Table, archive: boolean) => {
    const [database, name] = [value.DatabaseName ?? "", value.Name ?? ""];
    const body = encodeBody(value);
    put.run(database, name, body);
    if (!archive) removeVersions.run(database, name);
    keep.run(database, name, Number(value.VersionId), body);
  };
  return {
    table,
    tables(database) {
      requireDatabase(database);
      return all.all(catalogName(database)).map(({ body }) => decodeBody<Table>(body));
    },
    tableVersions(database, name) {
      table(database, name);
      return versions.all(catalogName(database), catalogName(name)).map(({ body }) => decodeBody<Table>(body));
    },
    createTable(database, input, createdBy) {
      requireDatabase(database);
      const name = catalogName(required(input.Name, "TableInput.Name"));
      const DatabaseName = catalogName(database);
      if (find.get(DatabaseName, name) !== undefined) throw alreadyExists("Table already exists.");
      const now = new Date(home.clock.now());
      const made = { ...input, Name: name, DatabaseName, CreateTime: now, UpdateTime: now, CreatedBy: createdBy };
      store.transaction(() => {
        write({ ...tableDefaults(home.accountId), ...made, VersionId: "0" }, true);
        events.databaseChanged(DatabaseName, "CreateTable", [name]);
      });
    },
    updateTable(database, input, skipArchive) {
      const current = table(database, required(input.Name, "TableInput.Name"));
      const { DatabaseName, Name, CreateTime, CreatedBy } = current;
      const kept = { DatabaseName, Name, CreateTime, CreatedBy, UpdateTime: new Date(home.clock.now()) };
      const VersionId = String(Number(current.VersionId) + 1);
      store.transaction(() => {
        write({ ...tableDefaults(home.accountId), ...input, ...kept, VersionId }, !skipArchive);
        events.tableChanged(DatabaseName ?? "", Name ?? "", "UpdateTable", []);
      });
    },
    deleteTable(database, name) {
      table(database, name);
      store.transaction(() => {
        for (const removal of [removePartitions, removeVersions, remove]) {
          removal.run(catalogName(database), catalogName(name));
        }
        events.databaseChanged(catalogName(database), "DeleteTable", [catalogName(name)]);
      });
    },
  };
}

function tableDefaults(accountId: string) {
  return { Retention: 0, IsRegisteredWithLakeFormation: false, CatalogId: accountId };
}

function required(value: string | undefined, member: string): string {
  if (value === undefined || value === "") throw invalidInput(`${member} is required`);
  return value;
}
