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
INSERT INTO "dynamodb_entries" VALUES('table','kept','{"AttributeDefinitions":[{"AttributeName":"k","AttributeType":"S"}],"TableName":"kept","KeySchema":[{"AttributeName":"k","KeyType":"HASH"}],"TableArn":"arn:aws:dynamodb:us-east-1:000000000000:table/kept","TableId":"7f7f98fb-9f82-43fb-61b5-eeb3b963","CreationDateTime":1796064662.022,"ItemCount":0,"ProvisionedThroughput":{"ReadCapacityUnits":0,"WriteCapacityUnits":0,"NumberOfDecreasesToday":0},"TableSizeBytes":0,"TableStatus":"ACTIVE","BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST","LastUpdateToPayPerRequestDateTime":1796064662.022},"TableThroughputModeSummary":{"TableThroughputMode":"PAY_PER_REQUEST"}}');
CREATE TABLE events_archived (id INTEGER PRIMARY KEY AUTOINCREMENT, archive TEXT NOT NULL, time_ms INTEGER NOT NULL, event TEXT NOT NULL) STRICT;
CREATE TABLE events_archives (name TEXT PRIMARY KEY, bus TEXT NOT NULL, pattern TEXT, description TEXT, retention_days INTEGER NOT NULL,
     created_ms INTEGER NOT NULL) STRICT;
CREATE TABLE events_buses (name TEXT PRIMARY KEY, settings TEXT NOT NULL, policy TEXT, tags TEXT NOT NULL,
     created_ms INTEGER NOT NULL, modified_ms INTEGER NOT NULL) STRICT;
INSERT INTO "events_buses" VALUES('default','{}',NULL,'{}',1772323200000,1772323200000);
CREATE TABLE events_counts (bus TEXT NOT NULL, rule TEXT NOT NULL, matched INTEGER NOT NULL DEFAULT 0,
     delivered INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (bus, rule)) STRICT;
INSERT INTO "events_counts" VALUES('default','',1,0,0,0);
CREATE TABLE events_outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, payload TEXT NOT NULL, retries INTEGER NOT NULL, age_seconds INTEGER NOT NULL,
         attempts INTEGER NOT NULL, first_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL) STRICT;
CREATE TABLE events_replays (name TEXT PRIMARY KEY, replay TEXT NOT NULL, state TEXT NOT NULL, last_id INTEGER NOT NULL,
     started_ms INTEGER NOT NULL, ended_ms INTEGER) STRICT;
CREATE TABLE events_rules (bus TEXT NOT NULL, name TEXT NOT NULL, pattern TEXT, schedule TEXT, state TEXT NOT NULL,
     description TEXT, role_arn TEXT, tags TEXT NOT NULL, created_ms INTEGER NOT NULL, next_run_ms INTEGER,
     PRIMARY KEY (bus, name)) STRICT;
INSERT INTO "events_rules" VALUES('default','kept','{"source":["a"]}',NULL,'ENABLED',NULL,NULL,'{}',1772323200000,NULL);
CREATE TABLE events_targets (bus TEXT NOT NULL, rule TEXT NOT NULL, id TEXT NOT NULL, target TEXT NOT NULL,
     PRIMARY KEY (bus, rule, id)) STRICT;
CREATE TABLE events_unmatched (id INTEGER PRIMARY KEY AUTOINCREMENT, bus TEXT NOT NULL, event TEXT NOT NULL) STRICT;
INSERT INTO "events_unmatched" VALUES(1,'default','{"version":"0","id":"00000000-0000-4000-8000-000000000002","detail-type":"Parameter Store Change","source":"aws.ssm","account":"000000000000","time":"2026-03-01T00:00:00Z","region":"us-east-1","resources":["arn:aws:ssm:us-east-1:000000000000:parameter/a"],"detail":{"operation":"Create","name":"/a","type":"String"}}');
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
CREATE TABLE lambda_async (
     request_id TEXT PRIMARY KEY, function TEXT NOT NULL, payload TEXT NOT NULL, enqueued_ms INTEGER NOT NULL,
     attempts INTEGER NOT NULL, throttles INTEGER NOT NULL, due_ms INTEGER NOT NULL, last_answer TEXT
   ) STRICT;
