/** What one file says of its table. */
import type { Column } from "@aws-sdk/client-glue";

export interface FileSchema {
  classification: "csv" | "json" | "parquet" | "UNKNOWN";
  columns: readonly Required<Pick<Column, "Name" | "Type">>[];
  /** Of the part read, or the whole where the format says. */
  records: number;
  /** Bytes those records took. */
  bytes: number;
  csv?: { delimiter: string; hasHeader: boolean; quoted: boolean };
}

export const UNKNOWN: FileSchema = { classification: "UNKNOWN", columns: [], records: 0, bytes: 0 };
