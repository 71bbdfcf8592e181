/** Hive's types, as the catalog has them, in DuckDB's words. */
import { QueryError } from "./query-error.ts";

const PLAIN: Readonly<Record<string, string>> = {
  tinyint: "TINYINT",
  smallint: "SMALLINT",
  int: "INTEGER",
  integer: "INTEGER",
  bigint: "BIGINT",
  long: "BIGINT",
  float: "FLOAT",
  real: "FLOAT",
  double: "DOUBLE",
  boolean: "BOOLEAN",
  string: "VARCHAR",
  binary: "BLOB",
  date: "DATE",
  timestamp: "TIMESTAMP",
};

const TRINO: Readonly<Record<string, string>> = {
  int: "integer",
  long: "bigint",
  float: "real",
  string: "varchar",
  binary: "varbinary",
  timestamp: "timestamp(3)",
};

/** A Hive type as Athena's information_schema writes it. */
export function trinoType(hiveType: string): string {
  const type = hiveType.trim().toLowerCase();
  const [, outer, inner = ""] = /^(array|map|struct)<([\s\S]*)>$/.exec(type) ?? [];
  if (outer === undefined) return TRINO[type] ?? type.replace(/,\s*/g, ",");
  const parts = splitTop(inner);
  if (outer !== "struct") return `${outer}(${parts.map(trinoType).join(", ")})`;
  const fields = parts.map((part) => {
    const colon = part.indexOf(":");
    return `${part.slice(0, colon).trim()} ${trinoType(part.slice(colon + 1))}`;
  });
  return `row(${fields.join(", ")})`;
}

/** @throws QueryError for a type Athena does not read either */
export function duckType(hiveType: string): string {
  const type = hiveType.trim().toLowerCase();
  const plain = PLAIN[type];
  if (plain !== undefined) return plain;
  if (/^(var)?char(\(\d+\))?$/.test(type)) return "VARCHAR";
  const decimal = /^decimal(?:\((\d+)(?:,\s*(\d+))?\))?$/.exec(type);
  if (decimal !== null) return `DECIMAL(${decimal[1] ?? 10}, ${decimal[2] ?? 0})`;
  const [, outer, inner = ""] = /^(array|map|struct)<([\s\S]*)>$/.exec(type) ?? [];
  if (outer === "array") return `${duckType(inner)}[]`;
  const parts = splitTop(inner);
  if (outer === "map") return `MAP(${duckType(parts[0] ?? "")}, ${duckType(parts[1] ?? "")})`;
  if (outer === "struct") {
    const fields = parts.map((part) => {
      const colon = part.indexOf(":");
      return `"${part.slice(0, colon).trim().replaceAll('"', '""')}" ${duckType(part.slice(colon + 1))}`;
    });
    return `STRUCT(${fields.join(", ")})`;
  }
  throw new QueryError(`HIVE_INVALID_METADATA: Unsupported Hive type: ${hiveType}`);
}

function splitTop(list: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const char of list) {
    depth += char === "<" || char === "(" ? 1 : char === ">" || char === ")" ? -1 : 0;
    if (char === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += char;
  }
  return parts;
}