CREATE TABLE lambda_functions (name TEXT PRIMARY KEY, configuration TEXT NOT NULL) STRICT;
CREATE TABLE lambda_invoke_configs (function TEXT PRIMARY KEY, configuration TEXT NOT NULL) STRICT;
CREATE TABLE lambda_permissions (
     function TEXT NOT NULL, statement_id TEXT NOT NULL, statement TEXT NOT NULL, PRIMARY KEY (function, statement_id)
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
INSERT INTO "migrations" VALUES('dynamodb',1);
INSERT INTO "migrations" VALUES('sqs',1);
INSERT INTO "migrations" VALUES('sns',1);
INSERT INTO "migrations" VALUES('sns-outbox',1);
INSERT INTO "migrations" VALUES('events',1);
INSERT INTO "migrations" VALUES('events-outbox',1);
INSERT INTO "migrations" VALUES('lambda',1);
INSERT INTO "migrations" VALUES('glue',1);
INSERT INTO "migrations" VALUES('athena',1);
INSERT INTO "migrations" VALUES('sagemaker',1);
INSERT INTO "migrations" VALUES('states',1);
INSERT INTO "migrations" VALUES('scheduler',1);
INSERT INTO "migrations" VALUES('scheduler-outbox',1);
CREATE TABLE s3_buckets (
     name TEXT PRIMARY KEY, created_ms INTEGER NOT NULL, configuration TEXT NOT NULL
   ) STRICT;
INSERT INTO "s3_buckets" VALUES('kept',1772323200000,'{}');
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
CREATE TABLE scheduler_groups (name TEXT PRIMARY KEY, tags TEXT NOT NULL, created_ms INTEGER NOT NULL, modified_ms INTEGER NOT NULL) STRICT;
INSERT INTO "scheduler_groups" VALUES('default','{}',1772323200000,1772323200000);
CREATE TABLE scheduler_outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, payload TEXT NOT NULL, retries INTEGER NOT NULL, age_seconds INTEGER NOT NULL,
         attempts INTEGER NOT NULL, first_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL) STRICT;
CREATE TABLE scheduler_schedules (grp TEXT NOT NULL, name TEXT NOT NULL, settings TEXT NOT NULL, created_ms INTEGER NOT NULL,
     modified_ms INTEGER NOT NULL, next_run_ms INTEGER, PRIMARY KEY (grp, name)) STRICT;
CREATE TABLE sns_outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, payload TEXT NOT NULL, retries INTEGER NOT NULL, age_seconds INTEGER NOT NULL,
         attempts INTEGER NOT NULL, first_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL) STRICT;
CREATE TABLE sns_subscriptions (arn TEXT PRIMARY KEY, topic TEXT NOT NULL, protocol TEXT NOT NULL, endpoint TEXT NOT NULL,
     attributes TEXT NOT NULL) STRICT;
CREATE TABLE sns_topics (name TEXT PRIMARY KEY, attributes TEXT NOT NULL, tags TEXT NOT NULL) STRICT;
INSERT INTO "sns_topics" VALUES('t','{}','{}');
CREATE TABLE sqs_deduplications (queue TEXT NOT NULL, dedup_id TEXT NOT NULL, message_id TEXT NOT NULL, message INTEGER NOT NULL,
     until_ms INTEGER NOT NULL, PRIMARY KEY (queue, dedup_id)) STRICT;
CREATE TABLE sqs_messages (id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, message_id TEXT NOT NULL, body TEXT NOT NULL,
     attributes TEXT NOT NULL, sender TEXT NOT NULL, group_id TEXT, dedup_id TEXT, sent_ms INTEGER NOT NULL, visible_ms INTEGER NOT NULL,
     receives INTEGER NOT NULL DEFAULT 0, first_receive_ms INTEGER, receipt TEXT) STRICT;
INSERT INTO "sqs_messages" VALUES(1,'q','00000000-0000-4000-8000-000000000005','kept','{}','arn:aws:iam::000000000000:user/tidemill',NULL,NULL,1772323200000,1772323200000,0,NULL,NULL);
CREATE TABLE sqs_queues (name TEXT PRIMARY KEY, attributes TEXT NOT NULL, tags TEXT NOT NULL, created_ms INTEGER NOT NULL,
     modified_ms INTEGER NOT NULL) STRICT;
INSERT INTO "sqs_queues" VALUES('q','{}','{}',1772323200000,1772323200000);
CREATE TABLE ssm_parameters (
  name TEXT NOT NULL, version INTEGER NOT NULL, value TEXT NOT NULL, type TEXT NOT NULL, description TEXT NOT NULL,
  modified_ms INTEGER NOT NULL, PRIMARY KEY (name, version)) STRICT;
