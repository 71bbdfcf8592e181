/** Tables of the states service; entries are never edited once released. */
export const VERSIONS: readonly string[] = [
  `
  CREATE TABLE states_machines (
    arn TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    role_arn TEXT NOT NULL,
    revision TEXT NOT NULL,
    logging TEXT,
    tracing INTEGER NOT NULL DEFAULT 0,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE states_revisions (revision TEXT PRIMARY KEY, type TEXT NOT NULL, definition TEXT NOT NULL) STRICT;
  CREATE TABLE states_executions (
    arn TEXT PRIMARY KEY,
    machine_arn TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    input TEXT NOT NULL,
    output TEXT,
    error TEXT,
    cause TEXT,
    role_arn TEXT NOT NULL,
    revision TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    stop_ms INTEGER,
    redrive_count INTEGER NOT NULL DEFAULT 0,
    redrive_ms INTEGER,
    seed TEXT NOT NULL,
    checkpoint TEXT
  ) STRICT;
  CREATE INDEX states_executions_by_machine ON states_executions (machine_arn, start_ms DESC, arn);
  CREATE INDEX states_executions_running ON states_executions (arn) WHERE status = 'RUNNING';
  CREATE TABLE states_events (
    execution_arn TEXT NOT NULL,
    id INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (execution_arn, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE states_tasks (
    execution_arn TEXT NOT NULL,
    task_id TEXT NOT NULL,
    token TEXT,
    submitted INTEGER NOT NULL DEFAULT 0,
    job_service TEXT,
    job_action TEXT,
    job_reference TEXT,
    PRIMARY KEY (execution_arn, task_id)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX states_tasks_by_token ON states_tasks (token) WHERE token IS NOT NULL;
  CREATE INDEX states_tasks_by_job ON states_tasks (job_service, job_action, job_reference) WHERE job_reference IS NOT NULL;
  CREATE TABLE states_tags (arn TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (arn, key)) STRICT;
  `,
  // A row a batch of events instead of a row an event: writing them is most of what a transition costs.
  `
  CREATE TABLE states_histories (
    execution_arn TEXT NOT NULL,
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    events TEXT NOT NULL,
    PRIMARY KEY (execution_arn, last_id)
  ) STRICT;
  INSERT INTO states_histories SELECT execution_arn, id, id, '[' || event || ']' FROM states_events ORDER BY execution_arn, id;
  DROP TABLE states_events;
  `,
  // Histories in the engine's compact form: `codes` points into `events`, then the texts. Without codes, `events` is a JSON array.
  "ALTER TABLE states_histories ADD COLUMN codes BLOB",
  // Express executions and the children of distributed maps stand beside Standard ones; versions and aliases start either.
  `
  ALTER TABLE states_executions ADD COLUMN type TEXT NOT NULL DEFAULT 'STANDARD';
  ALTER TABLE states_executions ADD COLUMN flow TEXT;
  ALTER TABLE states_executions ADD COLUMN map_run_arn TEXT;
  ALTER TABLE states_executions ADD COLUMN item_count INTEGER;
  ALTER TABLE states_executions ADD COLUMN version_arn TEXT;
  ALTER TABLE states_executions ADD COLUMN alias_arn TEXT;
  CREATE INDEX states_executions_by_map_run ON states_executions (map_run_arn, start_ms DESC, arn) WHERE map_run_arn IS NOT NULL;
  CREATE TABLE states_map_runs (
    arn TEXT PRIMARY KEY,
    execution_arn TEXT NOT NULL,
    state_name TEXT NOT NULL,
    status TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    stop_ms INTEGER,
    max_concurrency INTEGER NOT NULL,
    tolerated_count INTEGER NOT NULL,
    tolerated_percentage REAL NOT NULL,
    results_written INTEGER NOT NULL DEFAULT 0,
    redrive_count INTEGER NOT NULL DEFAULT 0,
    redrive_ms INTEGER
  ) STRICT;
  CREATE INDEX states_map_runs_by_execution ON states_map_runs (execution_arn, start_ms DESC, arn);
  CREATE TABLE states_map_children (
    map_run_arn TEXT NOT NULL,
    child INTEGER NOT NULL,
    execution_arn TEXT NOT NULL,
    flow TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    item_count INTEGER NOT NULL,
    status TEXT NOT NULL,
    input TEXT,
    PRIMARY KEY (map_run_arn, child)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX states_map_children_by_status ON states_map_children (map_run_arn, status, child);
  `,
  // Versions, aliases, activities, and what the API says of a machine and an execution besides.
  `
  ALTER TABLE states_executions ADD COLUMN trace_header TEXT;
  ALTER TABLE states_executions ADD COLUMN redrive_token TEXT;
  CREATE INDEX states_executions_ended ON states_executions (stop_ms) WHERE stop_ms IS NOT NULL;
  ALTER TABLE states_machines ADD COLUMN encryption TEXT;
  ALTER TABLE states_machines ADD COLUMN last_version INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE states_machines ADD COLUMN deleting INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE states_versions (
    arn TEXT PRIMARY KEY,
    machine_arn TEXT NOT NULL,
    number INTEGER NOT NULL,
    revision TEXT NOT NULL,
    role_arn TEXT NOT NULL,
    description TEXT,
    created_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX states_versions_by_machine ON states_versions (machine_arn, number DESC);
  CREATE TABLE states_aliases (
    arn TEXT PRIMARY KEY,
    machine_arn TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    routing TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX states_aliases_by_machine ON states_aliases (machine_arn, created_ms, arn);
  CREATE TABLE states_activities (
    arn TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    encryption TEXT,
    created_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE states_activity_tasks (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    activity_arn TEXT NOT NULL,
    execution_arn TEXT NOT NULL,
    task_id TEXT NOT NULL,
    token TEXT NOT NULL,
    input TEXT NOT NULL,
    taken INTEGER NOT NULL DEFAULT 0,
    UNIQUE (execution_arn, task_id)
  ) STRICT;
  CREATE INDEX states_activity_tasks_waiting ON states_activity_tasks (activity_arn, sequence) WHERE taken = 0;
  `,
  // Retention finds what ended long ago by the machine's own index: another one cost every execution its upkeep.
  "DROP INDEX states_executions_ended",
  // A state machine has no revision id before its first update. Of older ones it is not known.
  "ALTER TABLE states_machines ADD COLUMN updated INTEGER NOT NULL DEFAULT 1",
  // Large values of checkpoints, which are written once instead of with every input.
  `
  CREATE TABLE states_checkpoint_parts (
    execution_arn TEXT NOT NULL,
    id INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (execution_arn, id)
  ) STRICT;
  `,
];
