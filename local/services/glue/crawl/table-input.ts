/** The TableInput a crawler writes: formats, SerDe and the parameters Glue's crawlers set. */
import { createHash } from "node:crypto";
import type { StorageDescriptor, TableInput } from "@aws-sdk/client-glue";
import type { FileSchema } from "./file-schema.ts";
import type { FoundTable } from "./find-tables.ts";
import type { Target } from "./s3-target.ts";

const TEXT = {
  InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
  OutputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
};
const PARQUET = {
  InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
  OutputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
};

/** The table's name: its folder, or the bucket's, in the letters Glue allows. */
export function tableName(target: Target, prefix: string, tablePrefix: string): string {
  const folder = prefix.split("/").filter(Boolean).at(-1) ?? target.bucket;
  return `${tablePrefix}${folder}`.toLowerCase().replace(/[^a-z0-9_]/g, "_");
}

/** As Glue does where the plain name is taken by a table at another place. */
export function nameBesides(taken: string, location: string): string {
  return `${taken}_${createHash("md5").update(location).digest("hex")}`;
}

export function tableInput(target: Target, found: FoundTable, crawler: string, name: string): TableInput {
  const Parameters = tableParameters(found, crawler);
  return {
    Name: name,
    Owner: "owner",
    Retention: 0,
    TableType: "EXTERNAL_TABLE",
    PartitionKeys: found.partitionKeys.map((Name) => ({ Name, Type: "string" })),
    Parameters,
    StorageDescriptor: {
      ...storage(found.schema, `s3://${target.bucket}/${found.prefix}`),
      Parameters,
    },
  };
}

/** The descriptor of a table or partition at `location`. */
export function storage(schema: FileSchema, location: string): StorageDescriptor {
  return {
    Columns: schema.columns.map((column) => ({ ...column })),
    Location: location,
    ...(schema.classification === "parquet" ? PARQUET : TEXT),
    Compressed: false,
    NumberOfBuckets: -1,
    SerdeInfo: serde(schema),
    BucketColumns: [],
    SortColumns: [],
    StoredAsSubDirectories: false,
  };
}

function serde(schema: FileSchema) {
  switch (schema.classification) {
    case "parquet":
      return {
        SerializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        Parameters: { "serialization.format": "1" },
      };
    case "json":
      return {
        SerializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
        Parameters: { paths: schema.columns.map(({ Name }) => Name).join(",") },
      };
    default:
      return {
        SerializationLibrary: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
        Parameters: { "field.delim": schema.csv?.delimiter ?? "," },
      };
  }
}

function tableParameters({ files, schema }: FoundTable, crawler: string): Record<string, string> {
  const size = files.reduce((sum, { file }) => sum + file.size, 0);
  const average = schema.records === 0 ? 0 : schema.bytes / schema.records;
  // What was read whole is counted; the rest is estimated from the average record, as Glue does.
  const records = schema.bytes >= size || average === 0 ? schema.records : Math.round(size / average);
  return {
    CrawlerSchemaDeserializerVersion: "1.0",
    CrawlerSchemaSerializerVersion: "1.0",
    UPDATED_BY_CRAWLER: crawler,
    averageRecordSize: String(Math.round(average)),
    classification: schema.classification,
    compressionType: "none",
    objectCount: String(files.length),
    recordCount: String(records),
    sizeKey: String(size),
    typeOfData: "file",
    ...(schema.csv === undefined
      ? {}
      : {
          areColumnsQuoted: String(schema.csv.quoted),
          columnsOrdered: "true",
          delimiter: schema.csv.delimiter,
          ...(schema.csv.hasHeader ? { "skip.header.line.count": "1" } : {}),
        }),
  };
}
