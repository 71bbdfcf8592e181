/** A value as text, as Athena writes it into results. */
import {
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from "@duckdb/node-api";

const MICROS_PER_MILLI = 1000n;

/** Undefined for NULL. */
export function formatValue(value: DuckDBValue, isFloat: boolean): string | undefined {
  if (value === null) return undefined;
  if (typeof value === "number") return isFloat ? formatDouble(value) : String(value);
  if (value instanceof DuckDBTimestampValue) return timestamp(value.micros);
  if (value instanceof DuckDBTimestampTZValue) return `${timestamp(value.micros)} UTC`;
  if (value instanceof DuckDBBlobValue) {
    return [...value.bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  }
  if (value instanceof DuckDBListValue) return `[${value.items.map(nested).join(", ")}]`;
  if (value instanceof DuckDBMapValue) {
    return `{${value.entries.map(({ key, value: inner }) => `${nested(key)}=${nested(inner)}`).join(", ")}}`;
  }
  if (value instanceof DuckDBStructValue) {
    return `{${Object.entries(value.entries)
      .map(([name, inner]) => `${name}=${nested(inner)}`)
      .join(", ")}}`;
  }
  return String(value);
}

function nested(value: DuckDBValue): string {
  return formatValue(value, typeof value === "number" && !Number.isInteger(value)) ?? "null";
}

/** As Java writes doubles: 1.0, 1.0E10, 1.0E-4. */
export function formatDouble(value: number): string {
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
