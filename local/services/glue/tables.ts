/** The catalog's tables in the store; bodies are JSON in the SDK's shapes (see catalog-json.ts). */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE glue_databases (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
   CREATE TABLE glue_tables (
     database_name TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (database_name, name)) STRICT;
   CREATE TABLE glue_table_versions (
     database_name TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
     PRIMARY KEY (database_name, name, version)) STRICT;
   CREATE TABLE glue_partitions (
     database_name TEXT NOT NULL, table_name TEXT NOT NULL, partition_values TEXT NOT NULL, body TEXT NOT NULL,
     PRIMARY KEY (database_name, table_name, partition_values)) STRICT;
   CREATE TABLE glue_crawlers (name TEXT PRIMARY KEY, body TEXT NOT NULL, last_crawl TEXT) STRICT;
   CREATE TABLE glue_crawls (
     crawl_id TEXT PRIMARY KEY, crawler TEXT NOT NULL, state TEXT NOT NULL, started_ms INTEGER NOT NULL,
     body TEXT NOT NULL) STRICT;
   CREATE INDEX glue_crawls_by_crawler ON glue_crawls (crawler, started_ms);
   CREATE TABLE glue_security_configurations (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;`,
];
