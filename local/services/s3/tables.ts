/** S3's tables. Data lies in files; a row names its file, so a file without a row is nothing and is swept. */
export const S3_TABLES: readonly string[] = [
  `CREATE TABLE s3_buckets (
     name TEXT PRIMARY KEY, created_ms INTEGER NOT NULL, configuration TEXT NOT NULL
   ) STRICT;
   CREATE TABLE s3_objects (
     sequence INTEGER PRIMARY KEY, bucket TEXT NOT NULL REFERENCES s3_buckets (name), key TEXT NOT NULL,
     version_id TEXT NOT NULL, is_latest INTEGER NOT NULL, delete_marker INTEGER NOT NULL, size INTEGER NOT NULL,
     etag TEXT NOT NULL, modified_ms INTEGER NOT NULL, file TEXT, attributes TEXT NOT NULL,
     UNIQUE (bucket, key, version_id)
   ) STRICT;
   CREATE INDEX s3_objects_by_key ON s3_objects (bucket, key, sequence DESC);
   CREATE INDEX s3_objects_by_file ON s3_objects (file) WHERE file IS NOT NULL;
   CREATE TABLE s3_uploads (
     upload_id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, initiated_ms INTEGER NOT NULL,
     attributes TEXT NOT NULL
   ) STRICT;
   CREATE TABLE s3_parts (
     upload_id TEXT NOT NULL REFERENCES s3_uploads (upload_id) ON DELETE CASCADE, part_number INTEGER NOT NULL,
     size INTEGER NOT NULL, etag TEXT NOT NULL, modified_ms INTEGER NOT NULL, file TEXT NOT NULL, checksum TEXT,
     PRIMARY KEY (upload_id, part_number)
   ) STRICT;
   CREATE TABLE s3_garbage (file TEXT PRIMARY KEY, delete_at_ms INTEGER NOT NULL) STRICT;
   CREATE TABLE s3_sequence (only INTEGER PRIMARY KEY CHECK (only = 1), value INTEGER NOT NULL) STRICT;
   INSERT INTO s3_sequence VALUES (1, 0)`,
];