INSERT INTO "ssm_parameters" VALUES('/a',1,'kept','String','',1772323200000);
CREATE TABLE states_events (
    execution_arn TEXT NOT NULL,
    id INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (execution_arn, id)
  ) STRICT, WITHOUT ROWID;
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run',1,'{"id":1,"previousEventId":0,"type":"ExecutionStarted","timestamp":1772323200000,"detailsKey":"executionStartedEventDetails","details":{"input":"{}","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::000000000000:role/r"}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run',2,'{"id":2,"previousEventId":0,"type":"ParallelStateEntered","timestamp":1772323200000,"detailsKey":"stateEnteredEventDetails","details":{"name":"Both","input":"{}","inputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run',3,'{"id":3,"previousEventId":2,"type":"ParallelStateStarted","timestamp":1772323200000}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run',4,'{"id":4,"previousEventId":3,"type":"TaskStateEntered","timestamp":1772323200000,"detailsKey":"stateEnteredEventDetails","details":{"name":"Sign","input":"{}","inputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run',5,'{"id":5,"previousEventId":4,"type":"TaskScheduled","timestamp":1772323200000,"detailsKey":"taskScheduledEventDetails","details":{"resource":"invoke.waitForTaskToken","resourceType":"lambda","parameters":"{\"FunctionName\":\"f\",\"Payload\":{\"token\":\"YXJuOmF3czpzdGF0ZXM6dXMtZWFzdC0xOjAwMDAwMDAwMDAwMDpleGVjdXRpb246Ym90aDpydW4vNS82YjhlZDAwMC1hZTdhLTQ1NTctOTY4OS1mY2UwZDMwOTBlZDY=\"}}","region":"us-east-1"}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run',6,'{"id":6,"previousEventId":3,"type":"MapStateEntered","timestamp":1772323200000,"detailsKey":"stateEnteredEventDetails","details":{"name":"Each","input":"{}","inputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run',7,'{"id":7,"previousEventId":6,"type":"MapStateStarted","timestamp":1772323200000,"detailsKey":"mapStateStartedEventDetails","details":{"length":3}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run',8,'{"id":8,"previousEventId":7,"type":"MapIterationStarted","timestamp":1772323200000,"detailsKey":"mapIterationStartedEventDetails","details":{"name":"Each","index":0}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run',9,'{"id":9,"previousEventId":7,"type":"MapIterationStarted","timestamp":1772323200000,"detailsKey":"mapIterationStartedEventDetails","details":{"name":"Each","index":1}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run',10,'{"id":10,"previousEventId":5,"type":"TaskStarted","timestamp":1772323200000,"detailsKey":"taskStartedEventDetails","details":{"resource":"invoke.waitForTaskToken","resourceType":"lambda"}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run',11,'{"id":11,"previousEventId":8,"type":"WaitStateEntered","timestamp":1772323200000,"detailsKey":"stateEnteredEventDetails","details":{"name":"Pause","input":"1","inputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run',12,'{"id":12,"previousEventId":9,"type":"WaitStateEntered","timestamp":1772323200000,"detailsKey":"stateEnteredEventDetails","details":{"name":"Pause","input":"2","inputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run',13,'{"id":13,"previousEventId":10,"type":"TaskSubmitted","timestamp":1772323200000,"detailsKey":"taskSubmittedEventDetails","details":{"resource":"invoke.waitForTaskToken","resourceType":"lambda","output":"{\"ExecutedVersion\":\"$LATEST\",\"Payload\":{\"answered\":{\"token\":\"YXJuOmF3czpzdGF0ZXM6dXMtZWFzdC0xOjAwMDAwMDAwMDAwMDpleGVjdXRpb246Ym90aDpydW4vNS82YjhlZDAwMC1hZTdhLTQ1NTctOTY4OS1mY2UwZDMwOTBlZDY=\"}},\"StatusCode\":200,\"SdkHttpMetadata\":{\"AllHttpHeaders\":{\"x-amzn-RequestId\":[\"00000000-0000-4000-8000-000000000033\"],\"Content-Type\":[\"application/x-amz-json-1.0\"]},\"HttpHeaders\":{\"x-amzn-RequestId\":\"00000000-0000-4000-8000-000000000033\",\"Content-Type\":\"application/x-amz-json-1.0\"},\"HttpStatusCode\":200},\"SdkResponseMetadata\":{\"RequestId\":\"00000000-0000-4000-8000-000000000033\"}}","outputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:calling:run',1,'{"id":1,"previousEventId":0,"type":"ExecutionStarted","timestamp":1772323200000,"detailsKey":"executionStartedEventDetails","details":{"input":"{}","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::000000000000:role/r"}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:calling:run',2,'{"id":2,"previousEventId":0,"type":"TaskStateEntered","timestamp":1772323200000,"detailsKey":"stateEnteredEventDetails","details":{"name":"Call","input":"{}","inputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:calling:run',3,'{"id":3,"previousEventId":2,"type":"TaskScheduled","timestamp":1772323200000,"detailsKey":"taskScheduledEventDetails","details":{"resource":"invoke","resourceType":"lambda","parameters":"{\"FunctionName\":\"f\",\"Payload\":{\"never\":true}}","region":"us-east-1","timeoutInSeconds":100,"heartbeatInSeconds":100}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:calling:run',4,'{"id":4,"previousEventId":3,"type":"TaskStarted","timestamp":1772323200000,"detailsKey":"taskStartedEventDetails","details":{"resource":"invoke","resourceType":"lambda"}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:done:run',1,'{"id":1,"previousEventId":0,"type":"ExecutionStarted","timestamp":1772323200000,"detailsKey":"executionStartedEventDetails","details":{"input":"{\"n\":2}","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::000000000000:role/r"}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:done:run',2,'{"id":2,"previousEventId":0,"type":"PassStateEntered","timestamp":1772323200000,"detailsKey":"stateEnteredEventDetails","details":{"name":"Assign","input":"{\"n\":2}","inputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:done:run',3,'{"id":3,"previousEventId":2,"type":"PassStateExited","timestamp":1772323200000,"detailsKey":"stateExitedEventDetails","details":{"name":"Assign","output":"{\"n\":2}","outputDetails":{"truncated":false},"assignedVariables":{"x":"2"},"assignedVariablesDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:done:run',4,'{"id":4,"previousEventId":3,"type":"ChoiceStateEntered","timestamp":1772323200000,"detailsKey":"stateEnteredEventDetails","details":{"name":"Pick","input":"{\"n\":2}","inputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:done:run',5,'{"id":5,"previousEventId":4,"type":"ChoiceStateExited","timestamp":1772323200000,"detailsKey":"stateExitedEventDetails","details":{"name":"Pick","output":"{\"n\":2}","outputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:done:run',6,'{"id":6,"previousEventId":5,"type":"TaskStateEntered","timestamp":1772323200000,"detailsKey":"stateEnteredEventDetails","details":{"name":"Call","input":"{\"n\":2}","inputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:done:run',7,'{"id":7,"previousEventId":6,"type":"TaskScheduled","timestamp":1772323200000,"detailsKey":"taskScheduledEventDetails","details":{"resource":"invoke","resourceType":"lambda","parameters":"{\"FunctionName\":\"f\",\"Payload\":{\"n\":2}}","region":"us-east-1"}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:done:run',8,'{"id":8,"previousEventId":7,"type":"TaskStarted","timestamp":1772323200000,"detailsKey":"taskStartedEventDetails","details":{"resource":"invoke","resourceType":"lambda"}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:done:run',9,'{"id":9,"previousEventId":8,"type":"TaskSucceeded","timestamp":1772323200000,"detailsKey":"taskSucceededEventDetails","details":{"resource":"invoke","resourceType":"lambda","output":"{\"ExecutedVersion\":\"$LATEST\",\"Payload\":{\"answered\":{\"n\":2}},\"StatusCode\":200,\"SdkHttpMetadata\":{\"AllHttpHeaders\":{\"x-amzn-RequestId\":[\"00000000-0000-4000-8000-000000000017\"],\"Content-Type\":[\"application/x-amz-json-1.0\"]},\"HttpHeaders\":{\"x-amzn-RequestId\":\"00000000-0000-4000-8000-000000000017\",\"Content-Type\":\"application/x-amz-json-1.0\"},\"HttpStatusCode\":200},\"SdkResponseMetadata\":{\"RequestId\":\"00000000-0000-4000-8000-000000000017\"}}","outputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:done:run',10,'{"id":10,"previousEventId":9,"type":"TaskStateExited","timestamp":1772323200000,"detailsKey":"stateExitedEventDetails","details":{"name":"Call","output":"{\"answered\":{\"n\":2}}","outputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:done:run',11,'{"id":11,"previousEventId":10,"type":"SucceedStateEntered","timestamp":1772323200000,"detailsKey":"stateEnteredEventDetails","details":{"name":"End","input":"{\"answered\":{\"n\":2}}","inputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:done:run',12,'{"id":12,"previousEventId":11,"type":"SucceedStateExited","timestamp":1772323200000,"detailsKey":"stateExitedEventDetails","details":{"name":"End","output":"{\"answered\":{\"n\":2}}","outputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:done:run',13,'{"id":13,"previousEventId":12,"type":"ExecutionSucceeded","timestamp":1772323200000,"detailsKey":"executionSucceededEventDetails","details":{"output":"{\"answered\":{\"n\":2}}","outputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:failed:run',1,'{"id":1,"previousEventId":0,"type":"ExecutionStarted","timestamp":1772323200000,"detailsKey":"executionStartedEventDetails","details":{"input":"{}","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::000000000000:role/r"}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:failed:run',2,'{"id":2,"previousEventId":0,"type":"FailStateEntered","timestamp":1772323200000,"detailsKey":"stateEnteredEventDetails","details":{"name":"Fail","input":"{}","inputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:failed:run',3,'{"id":3,"previousEventId":2,"type":"ExecutionFailed","timestamp":1772323200000,"detailsKey":"executionFailedEventDetails","details":{"error":"Down","cause":"for good"}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:retrying:run',1,'{"id":1,"previousEventId":0,"type":"ExecutionStarted","timestamp":1772323200000,"detailsKey":"executionStartedEventDetails","details":{"input":"{}","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::000000000000:role/r"}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:retrying:run',2,'{"id":2,"previousEventId":0,"type":"TaskStateEntered","timestamp":1772323200000,"detailsKey":"stateEnteredEventDetails","details":{"name":"Retry","input":"{}","inputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:retrying:run',3,'{"id":3,"previousEventId":2,"type":"TaskScheduled","timestamp":1772323200000,"detailsKey":"taskScheduledEventDetails","details":{"resource":"invoke","resourceType":"lambda","parameters":"{\"FunctionName\":\"f\",\"Payload\":{\"flaky\":true}}","region":"us-east-1"}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:retrying:run',4,'{"id":4,"previousEventId":3,"type":"TaskStarted","timestamp":1772323200000,"detailsKey":"taskStartedEventDetails","details":{"resource":"invoke","resourceType":"lambda"}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:retrying:run',5,'{"id":5,"previousEventId":4,"type":"TaskFailed","timestamp":1772323200000,"detailsKey":"taskFailedEventDetails","details":{"resource":"invoke","resourceType":"lambda","error":"Flaky","cause":"{\"errorType\":\"Flaky\",\"errorMessage\":\"not yet\"}"}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:waiting:run',1,'{"id":1,"previousEventId":0,"type":"ExecutionStarted","timestamp":1772323200000,"detailsKey":"executionStartedEventDetails","details":{"input":"{}","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::000000000000:role/r"}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:waiting:run',2,'{"id":2,"previousEventId":0,"type":"PassStateEntered","timestamp":1772323200000,"detailsKey":"stateEnteredEventDetails","details":{"name":"Set","input":"{}","inputDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:waiting:run',3,'{"id":3,"previousEventId":2,"type":"PassStateExited","timestamp":1772323200000,"detailsKey":"stateExitedEventDetails","details":{"name":"Set","output":"{}","outputDetails":{"truncated":false},"assignedVariables":{"kept":"{\"deep\":[\"ü\",1e+21,null]}"},"assignedVariablesDetails":{"truncated":false}}}');
INSERT INTO "states_events" VALUES('arn:aws:states:us-east-1:000000000000:execution:waiting:run',4,'{"id":4,"previousEventId":3,"type":"WaitStateEntered","timestamp":1772323200000,"detailsKey":"stateEnteredEventDetails","details":{"name":"Wait","input":"{}","inputDetails":{"truncated":false}}}');
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
INSERT INTO "states_executions" VALUES('arn:aws:states:us-east-1:000000000000:execution:done:run','arn:aws:states:us-east-1:000000000000:stateMachine:done','run','SUCCEEDED','{"n":2}','{"answered":{"n":2}}',NULL,NULL,'arn:aws:iam::000000000000:role/r','2b3775534a5c396d2a38b7754f66b4ec',1772323200000,1772323200000,0,NULL,'00000000-0000-4000-8000-000000000015','{"version":1,"options":{"input":{"n":2},"execution":{"id":"arn:aws:states:us-east-1:000000000000:execution:done:run","name":"run","roleArn":"arn:aws:iam::000000000000:role/r","startTimeMs":1772323200000},"stateMachine":{"id":"arn:aws:states:us-east-1:000000000000:stateMachine:done","name":"done"},"seed":"00000000-0000-4000-8000-000000000015","region":"us-east-1","accountId":"000000000000"},"status":"SUCCEEDED","outcome":{"status":"SUCCEEDED","output":{"answered":{"n":2}}},"counters":[13,1,0,0],"random":[3568394195,1247345965,960307516,25],"root":{"id":1,"flow":"","state":"End","slot":0,"variables":{"x":2},"input":{"answered":{"n":2}},"events":[12,10,11],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false},"timers":[],"queue":[]}');
INSERT INTO "states_executions" VALUES('arn:aws:states:us-east-1:000000000000:execution:failed:run','arn:aws:states:us-east-1:000000000000:stateMachine:failed','run','FAILED','{}',NULL,'Down','for good','arn:aws:iam::000000000000:role/r','f4e98dc9e94c2a37e6680a9852c36d4f',1772323200000,1772323200000,0,NULL,'00000000-0000-4000-8000-000000000022','{"version":1,"options":{"input":{},"execution":{"id":"arn:aws:states:us-east-1:000000000000:execution:failed:run","name":"run","roleArn":"arn:aws:iam::000000000000:role/r","startTimeMs":1772323200000},"stateMachine":{"id":"arn:aws:states:us-east-1:000000000000:stateMachine:failed","name":"failed"},"seed":"00000000-0000-4000-8000-000000000022","region":"us-east-1","accountId":"000000000000"},"status":"FAILED","outcome":{"status":"FAILED","error":"Down","cause":"for good"},"counters":[3,1,0,0],"random":[709084447,2728304431,3993822745,25],"root":{"id":1,"flow":"","state":"Fail","slot":0,"variables":{},"input":{},"events":[2,0,2],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false},"timers":[],"queue":[]}');
INSERT INTO "states_executions" VALUES('arn:aws:states:us-east-1:000000000000:execution:waiting:run','arn:aws:states:us-east-1:000000000000:stateMachine:waiting','run','RUNNING','{}',NULL,NULL,NULL,'arn:aws:iam::000000000000:role/r','f2840b5c46006642b9552cc1bcc144fb',1772323200000,NULL,0,NULL,'00000000-0000-4000-8000-000000000027','{"version":1,"options":{"input":{},"execution":{"id":"arn:aws:states:us-east-1:000000000000:execution:waiting:run","name":"run","roleArn":"arn:aws:iam::000000000000:role/r","startTimeMs":1772323200000},"stateMachine":{"id":"arn:aws:states:us-east-1:000000000000:stateMachine:waiting","name":"waiting"},"seed":"00000000-0000-4000-8000-000000000027","region":"us-east-1","accountId":"000000000000"},"status":"RUNNING","counters":[4,1,1,0],"random":[3842348453,2377671701,1424537327,25],"root":{"id":1,"flow":"","state":"Wait","slot":0,"variables":{"kept":{"deep":["ü",1e+21,null]}},"input":{},"events":[4,3,4],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false,"wait":{"kind":"timer","timerId":"t1","atMs":1772323260000,"purpose":"wait"}},"timers":[["t1",1,"wait",1772323260000]],"queue":[]}');
INSERT INTO "states_executions" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run','arn:aws:states:us-east-1:000000000000:stateMachine:both','run','RUNNING','{}',NULL,NULL,NULL,'arn:aws:iam::000000000000:role/r','7c2e8672bcb19b71ac03292dd8a801c6',1772323200000,NULL,0,NULL,'00000000-0000-4000-8000-000000000031','{"version":1,"options":{"input":{},"execution":{"id":"arn:aws:states:us-east-1:000000000000:execution:both:run","name":"run","roleArn":"arn:aws:iam::000000000000:role/r","startTimeMs":1772323200000},"stateMachine":{"id":"arn:aws:states:us-east-1:000000000000:stateMachine:both","name":"both"},"seed":"00000000-0000-4000-8000-000000000031","region":"us-east-1","accountId":"000000000000"},"status":"RUNNING","counters":[13,5,2,0],"random":[3583554620,1848943138,2238122100,29],"root":{"id":1,"flow":"","state":"Both","slot":0,"variables":{},"input":{},"events":[3,0,2],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false,"wait":{"kind":"branches","frames":[{"id":2,"flow":"/Both/0","state":"Sign","slot":0,"variables":{},"input":{},"events":[13,3,4],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false,"wait":{"kind":"task","effect":{"kind":"schedule-task","taskId":"5","stateName":"Sign","resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","integration":{"kind":"service","resourceType":"lambda","resource":"invoke.waitForTaskToken","action":"invoke","pattern":"wait-for-task-token"},"parameters":{"FunctionName":"f","Payload":{"token":"YXJuOmF3czpzdGF0ZXM6dXMtZWFzdC0xOjAwMDAwMDAwMDAwMDpleGVjdXRpb246Ym90aDpydW4vNS82YjhlZDAwMC1hZTdhLTQ1NTctOTY4OS1mY2UwZDMwOTBlZDY="}},"taskToken":"YXJuOmF3czpzdGF0ZXM6dXMtZWFzdC0xOjAwMDAwMDAwMDAwMDpleGVjdXRpb246Ym90aDpydW4vNS82YjhlZDAwMC1hZTdhLTQ1NTctOTY4OS1mY2UwZDMwOTBlZDY=","retryCount":0,"iterations":[]},"started":true,"submitted":true}},{"id":3,"flow":"/Both/1","state":"Each","slot":1,"variables":{},"input":{},"events":[7,3,6],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false,"wait":{"kind":"branches","frames":[{"id":4,"flow":"/Both/1/Each","state":"Pause","slot":0,"variables":{},"mapItem":{"Index":0,"Value":1},"input":1,"events":[11,8,11],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false,"wait":{"kind":"timer","timerId":"t1","atMs":1772323210000,"purpose":"wait"}},{"id":5,"flow":"/Both/1/Each","state":"Pause","slot":1,"variables":{},"mapItem":{"Index":1,"Value":2},"input":2,"events":[12,9,12],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false,"wait":{"kind":"timer","timerId":"t2","atMs":1772323220000,"purpose":"wait"}}],"outputs":[],"items":[1,2,3],"input":{},"limit":2,"next":2,"open":2,"summaryId":7}}],"outputs":[],"input":{},"limit":2,"next":2,"open":2,"summaryId":3}},"timers":[["t1",4,"wait",1772323210000],["t2",5,"wait",1772323220000]],"queue":[]}');
INSERT INTO "states_executions" VALUES('arn:aws:states:us-east-1:000000000000:execution:retrying:run','arn:aws:states:us-east-1:000000000000:stateMachine:retrying','run','RUNNING','{}',NULL,NULL,NULL,'arn:aws:iam::000000000000:role/r','6b90bd20850f1b73f8b7bf1a41e4b29e',1772323200000,NULL,0,NULL,'00000000-0000-4000-8000-000000000037','{"version":1,"options":{"input":{},"execution":{"id":"arn:aws:states:us-east-1:000000000000:execution:retrying:run","name":"run","roleArn":"arn:aws:iam::000000000000:role/r","startTimeMs":1772323200000},"stateMachine":{"id":"arn:aws:states:us-east-1:000000000000:stateMachine:retrying","name":"retrying"},"seed":"00000000-0000-4000-8000-000000000037","region":"us-east-1","accountId":"000000000000"},"status":"RUNNING","counters":[5,1,1,0],"random":[4156612683,1054795604,1964124077,25],"root":{"id":1,"flow":"","state":"Retry","slot":0,"variables":{},"input":{},"events":[5,0,2],"enteredAtMs":1772323200000,"attempts":[1],"retryCount":1,"dead":false,"wait":{"kind":"timer","timerId":"t1","atMs":1772323205000,"purpose":"retry"}},"timers":[["t1",1,"retry",1772323205000]],"queue":[]}');
INSERT INTO "states_executions" VALUES('arn:aws:states:us-east-1:000000000000:execution:calling:run','arn:aws:states:us-east-1:000000000000:stateMachine:calling','run','RUNNING','{}',NULL,NULL,NULL,'arn:aws:iam::000000000000:role/r','6acea902f6c458a495fa62ce1a7a4bbf',1772323200000,NULL,0,NULL,'00000000-0000-4000-8000-000000000043','{"version":1,"options":{"input":{},"execution":{"id":"arn:aws:states:us-east-1:000000000000:execution:calling:run","name":"run","roleArn":"arn:aws:iam::000000000000:role/r","startTimeMs":1772323200000},"stateMachine":{"id":"arn:aws:states:us-east-1:000000000000:stateMachine:calling","name":"calling"},"seed":"00000000-0000-4000-8000-000000000043","region":"us-east-1","accountId":"000000000000"},"status":"RUNNING","counters":[4,1,2,0],"random":[2135446475,3981924254,1586504268,25],"root":{"id":1,"flow":"","state":"Call","slot":0,"variables":{},"input":{},"events":[4,0,2],"enteredAtMs":1772323200000,"attempts":[],"retryCount":0,"dead":false,"wait":{"kind":"task","effect":{"kind":"schedule-task","taskId":"3","stateName":"Call","resource":"arn:aws:states:::lambda:invoke","integration":{"kind":"service","resourceType":"lambda","resource":"invoke","action":"invoke","pattern":"request-response"},"parameters":{"FunctionName":"f","Payload":{"never":true}},"timeoutSeconds":100,"heartbeatSeconds":100,"retryCount":0,"iterations":[]},"started":true,"submitted":false,"timeoutTimer":"t1","heartbeatTimer":"t2"}},"timers":[["t1",1,"timeout",1772323300000],["t2",1,"heartbeat",1772323300000]],"queue":[]}');
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
CREATE TABLE states_revisions (revision TEXT PRIMARY KEY, type TEXT NOT NULL, definition TEXT NOT NULL) STRICT;
INSERT INTO "states_revisions" VALUES('2b3775534a5c396d2a38b7754f66b4ec','STANDARD','{"QueryLanguage":"JSONata","StartAt":"Assign","States":{"Assign":{"Type":"Pass","Assign":{"x":"{% $states.input.n %}"},"Next":"Pick"},"Pick":{"Type":"Choice","Choices":[{"Condition":"{% $x > 1 %}","Next":"Call"}],"Default":"End"},"Call":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"f","Payload":{"n":"{% $x %}"}},"Output":"{% $states.result.Payload %}","Next":"End"},"End":{"Type":"Succeed"}}}');
INSERT INTO "states_revisions" VALUES('f4e98dc9e94c2a37e6680a9852c36d4f','STANDARD','{"QueryLanguage":"JSONata","StartAt":"Fail","States":{"Fail":{"Type":"Fail","Error":"Down","Cause":"for good"}}}');
INSERT INTO "states_revisions" VALUES('f2840b5c46006642b9552cc1bcc144fb','STANDARD','{"QueryLanguage":"JSONata","StartAt":"Set","States":{"Set":{"Type":"Pass","Assign":{"kept":{"deep":["ü",1e+21,null]}},"Next":"Wait"},"Wait":{"Type":"Wait","Seconds":60,"Next":"Tell"},"Tell":{"Type":"Pass","Output":"{% $kept %}","End":true}}}');
INSERT INTO "states_revisions" VALUES('7c2e8672bcb19b71ac03292dd8a801c6','STANDARD','{"QueryLanguage":"JSONata","StartAt":"Both","States":{"Both":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"Sign","States":{"Sign":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Arguments":{"FunctionName":"f","Payload":{"token":"{% $states.context.Task.Token %}"}},"End":true}}},{"StartAt":"Each","States":{"Each":{"Type":"Map","Items":[1,2,3],"MaxConcurrency":2,"ItemProcessor":{"StartAt":"Pause","States":{"Pause":{"Type":"Wait","Seconds":"{% $states.input * 10 %}","End":true}}},"End":true}}}]}}}');
INSERT INTO "states_revisions" VALUES('6b90bd20850f1b73f8b7bf1a41e4b29e','STANDARD','{"QueryLanguage":"JSONata","StartAt":"Retry","States":{"Retry":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"f","Payload":{"flaky":"{% $states.context.State.RetryCount = 0 %}"}},"Output":"{% $states.result.Payload %}","End":true,"Retry":[{"ErrorEquals":["Flaky"],"IntervalSeconds":5,"MaxAttempts":1}]}}}');
INSERT INTO "states_revisions" VALUES('6acea902f6c458a495fa62ce1a7a4bbf','STANDARD','{"QueryLanguage":"JSONata","StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"f","Payload":{"never":"{% $states.context.Execution.Name = ''run'' %}"}},"Output":"{% $states.result.Payload %}","End":true,"TimeoutSeconds":100,"HeartbeatSeconds":100}}}');
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
INSERT INTO "states_tasks" VALUES('arn:aws:states:us-east-1:000000000000:execution:both:run','5','YXJuOmF3czpzdGF0ZXM6dXMtZWFzdC0xOjAwMDAwMDAwMDAwMDpleGVjdXRpb246Ym90aDpydW4vNS82YjhlZDAwMC1hZTdhLTQ1NTctOTY4OS1mY2UwZDMwOTBlZDY=',1,NULL,NULL,NULL);
INSERT INTO "states_tasks" VALUES('arn:aws:states:us-east-1:000000000000:execution:calling:run','3',NULL,0,NULL,NULL,NULL);
CREATE INDEX logs_events_by_stream ON logs_events (group_name, stream, at_ms, id);
CREATE INDEX logs_events_by_group ON logs_events (group_name, at_ms, id);
CREATE INDEX cloudwatch_data_by_metric ON cloudwatch_data (namespace, name, dimensions, at_ms);
CREATE INDEX s3_objects_by_key ON s3_objects (bucket, key, sequence DESC);
CREATE INDEX s3_objects_by_file ON s3_objects (file) WHERE file IS NOT NULL;
CREATE INDEX sqs_messages_visible ON sqs_messages (queue, visible_ms, id);
CREATE INDEX sqs_messages_receipt ON sqs_messages (receipt);
CREATE INDEX sns_outbox_due ON sns_outbox (due_ms);
CREATE INDEX events_archived_time ON events_archived (archive, time_ms, id);
CREATE INDEX events_outbox_due ON events_outbox (due_ms);
CREATE INDEX lambda_async_by_due ON lambda_async (due_ms);
CREATE INDEX glue_crawls_by_crawler ON glue_crawls (crawler, started_ms);
CREATE INDEX athena_queries_by_work_group ON athena_queries (work_group, submitted_ms);
CREATE INDEX athena_queries_by_state ON athena_queries (state);
CREATE INDEX states_executions_by_machine ON states_executions (machine_arn, start_ms DESC, arn);
CREATE INDEX states_executions_running ON states_executions (arn) WHERE status = 'RUNNING';
CREATE UNIQUE INDEX states_tasks_by_token ON states_tasks (token) WHERE token IS NOT NULL;
CREATE INDEX states_tasks_by_job ON states_tasks (job_service, job_action, job_reference) WHERE job_reference IS NOT NULL;
CREATE INDEX scheduler_outbox_due ON scheduler_outbox (due_ms);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('events_unmatched',1);
INSERT INTO "sqlite_sequence" VALUES('sqs_messages',1);
COMMIT;
