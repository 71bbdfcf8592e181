/** Scheduler's tables. */
export const SCHEDULER_TABLES: readonly string[] = [
  `CREATE TABLE scheduler_groups (name TEXT PRIMARY KEY, tags TEXT NOT NULL, created_ms INTEGER NOT NULL, modified_ms INTEGER NOT NULL) STRICT;
   CREATE TABLE scheduler_schedules (grp TEXT NOT NULL, name TEXT NOT NULL, settings TEXT NOT NULL, created_ms INTEGER NOT NULL,
     modified_ms INTEGER NOT NULL, next_run_ms INTEGER, PRIMARY KEY (grp, name)) STRICT`,
];
