/**
 * The schema of a Parquet file from its footer, in Hive's types.
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
import type { FileSchema } from "./file-schema.ts";
import { readStruct, type ThriftStruct, type ThriftValue } from "./thrift-compact.ts";

/** The last bytes of a file: footer length and "PAR1". */
export const TRAILER_BYTES = 8;

/** Length of the footer before the trailer, or undefined when this is not Parquet. */
export function footerLength(trailer: Buffer): number | undefined {
  return trailer.length === TRAILER_BYTES && trailer.toString("latin1", 4) === "PAR1"
    ? trailer.readUInt32LE(0)
    : undefined;
}

/** `footer` is the FileMetaData alone; `size` that of the whole file. */
export function classifyParquet(footer: Buffer, size: number): FileSchema {
  const metadata = readStruct(footer);
  const elements = list(metadata.get(2)).filter((item) => item instanceof Map);
  const [root] = buildTree(elements, 0);
  return {
    classification: "parquet",
    columns: root.children.map((node) => ({ Name: node.name.toLowerCase(), Type: hiveType(node) })),
    records: Number(metadata.get(3) ?? 0n),
    bytes: size,
  };
}

interface Node {
  name: string;
  element: ThriftStruct;
  children: Node[];
}

const PHYSICAL = ["boolean", "int", "bigint", "timestamp", "float", "double", "binary", "binary"];
const [UTF8, MAP, MAP_KEY_VALUE, LIST, ENUM, DECIMAL, DATE, TIMESTAMP_MILLIS, TIMESTAMP_MICROS] = [
  0, 1, 2, 3, 4, 5, 6, 9, 10,
];
const [INT_8, INT_16, JSON_TEXT] = [15, 16, 19];
const REPEATED = 2n;

/** Elements are a depth-first list; each says how many children follow. Returns the node and the index after it. */
function buildTree(elements: readonly ThriftStruct[], index: number): [Node, number] {
  const element = elements[index] ?? new Map();
  const children: Node[] = [];
  let next = index + 1;
  for (let count = Number(element.get(5) ?? 0n); count > 0; count--) {
    const [child, after] = buildTree(elements, next);
    children.push(child);
    next = after;
  }
  return [{ name: text(element.get(4)), element, children }, next];
}

function hiveType(node: Node): string {
  const converted = node.element.has(6) ? Number(node.element.get(6)) : undefined;
  if (node.children.length === 0) {
    const plain = primitive(node.element, converted);
    return node.element.get(3) === REPEATED ? `array<${plain}>` : plain;
  }
  if (converted === LIST) return `array<${listItem(node)}>`;
  if (converted === MAP || converted === MAP_KEY_VALUE) {
    const [key, value] = node.children[0]?.children ?? [];
    return `map<${key ? hiveType(key) : "string"},${value ? hiveType(value) : "string"}>`;
  }
  return `struct<${node.children.map((child) => `${child.name.toLowerCase()}:${hiveType(child)}`).join(",")}>`;
}

/** Three-level lists wrap the item once more; a repeated group with several fields is itself the item. */
function listItem(node: Node): string {
  const [repeated] = node.children;
  if (repeated === undefined) return "string";
  const [only, another] = repeated.children;
  return only !== undefined && another === undefined ? hiveType(only) : hiveType(repeated);
}

function primitive(element: ThriftStruct, converted: number | undefined): string {
  switch (converted) {
    case UTF8:
    case ENUM:
    case JSON_TEXT:
      return "string";
    case DECIMAL:
      return `decimal(${Number(element.get(8) ?? 38n)},${Number(element.get(7) ?? 0n)})`;
    case DATE:
      return "date";
    case TIMESTAMP_MILLIS:
    case TIMESTAMP_MICROS:
      return "timestamp";
    case INT_8:
      return "tinyint";
    case INT_16:
      return "smallint";
    default:
      return logical(element) ?? PHYSICAL[Number(element.get(1) ?? 6n)] ?? "binary";
  }
}

/** Newer writers give only the logical type: 1 string, 6 date, 8 timestamp. */
function logical(element: ThriftStruct): string | undefined {
  const type = element.get(10);
  if (!(type instanceof Map)) return undefined;
  if (type.has(1)) return "string";
  if (type.has(6)) return "date";
  return type.has(8) ? "timestamp" : undefined;
}

function list(value: ThriftValue | undefined): ThriftValue[] {
  return Array.isArray(value) ? value : [];
}

function text(value: ThriftValue | undefined): string {
  return Buffer.isBuffer(value) ? value.toString("utf8") : "";
}
