/** What Athena's parts share. */
import type { HomePorts } from "../../define-service.ts";
import type { ResourceTags } from "../../resource-tags.ts";
import type { EngineClient } from "./engine/engine-client.ts";
import type { NamedQueries } from "./named-queries.ts";
import type { PreparedStatements } from "./prepared-statements.ts";
import type { QueryStore } from "./query-store.ts";
import type { WorkGroups } from "./work-groups.ts";

export type Sdk = typeof import("@aws-sdk/client-athena");

export interface Athena {
  home: HomePorts;
  workGroups: WorkGroups;
  queries: QueryStore;
  prepared: PreparedStatements;
  named: NamedQueries;
  tags: ResourceTags;
  engine: EngineClient;
}

export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE athena_work_groups (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
   CREATE TABLE athena_queries (
     id TEXT PRIMARY KEY, work_group TEXT NOT NULL, state TEXT NOT NULL, submitted_ms INTEGER NOT NULL, body TEXT NOT NULL
   ) STRICT;
   CREATE INDEX athena_queries_by_work_group ON athena_queries (work_group, submitted_ms);
   CREATE INDEX athena_queries_by_state ON athena_queries (state);
   CREATE TABLE athena_tokens (token TEXT PRIMARY KEY, query_id TEXT NOT NULL, request TEXT NOT NULL) STRICT;`,
  `CREATE TABLE athena_prepared (
     work_group TEXT NOT NULL, name TEXT NOT NULL, statement TEXT NOT NULL, description TEXT, modified_ms INTEGER NOT NULL,
     PRIMARY KEY (work_group, name)
   ) STRICT;
   CREATE TABLE athena_named (id TEXT PRIMARY KEY, work_group TEXT NOT NULL, created_ms INTEGER NOT NULL, body TEXT NOT NULL) STRICT;`,
];
