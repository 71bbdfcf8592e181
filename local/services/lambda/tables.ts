/** Lambda's tables: functions and what belongs to them, and the queue of asynchronous invocations. */
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
];
