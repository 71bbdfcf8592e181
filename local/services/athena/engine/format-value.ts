/** A value as text, as Athena writes it into results. */
import {
  DuckDBBlobValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from "@duckdb/node-api";

const MICROS_PER_MILLI = 1000n;

/** Undefined for NULL. */
export function formatValue(value: DuckDBValue, type: DuckDBType): string | undefined {
  if (value === null) return undefined;
  if (typeof value === "number") return isFloat(type) ? formatDouble(value) : String(value);
  if (value instanceof DuckDBTimestampValue) return timestamp(value.micros);
  if (value instanceof DuckDBTimestampTZValue) return `${timestamp(value.micros)} UTC`;
  if (value instanceof DuckDBBlobValue) {
    return [...value.bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  }
  if (value instanceof DuckDBListValue && type instanceof DuckDBListType) {
    return `[${value.items.map((item) => nested(item, type.valueType)).join(", ")}]`;
  }
  if (value instanceof DuckDBMapValue && type instanceof DuckDBMapType) {
    const pairs = value.entries.map(
      ({ key, value: inner }) => `${nested(key, type.keyType)}=${nested(inner, type.valueType)}`,
    );
    return `{${pairs.join(", ")}}`;
  }
  if (value instanceof DuckDBStructValue && type instanceof DuckDBStructType) {
    const fields = type.entryNames.map(
      (name, index) => `${name}=${nested(value.entries[name] ?? null, type.entryTypes[index] ?? type)}`,
    );
    return `{${fields.join(", ")}}`;
  }
  return String(value);
}

function nested(value: DuckDBValue, type: DuckDBType): string {
  return formatValue(value, type) ?? "null";
}

function isFloat({ typeId }: DuckDBType): boolean {
  return typeId === DuckDBTypeId.DOUBLE || typeId === DuckDBTypeId.FLOAT;
}

/** As Java writes doubles: 1.0, 1.0E10, 1.0E-4. */
function formatDouble(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  const size = Math.abs(value);
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

function timestamp(micros: bigint): string {
  const millis = micros / MICROS_PER_MILLI;
  return new Date(Number(millis)).toISOString().replace("T", " ").replace("Z", "");
}
