/** The logs service's tables; event ids grow, so (time, id) orders events that share a millisecond. */
export const LOGS_TABLES: readonly string[] = [
  `
CREATE TABLE logs_groups (
  name TEXT PRIMARY KEY, retention_days INTEGER NOT NULL, created_ms INTEGER NOT NULL) STRICT;
CREATE TABLE logs_streams (
  group_name TEXT NOT NULL, name TEXT NOT NULL, created_ms INTEGER NOT NULL, first_ms INTEGER, last_ms INTEGER,
  ingested_ms INTEGER, PRIMARY KEY (group_name, name)) STRICT;
CREATE TABLE logs_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT, group_name TEXT NOT NULL, stream TEXT NOT NULL, at_ms INTEGER NOT NULL,
  ingested_ms INTEGER NOT NULL, message TEXT NOT NULL) STRICT;
CREATE INDEX logs_events_by_stream ON logs_events (group_name, stream, at_ms, id);
CREATE INDEX logs_events_by_group ON logs_events (group_name, at_ms, id);
CREATE TABLE logs_resource_policies (name TEXT PRIMARY KEY, document TEXT NOT NULL, updated_ms INTEGER NOT NULL) STRICT;
`,
  `
CREATE TABLE logs_queries (id TEXT PRIMARY KEY, created_ms INTEGER NOT NULL, status TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE logs_query_definitions (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
`,
  `
CREATE TABLE logs_metric_filters (
  group_name TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (group_name, name)) STRICT;
`,
];
