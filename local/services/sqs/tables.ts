/** The queues' tables. Times are milliseconds since the epoch. */
export const SQS_TABLES: readonly string[] = [
  `CREATE TABLE sqs_queues (name TEXT PRIMARY KEY, attributes TEXT NOT NULL, tags TEXT NOT NULL, created_ms INTEGER NOT NULL,
     modified_ms INTEGER NOT NULL) STRICT;
   CREATE TABLE sqs_messages (id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, message_id TEXT NOT NULL, body TEXT NOT NULL,
     attributes TEXT NOT NULL, sender TEXT NOT NULL, group_id TEXT, dedup_id TEXT, sent_ms INTEGER NOT NULL, visible_ms INTEGER NOT NULL,
     receives INTEGER NOT NULL DEFAULT 0, first_receive_ms INTEGER, receipt TEXT) STRICT;
   CREATE INDEX sqs_messages_visible ON sqs_messages (queue, visible_ms, id);
   CREATE INDEX sqs_messages_receipt ON sqs_messages (receipt);
   CREATE TABLE sqs_deduplications (queue TEXT NOT NULL, dedup_id TEXT NOT NULL, message_id TEXT NOT NULL, message INTEGER NOT NULL,
     until_ms INTEGER NOT NULL, PRIMARY KEY (queue, dedup_id)) STRICT`,
  "ALTER TABLE sqs_messages ADD COLUMN trace TEXT",
  `ALTER TABLE sqs_messages ADD COLUMN source TEXT;
   CREATE TABLE sqs_moves (handle TEXT PRIMARY KEY, source TEXT NOT NULL, started_ms INTEGER NOT NULL, body TEXT NOT NULL) STRICT;`,
];
