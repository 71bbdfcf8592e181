/** The bus's tables. Times are milliseconds since the epoch; events and targets are JSON. */
export const EVENTS_TABLES: readonly string[] = [
  `CREATE TABLE events_buses (name TEXT PRIMARY KEY, settings TEXT NOT NULL, policy TEXT, tags TEXT NOT NULL,
     created_ms INTEGER NOT NULL, modified_ms INTEGER NOT NULL) STRICT;
   CREATE TABLE events_rules (bus TEXT NOT NULL, name TEXT NOT NULL, pattern TEXT, schedule TEXT, state TEXT NOT NULL,
     description TEXT, role_arn TEXT, tags TEXT NOT NULL, created_ms INTEGER NOT NULL, next_run_ms INTEGER,
     PRIMARY KEY (bus, name)) STRICT;
   CREATE TABLE events_targets (bus TEXT NOT NULL, rule TEXT NOT NULL, id TEXT NOT NULL, target TEXT NOT NULL,
     PRIMARY KEY (bus, rule, id)) STRICT;
   CREATE TABLE events_counts (bus TEXT NOT NULL, rule TEXT NOT NULL, matched INTEGER NOT NULL DEFAULT 0,
     delivered INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (bus, rule)) STRICT;
   CREATE TABLE events_unmatched (id INTEGER PRIMARY KEY AUTOINCREMENT, bus TEXT NOT NULL, event TEXT NOT NULL) STRICT;
   CREATE TABLE events_archives (name TEXT PRIMARY KEY, bus TEXT NOT NULL, pattern TEXT, description TEXT, retention_days INTEGER NOT NULL,
     created_ms INTEGER NOT NULL) STRICT;
   CREATE TABLE events_archived (id INTEGER PRIMARY KEY AUTOINCREMENT, archive TEXT NOT NULL, time_ms INTEGER NOT NULL, event TEXT NOT NULL) STRICT;
   CREATE INDEX events_archived_time ON events_archived (archive, time_ms, id);
   CREATE TABLE events_replays (name TEXT PRIMARY KEY, replay TEXT NOT NULL, state TEXT NOT NULL, last_id INTEGER NOT NULL,
     started_ms INTEGER NOT NULL, ended_ms INTEGER) STRICT`,
  `ALTER TABLE events_counts ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE events_counts ADD COLUMN retries INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE events_counts ADD COLUMN dead_lettered INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE events_counts ADD COLUMN dead_letters_lost INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE events_unmatched ADD COLUMN rules TEXT NOT NULL DEFAULT '[]';
   ALTER TABLE events_unmatched ADD COLUMN noted_ms INTEGER NOT NULL DEFAULT 0;
   CREATE TABLE events_matched (id INTEGER PRIMARY KEY, bus TEXT NOT NULL, rules TEXT NOT NULL, noted_ms INTEGER NOT NULL,
     event TEXT NOT NULL) STRICT`,
  `ALTER TABLE events_counts ADD COLUMN looped INTEGER NOT NULL DEFAULT 0;
   CREATE TABLE events_connections (name TEXT PRIMARY KEY, id TEXT NOT NULL, settings TEXT NOT NULL, created_ms INTEGER NOT NULL,
     modified_ms INTEGER NOT NULL) STRICT;
   CREATE TABLE events_api_destinations (name TEXT PRIMARY KEY, id TEXT NOT NULL, settings TEXT NOT NULL, created_ms INTEGER NOT NULL,
     modified_ms INTEGER NOT NULL) STRICT`,
];
