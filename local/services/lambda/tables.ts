/** Lambda's tables: functions, their versions and aliases and what else belongs to them, and the queue of asynchronous invocations. */
export const LAMBDA_TABLES: readonly string[] = [
  `CREATE TABLE lambda_functions (name TEXT PRIMARY KEY, configuration TEXT NOT NULL) STRICT;
   CREATE TABLE lambda_permissions (
     function TEXT NOT NULL, statement_id TEXT NOT NULL, statement TEXT NOT NULL, PRIMARY KEY (function, statement_id)
   ) STRICT;
   CREATE TABLE lambda_invoke_configs (function TEXT PRIMARY KEY, configuration TEXT NOT NULL) STRICT;
   CREATE TABLE lambda_async (
     request_id TEXT PRIMARY KEY, function TEXT NOT NULL, payload TEXT NOT NULL, enqueued_ms INTEGER NOT NULL,
     attempts INTEGER NOT NULL, throttles INTEGER NOT NULL, due_ms INTEGER NOT NULL, last_answer TEXT
   ) STRICT;
   CREATE INDEX lambda_async_by_due ON lambda_async (due_ms)`,
  `CREATE TABLE lambda_versions (
     function TEXT NOT NULL, version INTEGER NOT NULL, configuration TEXT NOT NULL, PRIMARY KEY (function, version)
   ) STRICT;
   CREATE TABLE lambda_version_counts (function TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
   CREATE TABLE lambda_aliases (
     function TEXT NOT NULL, name TEXT NOT NULL, configuration TEXT NOT NULL, PRIMARY KEY (function, name)
   ) STRICT`,
  "CREATE TABLE lambda_event_sources (uuid TEXT PRIMARY KEY, mapping TEXT NOT NULL) STRICT",
  "ALTER TABLE lambda_async ADD COLUMN trace TEXT",
  // Code was found by its absolute path, which a home that is moved leaves behind.
  ["lambda_functions", "lambda_versions"].map(relativeFolders).join(";"),
];

/** The code's folder by its place in the home: of a path the last part, after the folder of all of its kind. */
function relativeFolders(table: string): string {
  const folder = "json_extract(configuration, '$.code.folder')";
  const parent = `rtrim(${folder}, replace(${folder}, '/', ''))`;
  const within = (kind: string) => `
    UPDATE ${table} SET configuration = json_set(configuration, '$.code.folder', '${kind}' || replace(${folder}, ${parent}, ''))
    WHERE ${parent} LIKE '/%/${kind}'`;
  return ["assets/", "lambda/inline/", "lambda/zip/"].map(within).join(";");
}
