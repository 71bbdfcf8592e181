BEGIN TRANSACTION;
CREATE TABLE athena_queries (
     id TEXT PRIMARY KEY, work_group TEXT NOT NULL, state TEXT NOT NULL, submitted_ms INTEGER NOT NULL, body TEXT NOT NULL
   ) STRICT;
CREATE TABLE athena_tokens (token TEXT PRIMARY KEY, query_id TEXT NOT NULL, request TEXT NOT NULL) STRICT;
CREATE TABLE athena_work_groups (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE cloudwatch_alarms (
  name TEXT PRIMARY KEY, definition TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, reason_data TEXT NOT NULL,
  state_ms INTEGER NOT NULL, configured_ms INTEGER NOT NULL) STRICT;
CREATE TABLE cloudwatch_dashboards (name TEXT PRIMARY KEY, body TEXT NOT NULL, modified_ms INTEGER NOT NULL) STRICT;
CREATE TABLE cloudwatch_data (
  id INTEGER PRIMARY KEY, namespace TEXT NOT NULL, name TEXT NOT NULL, dimensions TEXT NOT NULL, at_ms INTEGER NOT NULL,
  count REAL NOT NULL, sum REAL NOT NULL, minimum REAL NOT NULL, maximum REAL NOT NULL, unit TEXT NOT NULL) STRICT;
CREATE TABLE dynamodb_entries (space TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (space, key)) STRICT, WITHOUT ROWID;
INSERT INTO "dynamodb_entries" VALUES('item-kept','f6558e/61/','{"k":{"S":"a"},"v":{"N":"1"}}');
INSERT INTO "dynamodb_entries" VALUES('table','kept','{"AttributeDefinitions":[{"AttributeName":"k","AttributeType":"S"}],"TableName":"kept","KeySchema":[{"AttributeName":"k","KeyType":"HASH"}],"TableArn":"arn:aws:dynamodb:us-east-1:000000000000:table/kept","TableId":"f44ca1bd-4ac6-47ac-5446-b9a9d745","CreationDateTime":1796064665.615,"ItemCount":0,"ProvisionedThroughput":{"ReadCapacityUnits":0,"WriteCapacityUnits":0,"NumberOfDecreasesToday":0},"TableSizeBytes":0,"TableStatus":"ACTIVE","BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST","LastUpdateToPayPerRequestDateTime":1796064665.615},"TableThroughputModeSummary":{"TableThroughputMode":"PAY_PER_REQUEST"}}');
CREATE TABLE events_archived (id INTEGER PRIMARY KEY AUTOINCREMENT, archive TEXT NOT NULL, time_ms INTEGER NOT NULL, event TEXT NOT NULL) STRICT;
CREATE TABLE events_archives (name TEXT PRIMARY KEY, bus TEXT NOT NULL, pattern TEXT, description TEXT, retention_days INTEGER NOT NULL,
     created_ms INTEGER NOT NULL) STRICT;
CREATE TABLE events_buses (name TEXT PRIMARY KEY, settings TEXT NOT NULL, policy TEXT, tags TEXT NOT NULL,
     created_ms INTEGER NOT NULL, modified_ms INTEGER NOT NULL) STRICT;
INSERT INTO "events_buses" VALUES('default','{}',NULL,'{}',1772323200000,1772323200000);
CREATE TABLE events_counts (bus TEXT NOT NULL, rule TEXT NOT NULL, matched INTEGER NOT NULL DEFAULT 0,
     delivered INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0, retries INTEGER NOT NULL DEFAULT 0, dead_lettered INTEGER NOT NULL DEFAULT 0, dead_letters_lost INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (bus, rule)) STRICT;
INSERT INTO "events_counts" VALUES('default','',1,0,0,0,0,0,0,0);
CREATE TABLE events_deliveries (id INTEGER PRIMARY KEY, shared TEXT NOT NULL, rests TEXT NOT NULL, attempts INTEGER NOT NULL,
       first_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL) STRICT;
CREATE TABLE events_matched (id INTEGER PRIMARY KEY, bus TEXT NOT NULL, rules TEXT NOT NULL, noted_ms INTEGER NOT NULL,
     event TEXT NOT NULL) STRICT;
CREATE TABLE events_replays (name TEXT PRIMARY KEY, replay TEXT NOT NULL, state TEXT NOT NULL, last_id INTEGER NOT NULL,
     started_ms INTEGER NOT NULL, ended_ms INTEGER) STRICT;
CREATE TABLE events_rules (bus TEXT NOT NULL, name TEXT NOT NULL, pattern TEXT, schedule TEXT, state TEXT NOT NULL,
     description TEXT, role_arn TEXT, tags TEXT NOT NULL, created_ms INTEGER NOT NULL, next_run_ms INTEGER,
     PRIMARY KEY (bus, name)) STRICT;
INSERT INTO "events_rules" VALUES('default','kept','{"source":["a"]}',NULL,'ENABLED',NULL,NULL,'{}',1772323200000,NULL);
CREATE TABLE events_targets (bus TEXT NOT NULL, rule TEXT NOT NULL, id TEXT NOT NULL, target TEXT NOT NULL,
     PRIMARY KEY (bus, rule, id)) STRICT;
CREATE TABLE events_unmatched (id INTEGER PRIMARY KEY AUTOINCREMENT, bus TEXT NOT NULL, event TEXT NOT NULL, rules TEXT NOT NULL DEFAULT '[]', noted_ms INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "events_unmatched" VALUES(1,'default','{"version":"0","id":"00000000-0000-4000-8000-000000000001","detail-type":"Parameter Store Change","source":"aws.ssm","account":"000000000000","time":"2026-03-01T00:00:00Z","region":"us-east-1","resources":["arn:aws:ssm:us-east-1:000000000000:parameter/a"],"detail":{"operation":"Create","name":"/a","type":"String"}}','[]',1772323200000);
CREATE TABLE glue_crawlers (name TEXT PRIMARY KEY, body TEXT NOT NULL, last_crawl TEXT) STRICT;
CREATE TABLE glue_crawls (
     crawl_id TEXT PRIMARY KEY, crawler TEXT NOT NULL, state TEXT NOT NULL, started_ms INTEGER NOT NULL,
     body TEXT NOT NULL) STRICT;
CREATE TABLE glue_databases (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
INSERT INTO "glue_databases" VALUES('kept','{"Name":"kept","CreateTime":{"$date":1772323200000},"CatalogId":"000000000000"}');
CREATE TABLE glue_partitions (
     database_name TEXT NOT NULL, table_name TEXT NOT NULL, partition_values TEXT NOT NULL, body TEXT NOT NULL,
     PRIMARY KEY (database_name, table_name, partition_values)) STRICT;
CREATE TABLE glue_security_configurations (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE glue_table_versions (
     database_name TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
     PRIMARY KEY (database_name, name, version)) STRICT;
CREATE TABLE glue_tables (
     database_name TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (database_name, name)) STRICT;
CREATE TABLE iam_policies (
  arn TEXT PRIMARY KEY, name TEXT NOT NULL, path TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL,
  description TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
CREATE TABLE iam_role_attachments (role TEXT NOT NULL, policy_arn TEXT NOT NULL, PRIMARY KEY (role, policy_arn)) STRICT;
CREATE TABLE iam_role_policies (
  role TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (role, name)) STRICT;
CREATE TABLE iam_roles (
  name TEXT PRIMARY KEY, path TEXT NOT NULL, id TEXT NOT NULL, trust TEXT NOT NULL, description TEXT NOT NULL,
  max_session_seconds INTEGER NOT NULL, boundary TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
CREATE TABLE lambda_aliases (
     function TEXT NOT NULL, name TEXT NOT NULL, configuration TEXT NOT NULL, PRIMARY KEY (function, name)
   ) STRICT;
CREATE TABLE lambda_async (
     request_id TEXT PRIMARY KEY, function TEXT NOT NULL, payload TEXT NOT NULL, enqueued_ms INTEGER NOT NULL,
     attempts INTEGER NOT NULL, throttles INTEGER NOT NULL, due_ms INTEGER NOT NULL, last_answer TEXT
   ) STRICT;
CREATE TABLE lambda_event_sources (uuid TEXT PRIMARY KEY, mapping TEXT NOT NULL) STRICT;
CREATE TABLE lambda_functions (name TEXT PRIMARY KEY, configuration TEXT NOT NULL) STRICT;
CREATE TABLE lambda_invoke_configs (function TEXT PRIMARY KEY, configuration TEXT NOT NULL) STRICT;
CREATE TABLE lambda_permissions (
     function TEXT NOT NULL, statement_id TEXT NOT NULL, statement TEXT NOT NULL, PRIMARY KEY (function, statement_id)
   ) STRICT;
CREATE TABLE lambda_version_counts (function TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
CREATE TABLE lambda_versions (
     function TEXT NOT NULL, version INTEGER NOT NULL, configuration TEXT NOT NULL, PRIMARY KEY (function, version)
   ) STRICT;
CREATE TABLE logs_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT, group_name TEXT NOT NULL, stream TEXT NOT NULL, at_ms INTEGER NOT NULL,
  ingested_ms INTEGER NOT NULL, message TEXT NOT NULL) STRICT;
CREATE TABLE logs_groups (
  name TEXT PRIMARY KEY, retention_days INTEGER NOT NULL, created_ms INTEGER NOT NULL) STRICT;
INSERT INTO "logs_groups" VALUES('/kept',0,1772323200000);
CREATE TABLE logs_resource_policies (name TEXT PRIMARY KEY, document TEXT NOT NULL, updated_ms INTEGER NOT NULL) STRICT;
CREATE TABLE logs_streams (
  group_name TEXT NOT NULL, name TEXT NOT NULL, created_ms INTEGER NOT NULL, first_ms INTEGER, last_ms INTEGER,
  ingested_ms INTEGER, PRIMARY KEY (group_name, name)) STRICT;
CREATE TABLE migrations (owner TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT;
INSERT INTO "migrations" VALUES('iam',1);
INSERT INTO "migrations" VALUES('ssm',1);
INSERT INTO "migrations" VALUES('logs',1);
INSERT INTO "migrations" VALUES('cloudwatch',1);
INSERT INTO "migrations" VALUES('s3',1);
INSERT INTO "migrations" VALUES('s3-outbox',2);
INSERT INTO "migrations" VALUES('dynamodb',1);
INSERT INTO "migrations" VALUES('sqs',1);
INSERT INTO "migrations" VALUES('sns',1);
INSERT INTO "migrations" VALUES('sns-outbox',2);
INSERT INTO "migrations" VALUES('events',2);
INSERT INTO "migrations" VALUES('events-outbox',2);
INSERT INTO "migrations" VALUES('lambda',3);
INSERT INTO "migrations" VALUES('glue',1);
INSERT INTO "migrations" VALUES('athena',1);
INSERT INTO "migrations" VALUES('sagemaker',1);
INSERT INTO "migrations" VALUES('states',4);
INSERT INTO "migrations" VALUES('scheduler',1);
INSERT INTO "migrations" VALUES('scheduler-outbox',2);
CREATE TABLE s3_buckets (
     name TEXT PRIMARY KEY, created_ms INTEGER NOT NULL, configuration TEXT NOT NULL
   ) STRICT;
INSERT INTO "s3_buckets" VALUES('kept',1772323200000,'{}');
CREATE TABLE s3_deliveries (id INTEGER PRIMARY KEY, shared TEXT NOT NULL, rests TEXT NOT NULL, attempts INTEGER NOT NULL,
       first_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL) STRICT;
CREATE TABLE s3_garbage (file TEXT PRIMARY KEY, delete_at_ms INTEGER NOT NULL) STRICT;
CREATE TABLE s3_objects (
     sequence INTEGER PRIMARY KEY, bucket TEXT NOT NULL REFERENCES s3_buckets (name), key TEXT NOT NULL,
     version_id TEXT NOT NULL, is_latest INTEGER NOT NULL, delete_marker INTEGER NOT NULL, size INTEGER NOT NULL,
     etag TEXT NOT NULL, modified_ms INTEGER NOT NULL, file TEXT, attributes TEXT NOT NULL,
     UNIQUE (bucket, key, version_id)
   ) STRICT;
CREATE TABLE s3_parts (
     upload_id TEXT NOT NULL REFERENCES s3_uploads (upload_id) ON DELETE CASCADE, part_number INTEGER NOT NULL,
     size INTEGER NOT NULL, etag TEXT NOT NULL, modified_ms INTEGER NOT NULL, file TEXT NOT NULL, checksum TEXT,
     PRIMARY KEY (upload_id, part_number)
   ) STRICT;
CREATE TABLE s3_sequence (only INTEGER PRIMARY KEY CHECK (only = 1), value INTEGER NOT NULL) STRICT;
INSERT INTO "s3_sequence" VALUES(1,0);
CREATE TABLE s3_uploads (
     upload_id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, initiated_ms INTEGER NOT NULL,
     attributes TEXT NOT NULL
   ) STRICT;
CREATE TABLE sagemaker_numbers (key TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
CREATE TABLE sagemaker_records (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, progress TEXT,
  UNIQUE (kind, name)
) STRICT;
CREATE TABLE sagemaker_tags (arn TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (arn, key)) STRICT;
CREATE TABLE scheduler_deliveries (id INTEGER PRIMARY KEY, shared TEXT NOT NULL, rests TEXT NOT NULL, attempts INTEGER NOT NULL,
       first_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL) STRICT;
CREATE TABLE scheduler_groups (name TEXT PRIMARY KEY, tags TEXT NOT NULL, created_ms INTEGER NOT NULL, modified_ms INTEGER NOT NULL) STRICT;
INSERT INTO "scheduler_groups" VALUES('default','{}',1772323200000,1772323200000);
CREATE TABLE scheduler_schedules (grp TEXT NOT NULL, name TEXT NOT NULL, settings TEXT NOT NULL, created_ms INTEGER NOT NULL,
     modified_ms INTEGER NOT NULL, next_run_ms INTEGER, PRIMARY KEY (grp, name)) STRICT;
CREATE TABLE sns_deliveries (id INTEGER PRIMARY KEY, shared TEXT NOT NULL, rests TEXT NOT NULL, attempts INTEGER NOT NULL,
       first_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL) STRICT;
CREATE TABLE sns_subscriptions (arn TEXT PRIMARY KEY, topic TEXT NOT NULL, protocol TEXT NOT NULL, endpoint TEXT NOT NULL,
     attributes TEXT NOT NULL) STRICT;
CREATE TABLE sns_topics (name TEXT PRIMARY KEY, attributes TEXT NOT NULL, tags TEXT NOT NULL) STRICT;
INSERT INTO "sns_topics" VALUES('t','{}','{}');
CREATE TABLE sqs_deduplications (queue TEXT NOT NULL, dedup_id TEXT NOT NULL, message_id TEXT NOT NULL, message INTEGER NOT NULL,
     until_ms INTEGER NOT NULL, PRIMARY KEY (queue, dedup_id)) STRICT;
CREATE TABLE sqs_messages (id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, message_id TEXT NOT NULL, body TEXT NOT NULL,
     attributes TEXT NOT NULL, sender TEXT NOT NULL, group_id TEXT, dedup_id TEXT, sent_ms INTEGER NOT NULL, visible_ms INTEGER NOT NULL,
     receives INTEGER NOT NULL DEFAULT 0, first_receive_ms INTEGER, receipt TEXT) STRICT;
INSERT INTO "sqs_messages" VALUES(1,'q','00000000-0000-4000-8000-000000000002','kept','{}','arn:aws:iam::000000000000:user/tidemill',NULL,NULL,1772323200000,1772323200000,0,NULL,NULL);
CREATE TABLE sqs_queues (name TEXT PRIMARY KEY, attributes TEXT NOT NULL, tags TEXT NOT NULL, created_ms INTEGER NOT NULL,
     modified_ms INTEGER NOT NULL) STRICT;
INSERT INTO "sqs_queues" VALUES('q','{}','{}',1772323200000,1772323200000);
CREATE TABLE ssm_parameters (
  name TEXT NOT NULL, version INTEGER NOT NULL, value TEXT NOT NULL, type TEXT NOT NULL, description TEXT NOT NULL,
  modified_ms INTEGER NOT NULL, PRIMARY KEY (name, version)) STRICT;
INSERT INTO "ssm_parameters" VALUES('/a',1,'kept','String','',1772323200000);
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
  , type TEXT NOT NULL DEFAULT 'STANDARD', flow TEXT, map_run_arn TEXT, item_count INTEGER, version_arn TEXT, alias_arn TEXT) STRICT;
INSERT INTO "states_executions" VALUES('arn:aws:states:us-east-1:000000000000:execution:done:run','arn:aws:states:us-east-1:000000000000:stateMachine:done','run','SUCCEEDED','{"n":2}','{"answered":{"n":2}}',NULL,NULL,'arn:aws:iam::000000000000:role/r','2b3775534a5c396d2a38b7754f66b4ec',1772323200000,1772323200000,0,NULL,'00000000-0000-4000-8000-000000000003',NULL,'STANDARD',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "states_executions" VALUES('arn:aws:states:us-east-1:000000000000:execution:failed:run','arn:aws:states:us-east-1:000000000000:stateMachine:failed','run','FAILED','{}',NULL,'Down','for good','arn:aws:iam::000000000000:role/r','f4e98dc9e94c2a37e6680a9852c36d4f',1772323200000,1772323200000,0,NULL,'00000000-0000-4000-8000-000000000007','{"version":1,"options":{"input":{},"execution":{"id":"arn:aws:states:us-east-1:000000000000:execution:failed:run","name":"run","roleArn":"arn:aws:iam::000000000000:role/r","startTimeMs":1772323200000},"stateMachine":{"id":"arn:aws:states:us-east-1:000000000000:stateMachine:failed","name":"failed"},"seed":"00000000-0000-4000-8000-000000000007","region":"us-east-1","accountId":"000000000000"},"status":"FAILED","outcome":{"status":"FAILED","error":"Down","cause":"for good"},"counters":[3,1,0,0],"random":[289222410,3849571560,257562949,25],"root":{"id":1,"flow":"","state":"Fail","slot":0,"variables":{},"input":{},"events":[2,0,2],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false},"timers":[],"queue":[]}','STANDARD',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "states_executions" VALUES('arn:aws:states:us-east-1:000000000000:execution:waiting:run','arn:aws:states:us-east-1:000000000000:stateMachine:waiting','run','RUNNING','{}',NULL,NULL,NULL,'arn:aws:iam::000000000000:role/r','f2840b5c46006642b9552cc1bcc144fb',1772323200000,NULL,0,NULL,'00000000-0000-4000-8000-000000000010','{"version":1,"options":{"input":{},"execution":{"id":"arn:aws:states:us-east-1:000000000000:execution:waiting:run","name":"run","roleArn":"arn:aws:iam::000000000000:role/r","startTimeMs":1772323200000},"stateMachine":{"id":"arn:aws:states:us-east-1:000000000000:stateMachine:waiting","name":"waiting"},"seed":"00000000-0000-4000-8000-000000000010","region":"us-east-1","accountId":"000000000000"},"status":"RUNNING","counters":[4,1,1,0],"random":[1380272974,3887471750,4017935512,25],"root":{"id":1,"flow":"","state":"Wait","slot":0,"variables":{"kept":{"deep":["ü",1e+21,null]}},"input":{},"events":[4,3,4],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false,"wait":{"kind":"timer","timerId":"t1","atMs":1772323260000,"purpose":"wait"}},"timers":[["t1",1,"wait",1772323260000]],"queue":[]}','STANDARD',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "states_executions" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run','arn:aws:states:us-east-1:000000000000:stateMachine:both','run','RUNNING','{}',NULL,NULL,NULL,'arn:aws:iam::000000000000:role/r','7c2e8672bcb19b71ac03292dd8a801c6',1772323200000,NULL,0,NULL,'00000000-0000-4000-8000-000000000012','{"version":1,"options":{"input":{},"execution":{"id":"arn:aws:states:us-east-1:000000000000:execution:both:run","name":"run","roleArn":"arn:aws:iam::000000000000:role/r","startTimeMs":1772323200000},"stateMachine":{"id":"arn:aws:states:us-east-1:000000000000:stateMachine:both","name":"both"},"seed":"00000000-0000-4000-8000-000000000012","region":"us-east-1","accountId":"000000000000"},"status":"RUNNING","counters":[13,5,2,0],"random":[394748951,3768629430,313200759,29],"root":{"id":1,"flow":"","state":"Both","slot":0,"variables":{},"input":{},"events":[3,0,2],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false,"wait":{"kind":"branches","frames":[{"id":2,"flow":"/Both/0","state":"Sign","slot":0,"variables":{},"input":{},"events":[13,3,4],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false,"wait":{"kind":"task","effect":{"kind":"schedule-task","taskId":"5","stateName":"Sign","resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","integration":{"kind":"service","resourceType":"lambda","resource":"invoke.waitForTaskToken","action":"invoke","pattern":"wait-for-task-token"},"parameters":{"FunctionName":"f","Payload":{"token":"YXJuOmF3czpzdGF0ZXM6dXMtZWFzdC0xOjAwMDAwMDAwMDAwMDpleGVjdXRpb246Ym90aDpydW4vNS81MDZhMzg3MS04ODExLTQ0MDYtOTBkMS04N2U4ODFkMjljNzU="}},"taskToken":"YXJuOmF3czpzdGF0ZXM6dXMtZWFzdC0xOjAwMDAwMDAwMDAwMDpleGVjdXRpb246Ym90aDpydW4vNS81MDZhMzg3MS04ODExLTQ0MDYtOTBkMS04N2U4ODFkMjljNzU=","retryCount":0,"iterations":[]},"started":true,"submitted":true}},{"id":3,"flow":"/Both/1","state":"Each","slot":1,"variables":{},"input":{},"events":[7,3,6],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false,"wait":{"kind":"branches","frames":[{"id":4,"flow":"/Both/1/Each","state":"Pause","slot":0,"variables":{},"mapItem":{"Index":0,"Value":1},"input":1,"events":[11,8,11],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false,"wait":{"kind":"timer","timerId":"t1","atMs":1772323210000,"purpose":"wait"}},{"id":5,"flow":"/Both/1/Each","state":"Pause","slot":1,"variables":{},"mapItem":{"Index":1,"Value":2},"input":2,"events":[12,9,12],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false,"wait":{"kind":"timer","timerId":"t2","atMs":1772323220000,"purpose":"wait"}}],"outputs":[],"items":[1,2,3],"input":{},"limit":2,"next":2,"open":2,"summaryId":7}}],"outputs":[],"input":{},"limit":2,"next":2,"open":2,"summaryId":3}},"timers":[["t1",4,"wait",1772323210000],["t2",5,"wait",1772323220000]],"queue":[]}','STANDARD',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "states_executions" VALUES('arn:aws:states:us-east-1:000000000000:execution:retrying:run','arn:aws:states:us-east-1:000000000000:stateMachine:retrying','run','RUNNING','{}',NULL,NULL,NULL,'arn:aws:iam::000000000000:role/r','6b90bd20850f1b73f8b7bf1a41e4b29e',1772323200000,NULL,0,NULL,'00000000-0000-4000-8000-000000000015','{"version":1,"options":{"input":{},"execution":{"id":"arn:aws:states:us-east-1:000000000000:execution:retrying:run","name":"run","roleArn":"arn:aws:iam::000000000000:role/r","startTimeMs":1772323200000},"stateMachine":{"id":"arn:aws:states:us-east-1:000000000000:stateMachine:retrying","name":"retrying"},"seed":"00000000-0000-4000-8000-000000000015","region":"us-east-1","accountId":"000000000000"},"status":"RUNNING","counters":[5,1,1,0],"random":[3568394195,1247345965,960307516,25],"root":{"id":1,"flow":"","state":"Retry","slot":0,"variables":{},"input":{},"events":[5,0,2],"enteredAtMs":1772323200000,"attempts":[1],"retryCount":1,"dead":false,"wait":{"kind":"timer","timerId":"t1","atMs":1772323205000,"purpose":"retry"}},"timers":[["t1",1,"retry",1772323205000]],"queue":[]}','STANDARD',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "states_executions" VALUES('arn:aws:states:us-east-1:000000000000:execution:calling:run','arn:aws:states:us-east-1:000000000000:stateMachine:calling','run','RUNNING','{}',NULL,NULL,NULL,'arn:aws:iam::000000000000:role/r','6acea902f6c458a495fa62ce1a7a4bbf',1772323200000,NULL,0,NULL,'00000000-0000-4000-8000-000000000018','{"version":1,"options":{"input":{},"execution":{"id":"arn:aws:states:us-east-1:000000000000:execution:calling:run","name":"run","roleArn":"arn:aws:iam::000000000000:role/r","startTimeMs":1772323200000},"stateMachine":{"id":"arn:aws:states:us-east-1:000000000000:stateMachine:calling","name":"calling"},"seed":"00000000-0000-4000-8000-000000000018","region":"us-east-1","accountId":"000000000000"},"status":"RUNNING","counters":[4,1,2,0],"random":[503253059,2999746614,2206088406,25],"root":{"id":1,"flow":"","state":"Call","slot":0,"variables":{},"input":{},"events":[4,0,2],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false,"wait":{"kind":"task","effect":{"kind":"schedule-task","taskId":"3","stateName":"Call","resource":"arn:aws:states:::lambda:invoke","integration":{"kind":"service","resourceType":"lambda","resource":"invoke","action":"invoke","pattern":"request-response"},"parameters":{"FunctionName":"f","Payload":{"never":true}},"timeoutSeconds":100,"heartbeatSeconds":100,"retryCount":0,"iterations":[]},"started":true,"submitted":false,"timeoutTimer":"t1","heartbeatTimer":"t2"}},"timers":[["t1",1,"timeout",1772323300000],["t2",1,"heartbeat",1772323300000]],"queue":[]}','STANDARD',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "states_executions" VALUES('arn:aws:states:us-east-1:000000000000:execution:distributed:run','arn:aws:states:us-east-1:000000000000:stateMachine:distributed','run','RUNNING','{}',NULL,NULL,NULL,'arn:aws:iam::000000000000:role/r','99d499b742870aaec6424e10c80750ef',1772323200000,NULL,0,NULL,'00000000-0000-4000-8000-000000000021','{"version":1,"options":{"input":{},"execution":{"id":"arn:aws:states:us-east-1:000000000000:execution:distributed:run","name":"run","roleArn":"arn:aws:iam::000000000000:role/r","startTimeMs":1772323200000},"stateMachine":{"id":"arn:aws:states:us-east-1:000000000000:stateMachine:distributed","name":"distributed"},"seed":"00000000-0000-4000-8000-000000000021","region":"us-east-1","accountId":"000000000000"},"status":"RUNNING","counters":[4,1,0,0],"random":[3425610170,353588258,2618704933,37],"root":{"id":1,"flow":"","state":"Map","slot":0,"variables":{},"input":{},"events":[4,0,2],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false,"wait":{"kind":"map-run","mapRunId":"arn:aws:states:us-east-1:000000000000:mapRun:distributed/Map:f9c5948e-7c4c-4c40-a39d-9219dc63d1e0","settings":{"maxConcurrency":2,"label":"Map"},"input":{},"items":[1,2,3,4],"consumed":2,"children":2,"allRead":false,"pageItems":0,"running":[[0,1]],"unsuccessful":[],"redriving":[],"phase":"running","failedItems":0,"startedId":4,"redriveCount":0}},"timers":[],"queue":[]}','STANDARD',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "states_executions" VALUES('arn:aws:states:us-east-1:000000000000:execution:distributed/Map:7e6ecc0d-f14b-456c-9480-44328a9c618c','arn:aws:states:us-east-1:000000000000:stateMachine:distributed/Map','7e6ecc0d-f14b-456c-9480-44328a9c618c','RUNNING','1',NULL,NULL,NULL,'arn:aws:iam::000000000000:role/r','99d499b742870aaec6424e10c80750ef',1772323200000,NULL,0,NULL,'00000000-0000-4000-8000-000000000021/7e6ecc0d-f14b-456c-9480-44328a9c618c','{"version":1,"options":{"input":1,"execution":{"id":"arn:aws:states:us-east-1:000000000000:execution:distributed/Map:7e6ecc0d-f14b-456c-9480-44328a9c618c","name":"7e6ecc0d-f14b-456c-9480-44328a9c618c","roleArn":"arn:aws:iam::000000000000:role/r","startTimeMs":1772323200000},"stateMachine":{"id":"arn:aws:states:us-east-1:000000000000:stateMachine:distributed/Map","name":"distributed/Map"},"seed":"00000000-0000-4000-8000-000000000021/7e6ecc0d-f14b-456c-9480-44328a9c618c","region":"us-east-1","accountId":"000000000000"},"status":"RUNNING","counters":[2,1,1,0],"random":[3566651253,2379182726,174866825,25],"root":{"id":1,"flow":"/Map","state":"Pause","slot":0,"variables":{},"input":1,"events":[2,0,2],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false,"wait":{"kind":"timer","timerId":"t1","atMs":1772323210000,"purpose":"wait"}},"timers":[["t1",1,"wait",1772323210000]],"queue":[]}','STANDARD','/Map','arn:aws:states:us-east-1:000000000000:mapRun:distributed/Map:f9c5948e-7c4c-4c40-a39d-9219dc63d1e0',1,NULL,NULL);
INSERT INTO "states_executions" VALUES('arn:aws:states:us-east-1:000000000000:execution:distributed/Map:73d77bb3-6181-4f88-9086-6be6a9c7c053','arn:aws:states:us-east-1:000000000000:stateMachine:distributed/Map','73d77bb3-6181-4f88-9086-6be6a9c7c053','RUNNING','2',NULL,NULL,NULL,'arn:aws:iam::000000000000:role/r','99d499b742870aaec6424e10c80750ef',1772323200000,NULL,0,NULL,'00000000-0000-4000-8000-000000000021/73d77bb3-6181-4f88-9086-6be6a9c7c053','{"version":1,"options":{"input":2,"execution":{"id":"arn:aws:states:us-east-1:000000000000:execution:distributed/Map:73d77bb3-6181-4f88-9086-6be6a9c7c053","name":"73d77bb3-6181-4f88-9086-6be6a9c7c053","roleArn":"arn:aws:iam::000000000000:role/r","startTimeMs":1772323200000},"stateMachine":{"id":"arn:aws:states:us-east-1:000000000000:stateMachine:distributed/Map","name":"distributed/Map"},"seed":"00000000-0000-4000-8000-000000000021/73d77bb3-6181-4f88-9086-6be6a9c7c053","region":"us-east-1","accountId":"000000000000"},"status":"RUNNING","counters":[2,1,1,0],"random":[3432279708,1900063562,3661389744,25],"root":{"id":1,"flow":"/Map","state":"Pause","slot":0,"variables":{},"input":2,"events":[2,0,2],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false,"wait":{"kind":"timer","timerId":"t1","atMs":1772323210000,"purpose":"wait"}},"timers":[["t1",1,"wait",1772323210000]],"queue":[]}','STANDARD','/Map','arn:aws:states:us-east-1:000000000000:mapRun:distributed/Map:f9c5948e-7c4c-4c40-a39d-9219dc63d1e0',1,NULL,NULL);
CREATE TABLE states_histories (
    execution_arn TEXT NOT NULL,
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    events TEXT NOT NULL, codes BLOB,
    PRIMARY KEY (execution_arn, last_id)
  ) STRICT;
INSERT INTO "states_histories" VALUES('arn:aws:states:us-east-1:000000000000:execution:done:run',1,8,'{"input":"{\"n\":2}","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::000000000000:role/r"}Assign{"n":2}{"x":"2"}PickCall{"resource":"invoke","resourceType":"lambda","parameters":"{\"FunctionName\":\"f\",\"Payload\":{\"n\":2}}","region":"us-east-1"}{"resource":"invoke","resourceType":"lambda"}',X'010180B8C7B5CA3308140101000201020801010204030104020B01040200050105021B01071C01080865060709040480012D');
INSERT INTO "states_histories" VALUES('arn:aws:states:us-east-1:000000000000:execution:done:run',9,13,'{"resource":"invoke","resourceType":"lambda","output":"{\"ExecutedVersion\":\"$LATEST\",\"Payload\":{\"answered\":{\"n\":2}},\"StatusCode\":200,\"SdkHttpMetadata\":{\"AllHttpHeaders\":{\"x-amzn-RequestId\":[\"00000000-0000-4000-8000-000000000005\"],\"Content-Type\":[\"application/x-amz-json-1.0\"]},\"HttpHeaders\":{\"x-amzn-RequestId\":\"00000000-0000-4000-8000-000000000005\",\"Content-Type\":\"application/x-amz-json-1.0\"},\"HttpStatusCode\":200},\"SdkResponseMetadata\":{\"RequestId\":\"00000000-0000-4000-8000-000000000005\"}}","outputDetails":{"truncated":false}}Call{"answered":{"n":2}}End{"output":"{\"answered\":{\"n\":2}}","outputDetails":{"truncated":false}}',X'010980B8C7B5CA33051E01010D0101020001010302090103020015010505BB0404140349');
INSERT INTO "states_histories" VALUES('arn:aws:states:us-east-1:000000000000:execution:failed:run',1,3,'{"input":"{}","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::000000000000:role/r"}Fail{}{"error":"Down","cause":"for good"}',X'010180B8C7B5CA330314010102020102160104045E040223');
INSERT INTO "states_histories" VALUES('arn:aws:states:us-east-1:000000000000:execution:waiting:run',1,4,'{"input":"{}","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::000000000000:role/r"}Set{}{"kept":"{\"deep\":[\"ü\",1e+21,null]}"}Wait',X'010180B8C7B5CA330414010100020102080101020404010402055E03022804');
INSERT INTO "states_histories" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run',1,12,'{"input":"{}","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::000000000000:role/r"}Both{}Sign{"resource":"invoke.waitForTaskToken","resourceType":"lambda","parameters":"{\"FunctionName\":\"f\",\"Payload\":{\"token\":\"YXJuOmF3czpzdGF0ZXM6dXMtZWFzdC0xOjAwMDAwMDAwMDAwMDpleGVjdXRpb246Ym90aDpydW4vNS81MDZhMzg3MS04ODExLTQ0MDYtOTBkMS04N2U4ODFkMjljNzU=\"}}","region":"us-east-1"}Each{"length":3}{"resource":"invoke.waitForTaskToken","resourceType":"lambda"}Pause12',X'010180B8C7B5CA330C140101060201022C0100050103021B0105070305022B010710010500100205011C0508040308090403080A0B5E0402049802040C3E050101');
INSERT INTO "states_histories" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run',13,13,'{"resource":"invoke.waitForTaskToken","resourceType":"lambda","output":"{\"ExecutedVersion\":\"$LATEST\",\"Payload\":{\"answered\":{\"token\":\"YXJuOmF3czpzdGF0ZXM6dXMtZWFzdC0xOjAwMDAwMDAwMDAwMDpleGVjdXRpb246Ym90aDpydW4vNS81MDZhMzg3MS04ODExLTQ0MDYtOTBkMS04N2U4ODFkMjljNzU=\"}},\"StatusCode\":200,\"SdkHttpMetadata\":{\"AllHttpHeaders\":{\"x-amzn-RequestId\":[\"00000000-0000-4000-8000-000000000014\"],\"Content-Type\":[\"application/x-amz-json-1.0\"]},\"HttpHeaders\":{\"x-amzn-RequestId\":\"00000000-0000-4000-8000-000000000014\",\"Content-Type\":\"application/x-amz-json-1.0\"},\"HttpStatusCode\":200},\"SdkResponseMetadata\":{\"RequestId\":\"00000000-0000-4000-8000-000000000014\"}}","outputDetails":{"truncated":false}}',X'010D80B8C7B5CA33011D030101D305');
INSERT INTO "states_histories" VALUES('arn:aws:states:us-east-1:000000000000:execution:retrying:run',1,4,'{"input":"{}","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::000000000000:role/r"}Retry{}{"resource":"invoke","resourceType":"lambda","parameters":"{\"FunctionName\":\"f\",\"Payload\":{\"flaky\":true}}","region":"us-east-1"}{"resource":"invoke","resourceType":"lambda"}',X'010180B8C7B5CA3304140101050201021B01041C0105055E050287012D');
INSERT INTO "states_histories" VALUES('arn:aws:states:us-east-1:000000000000:execution:retrying:run',5,5,'{"resource":"invoke","resourceType":"lambda","error":"Flaky","cause":"{\"errorType\":\"Flaky\",\"errorMessage\":\"not yet\"}"}',X'010580B8C7B5CA33011F0101017E');
INSERT INTO "states_histories" VALUES('arn:aws:states:us-east-1:000000000000:execution:calling:run',1,4,'{"input":"{}","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::000000000000:role/r"}Call{}{"resource":"invoke","resourceType":"lambda","parameters":"{\"FunctionName\":\"f\",\"Payload\":{\"never\":true}}","region":"us-east-1","timeoutInSeconds":100,"heartbeatInSeconds":100}{"resource":"invoke","resourceType":"lambda"}',X'010180B8C7B5CA3304140101050201021B01041C0105055E0402B7012D');
INSERT INTO "states_histories" VALUES('arn:aws:states:us-east-1:000000000000:execution:distributed:run',1,4,'{"input":"{}","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::000000000000:role/r"}Map{}{"length":4}{"mapRunArn":"arn:aws:states:us-east-1:000000000000:mapRun:distributed/Map:f9c5948e-7c4c-4c40-a39d-9219dc63d1e0"}',X'010180B8C7B5CA3304140101070201022B0104390105055E03020C71');
INSERT INTO "states_histories" VALUES('arn:aws:states:us-east-1:000000000000:execution:distributed/Map:7e6ecc0d-f14b-456c-9480-44328a9c618c',1,2,'{"input":"1","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::000000000000:role/r"}Pause1',X'010180B8C7B5CA330214010104020102035D0501');
INSERT INTO "states_histories" VALUES('arn:aws:states:us-east-1:000000000000:execution:distributed/Map:73d77bb3-6181-4f88-9086-6be6a9c7c053',1,2,'{"input":"2","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::000000000000:role/r"}Pause2',X'010180B8C7B5CA330214010104020102035D0501');
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
INSERT INTO "states_machines" VALUES('arn:aws:states:us-east-1:000000000000:stateMachine:done','done','STANDARD','arn:aws:iam::000000000000:role/r','2b3775534a5c396d2a38b7754f66b4ec',NULL,0,1772323200000,1772323200000);
INSERT INTO "states_machines" VALUES('arn:aws:states:us-east-1:000000000000:stateMachine:failed','failed','STANDARD','arn:aws:iam::000000000000:role/r','f4e98dc9e94c2a37e6680a9852c36d4f',NULL,0,1772323200000,1772323200000);
INSERT INTO "states_machines" VALUES('arn:aws:states:us-east-1:000000000000:stateMachine:waiting','waiting','STANDARD','arn:aws:iam::000000000000:role/r','f2840b5c46006642b9552cc1bcc144fb',NULL,0,1772323200000,1772323200000);
INSERT INTO "states_machines" VALUES('arn:aws:states:us-east-1:000000000000:stateMachine:both','both','STANDARD','arn:aws:iam::000000000000:role/r','7c2e8672bcb19b71ac03292dd8a801c6',NULL,0,1772323200000,1772323200000);
INSERT INTO "states_machines" VALUES('arn:aws:states:us-east-1:000000000000:stateMachine:retrying','retrying','STANDARD','arn:aws:iam::000000000000:role/r','6b90bd20850f1b73f8b7bf1a41e4b29e',NULL,0,1772323200000,1772323200000);
INSERT INTO "states_machines" VALUES('arn:aws:states:us-east-1:000000000000:stateMachine:calling','calling','STANDARD','arn:aws:iam::000000000000:role/r','6acea902f6c458a495fa62ce1a7a4bbf',NULL,0,1772323200000,1772323200000);
INSERT INTO "states_machines" VALUES('arn:aws:states:us-east-1:000000000000:stateMachine:distributed','distributed','STANDARD','arn:aws:iam::000000000000:role/r','99d499b742870aaec6424e10c80750ef',NULL,0,1772323200000,1772323200000);
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
INSERT INTO "states_map_children" VALUES('arn:aws:states:us-east-1:000000000000:mapRun:distributed/Map:f9c5948e-7c4c-4c40-a39d-9219dc63d1e0',0,'arn:aws:states:us-east-1:000000000000:execution:distributed/Map:7e6ecc0d-f14b-456c-9480-44328a9c618c','/Map','STANDARD','7e6ecc0d-f14b-456c-9480-44328a9c618c',1,'RUNNING','1');
INSERT INTO "states_map_children" VALUES('arn:aws:states:us-east-1:000000000000:mapRun:distributed/Map:f9c5948e-7c4c-4c40-a39d-9219dc63d1e0',1,'arn:aws:states:us-east-1:000000000000:execution:distributed/Map:73d77bb3-6181-4f88-9086-6be6a9c7c053','/Map','STANDARD','73d77bb3-6181-4f88-9086-6be6a9c7c053',1,'RUNNING','2');
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
INSERT INTO "states_map_runs" VALUES('arn:aws:states:us-east-1:000000000000:mapRun:distributed/Map:f9c5948e-7c4c-4c40-a39d-9219dc63d1e0','arn:aws:states:us-east-1:000000000000:execution:distributed:run','Map','RUNNING',1772323200000,NULL,2,0,0.0,0,0,NULL);
CREATE TABLE states_revisions (revision TEXT PRIMARY KEY, type TEXT NOT NULL, definition TEXT NOT NULL) STRICT;
INSERT INTO "states_revisions" VALUES('2b3775534a5c396d2a38b7754f66b4ec','STANDARD','{"QueryLanguage":"JSONata","StartAt":"Assign","States":{"Assign":{"Type":"Pass","Assign":{"x":"{% $states.input.n %}"},"Next":"Pick"},"Pick":{"Type":"Choice","Choices":[{"Condition":"{% $x > 1 %}","Next":"Call"}],"Default":"End"},"Call":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"f","Payload":{"n":"{% $x %}"}},"Output":"{% $states.result.Payload %}","Next":"End"},"End":{"Type":"Succeed"}}}');
INSERT INTO "states_revisions" VALUES('f4e98dc9e94c2a37e6680a9852c36d4f','STANDARD','{"QueryLanguage":"JSONata","StartAt":"Fail","States":{"Fail":{"Type":"Fail","Error":"Down","Cause":"for good"}}}');
INSERT INTO "states_revisions" VALUES('f2840b5c46006642b9552cc1bcc144fb','STANDARD','{"QueryLanguage":"JSONata","StartAt":"Set","States":{"Set":{"Type":"Pass","Assign":{"kept":{"deep":["ü",1e+21,null]}},"Next":"Wait"},"Wait":{"Type":"Wait","Seconds":60,"Next":"Tell"},"Tell":{"Type":"Pass","Output":"{% $kept %}","End":true}}}');
INSERT INTO "states_revisions" VALUES('7c2e8672bcb19b71ac03292dd8a801c6','STANDARD','{"QueryLanguage":"JSONata","StartAt":"Both","States":{"Both":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"Sign","States":{"Sign":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Arguments":{"FunctionName":"f","Payload":{"token":"{% $states.context.Task.Token %}"}},"End":true}}},{"StartAt":"Each","States":{"Each":{"Type":"Map","Items":[1,2,3],"MaxConcurrency":2,"ItemProcessor":{"StartAt":"Pause","States":{"Pause":{"Type":"Wait","Seconds":"{% $states.input * 10 %}","End":true}}},"End":true}}}]}}}');
INSERT INTO "states_revisions" VALUES('6b90bd20850f1b73f8b7bf1a41e4b29e','STANDARD','{"QueryLanguage":"JSONata","StartAt":"Retry","States":{"Retry":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"f","Payload":{"flaky":"{% $states.context.State.RetryCount = 0 %}"}},"Output":"{% $states.result.Payload %}","End":true,"Retry":[{"ErrorEquals":["Flaky"],"IntervalSeconds":5,"MaxAttempts":1}]}}}');
INSERT INTO "states_revisions" VALUES('6acea902f6c458a495fa62ce1a7a4bbf','STANDARD','{"QueryLanguage":"JSONata","StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"f","Payload":{"never":"{% $states.context.Execution.Name = ''run'' %}"}},"Output":"{% $states.result.Payload %}","End":true,"TimeoutSeconds":100,"HeartbeatSeconds":100}}}');
INSERT INTO "states_revisions" VALUES('99d499b742870aaec6424e10c80750ef','STANDARD','{"QueryLanguage":"JSONata","StartAt":"Map","States":{"Map":{"Type":"Map","Items":[1,2,3,4],"MaxConcurrency":2,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Pause","States":{"Pause":{"Type":"Wait","Seconds":10,"Next":"Back"},"Back":{"Type":"Pass","Output":"{% $states.input * 2 %}","End":true}}},"End":true}}}');
CREATE TABLE states_tags (arn TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (arn, key)) STRICT;
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
INSERT INTO "states_tasks" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run','5','YXJuOmF3czpzdGF0ZXM6dXMtZWFzdC0xOjAwMDAwMDAwMDAwMDpleGVjdXRpb246Ym90aDpydW4vNS81MDZhMzg3MS04ODExLTQ0MDYtOTBkMS04N2U4ODFkMjljNzU=',1,NULL,NULL,NULL);
INSERT INTO "states_tasks" VALUES('arn:aws:states:us-east-1:000000000000:execution:calling:run','3',NULL,0,NULL,NULL,NULL);
CREATE INDEX logs_events_by_stream ON logs_events (group_name, stream, at_ms, id);
CREATE INDEX logs_events_by_group ON logs_events (group_name, at_ms, id);
CREATE INDEX cloudwatch_data_by_metric ON cloudwatch_data (namespace, name, dimensions, at_ms);
CREATE INDEX s3_objects_by_key ON s3_objects (bucket, key, sequence DESC);
CREATE INDEX s3_objects_by_file ON s3_objects (file) WHERE file IS NOT NULL;
CREATE INDEX s3_deliveries_due ON s3_deliveries (due_ms, id);
CREATE INDEX sqs_messages_visible ON sqs_messages (queue, visible_ms, id);
CREATE INDEX sqs_messages_receipt ON sqs_messages (receipt);
CREATE INDEX sns_deliveries_due ON sns_deliveries (due_ms, id);
CREATE INDEX events_archived_time ON events_archived (archive, time_ms, id);
CREATE INDEX events_deliveries_due ON events_deliveries (due_ms, id);
CREATE INDEX lambda_async_by_due ON lambda_async (due_ms);
CREATE INDEX glue_crawls_by_crawler ON glue_crawls (crawler, started_ms);
CREATE INDEX athena_queries_by_work_group ON athena_queries (work_group, submitted_ms);
CREATE INDEX athena_queries_by_state ON athena_queries (state);
CREATE INDEX states_executions_by_machine ON states_executions (machine_arn, start_ms DESC, arn);
CREATE INDEX states_executions_running ON states_executions (arn) WHERE status = 'RUNNING';
CREATE UNIQUE INDEX states_tasks_by_token ON states_tasks (token) WHERE token IS NOT NULL;
CREATE INDEX states_tasks_by_job ON states_tasks (job_service, job_action, job_reference) WHERE job_reference IS NOT NULL;
CREATE INDEX states_executions_by_map_run ON states_executions (map_run_arn, start_ms DESC, arn) WHERE map_run_arn IS NOT NULL;
CREATE INDEX states_map_runs_by_execution ON states_map_runs (execution_arn, start_ms DESC, arn);
CREATE INDEX states_map_children_by_status ON states_map_children (map_run_arn, status, child);
CREATE INDEX scheduler_deliveries_due ON scheduler_deliveries (due_ms, id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('events_unmatched',1);
INSERT INTO "sqlite_sequence" VALUES('sqs_messages',1);
COMMIT;
