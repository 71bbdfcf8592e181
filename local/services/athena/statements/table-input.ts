/** An external table as Athena's CREATE TABLE writes it to the catalog. */
import type { TableInput } from "@aws-sdk/client-glue";
import type { ColumnDefinition } from "../sql/statement.ts";
import { PARQUET_SERDE } from "../table-format.ts";

export interface ExternalTable {
  name: string;
  columns: readonly ColumnDefinition[];
  partitionKeys: readonly ColumnDefinition[];
  serde: string;
  serdeParameters: Record<string, string>;
  location: string;
  parameters: Record<string, string>;
}

export function externalTable(table: ExternalTable): TableInput {
  const parquet = table.serde === PARQUET_SERDE;
  const column = ({ name, type }: ColumnDefinition) => ({ Name: name, Type: type });
  return {
    Name: table.name,
    TableType: "EXTERNAL_TABLE",
    Parameters: { EXTERNAL: "TRUE", ...table.parameters },
    PartitionKeys: table.partitionKeys.map(column),
    StorageDescriptor: {
      Columns: table.columns.map(column),
      Location: table.location,
      InputFormat: parquet
        ? "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
        : "org.apache.hadoop.mapred.TextInputFormat",
      OutputFormat: parquet
        ? "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
        : "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
      Compressed: false,
      NumberOfBuckets: -1,
      SerdeInfo: { SerializationLibrary: table.serde, Parameters: table.serdeParameters },
      BucketColumns: [],
      SortColumns: [],
      StoredAsSubDirectories: false,
    },
  };
}
