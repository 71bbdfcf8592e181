/** DuckDB's result types in Athena's and Hive's words. */
import {
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from "@duckdb/node-api";
import type { ColumnInfo } from "./protocol.ts";

type Words = Omit<ColumnInfo, "name">;

const words = (type: string, precision: number, hiveType = type, scale = 0): Words => ({
  type,
  precision,
  scale,
  hiveType,
});
const VARCHAR = words("varchar", 2_147_483_647, "string");
const PLAIN: ReadonlyMap<DuckDBTypeId, Words> = new Map([
  [DuckDBTypeId.BOOLEAN, words("boolean", 0)],
  [DuckDBTypeId.TINYINT, words("tinyint", 3)],
  [DuckDBTypeId.SMALLINT, words("smallint", 5)],
  [DuckDBTypeId.UTINYINT, words("smallint", 5)],
  [DuckDBTypeId.INTEGER, words("integer", 10, "int")],
  [DuckDBTypeId.USMALLINT, words("integer", 10, "int")],
  [DuckDBTypeId.SQLNULL, words("integer", 10, "int")],
  [DuckDBTypeId.BIGINT, words("bigint", 19)],
  [DuckDBTypeId.UINTEGER, words("bigint", 19)],
  [DuckDBTypeId.HUGEINT, words("bigint", 19)],
  [DuckDBTypeId.UBIGINT, words("bigint", 19)],
  [DuckDBTypeId.FLOAT, words("float", 17)],
  [DuckDBTypeId.DOUBLE, words("double", 17)],
  [DuckDBTypeId.DATE, words("date", 0)],
  [DuckDBTypeId.TIME, words("time", 3)],
  [DuckDBTypeId.TIMESTAMP, words("timestamp", 3)],
  [DuckDBTypeId.TIMESTAMP_TZ, words("timestamp with time zone", 3, "timestamp")],
  [DuckDBTypeId.BLOB, words("varbinary", 1_073_741_824, "binary")],
]);

/** DuckDB types that Trino would have answered as bigint: sums of whole numbers, above all. */
export const AS_BIGINT: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.UINTEGER,
]);

export function columnInfo(name: string, type: DuckDBType): ColumnInfo {
  return { name, ...wordsOf(type) };
}

function wordsOf(type: DuckDBType): Words {
  if (type instanceof DuckDBDecimalType) {
    return words("decimal", type.width, `decimal(${type.width},${type.scale})`, type.scale);
  }
  if (type instanceof DuckDBListType) return words("array", 0, `array<${wordsOf(type.valueType).hiveType}>`);
  if (type instanceof DuckDBMapType) {
    return words("map", 0, `map<${wordsOf(type.keyType).hiveType},${wordsOf(type.valueType).hiveType}>`);
  }
  if (type instanceof DuckDBStructType) {
    const fields = type.entryNames.map((name, index) => {
      const field = type.entryTypes[index];
      return `${name}:${field === undefined ? "string" : wordsOf(field).hiveType}`;
    });
    return words("row", 0, `struct<${fields.join(",")}>`);
  }
  return PLAIN.get(type.typeId) ?? VARCHAR;
}
