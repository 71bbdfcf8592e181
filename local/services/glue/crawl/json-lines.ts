/** Glue's built-in JSON classifier for objects one a line: nested objects are structs, arrays take their items' type. */
import { mergeTypes } from "./column-types.ts";
import type { FileSchema } from "./file-schema.ts";

type Shape = string | undefined | { kind: "array"; item: Shape } | { kind: "struct"; fields: Map<string, Shape> };

const LARGEST_INT = 2 ** 31;

/** `text` holds whole lines only. Undefined when any line is not a JSON object. */
export function classifyJsonLines(text: string): FileSchema | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  let all: Shape = { kind: "struct", fields: new Map() };
  try {
    for (const line of lines) all = mergeShapes(all, shapeOf(JSON.parse(line)));
  } catch {
    return undefined;
  }
  if (typeof all !== "object" || all.kind !== "struct") return undefined;
  return {
    classification: "json",
    columns: [...all.fields].map(([name, shape]) => ({ Name: name.toLowerCase(), Type: typeName(shape) })),
    records: lines.length,
    bytes: Buffer.byteLength(text),
  };
}

function shapeOf(value: unknown): Shape {
  if (value === null) return undefined;
  if (Array.isArray(value)) {
    return { kind: "array", item: value.map(shapeOf).reduce<Shape>(mergeShapes, undefined) };
  }
  switch (typeof value) {
    case "object":
      return { kind: "struct", fields: new Map(Object.entries(value).map(([name, item]) => [name, shapeOf(item)])) };
    case "boolean":
      return "boolean";
    case "number":
      return Number.isInteger(value) ? (Math.abs(value) < LARGEST_INT ? "int" : "bigint") : "double";
    default:
      return "string";
  }
}

function mergeShapes(left: Shape, right: Shape): Shape {
  if (left === undefined || right === undefined) return left ?? right;
  if (typeof left === "string" || typeof right === "string") {
    return typeof left === "string" && typeof right === "string" ? mergeTypes(left, right) : "string";
  }
  if (left.kind === "array" && right.kind === "array") {
    return { kind: "array", item: mergeShapes(left.item, right.item) };
  }
  if (left.kind !== "struct" || right.kind !== "struct") return "string";
  const fields = new Map(left.fields);
  for (const [name, shape] of right.fields) fields.set(name, mergeShapes(fields.get(name), shape));
  return { kind: "struct", fields };
}

function typeName(shape: Shape): string {
  if (shape === undefined) return "string";
  if (typeof shape === "string") return shape;
  if (shape.kind === "array") return `array<${typeName(shape.item)}>`;
  return `struct<${[...shape.fields].map(([name, field]) => `${name.toLowerCase()}:${typeName(field)}`).join(",")}>`;
}
