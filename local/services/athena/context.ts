/** What Athena's parts share. */
import type { HomePorts } from "../../define-service.ts";
import type { EngineClient } from "./engine/engine-client.ts";
import type { QueryStore } from "./query-store.ts";
import type { WorkGroups } from "./work-groups.ts";

export type Sdk = typeof import("@aws-sdk/client-athena");

export interface Athena {
  home: HomePorts;
  workGroups: WorkGroups;
  queries: QueryStore;
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
];
