/** How a catalog table's files are read, from its SerDe and parameters. */
import type { Table } from "@aws-sdk/client-glue";
import type { CsvOptions } from "./engine/protocol.ts";
import { QueryError } from "./sql/query-error.ts";

export interface TableFormat {
  format: "csv" | "json" | "parquet";
  csv: CsvOptions;
}

export const PARQUET_SERDE = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";
export const LAZY_SERDE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
export const JSON_SERDE = "org.openx.data.jsonserde.JsonSerDe";

/** @throws QueryError for a SerDe that is not built */
export function formatOf(table: Table): TableFormat {
  const serde = table.StorageDescriptor?.SerdeInfo?.SerializationLibrary ?? "";
  const parameters = table.StorageDescriptor?.SerdeInfo?.Parameters ?? {};
  const skip =
    table.Parameters?.["skip.header.line.count"] ?? table.StorageDescriptor?.Parameters?.["skip.header.line.count"];
  const lazy: CsvOptions = {
    delimiter: parameters["field.delim"] ?? parameters["serialization.format"] ?? "\u0001",
    quote: "",
    escape: "",
    skipLines: Number(skip ?? 0),
    nullText: parameters["serialization.null.format"] ?? "\\N",
  };
  switch (serde) {
    case PARQUET_SERDE:
      return { format: "parquet", csv: lazy };
    case LAZY_SERDE:
      return { format: "csv", csv: lazy };
    case "org.apache.hadoop.hive.serde2.OpenCSVSerde": {
      const quote = parameters.quoteChar ?? '"';
      const escapeChar = parameters.escapeChar ?? quote;
      const delimiter = parameters.separatorChar ?? ",";
      return {
        format: "csv",
        csv: { ...lazy, delimiter, quote, escape: escapeChar === "\\" ? quote : escapeChar, nullText: "\\N" },
      };
    }
    case JSON_SERDE:
    case "org.apache.hive.hcatalog.data.JsonSerDe":
      return { format: "json", csv: lazy };
    default:
      throw new QueryError(
        `HIVE_UNSUPPORTED_FORMAT: Unable to create input format: SerDe ${serde || "(none)"} of table ${table.Name} is not built; built are LazySimpleSerDe, OpenCSVSerde, JsonSerDe and ParquetHiveSerDe`,
      );
  }
}
