/** The topics' tables. */
export const SNS_TABLES: readonly string[] = [
  `CREATE TABLE sns_topics (name TEXT PRIMARY KEY, attributes TEXT NOT NULL, tags TEXT NOT NULL) STRICT;
   CREATE TABLE sns_subscriptions (arn TEXT PRIMARY KEY, topic TEXT NOT NULL, protocol TEXT NOT NULL, endpoint TEXT NOT NULL,
     attributes TEXT NOT NULL) STRICT`,
];
