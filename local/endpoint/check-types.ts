/**
 * Whether what a JSON body holds has the types the operation's members have: a service need not doubt them.
 * The wording is AWS's: as DynamoDB answers, which shares its server side with the other JSON services.
 */
import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../aws-error.ts";

/** @throws AwsError SerializationException */
export function checkTypes(schema: NormalizedSchema, value: unknown, path = ""): void {
  if (value === undefined || value === null || schema.isDocumentSchema()) return;
  const expected = kindOf(schema);
  if (!isA(expected, value)) throw wrongType(path, value, expected);
  if (schema.isStructSchema()) {
    for (const [name, member] of schema.structIterator()) checkTypes(member, Reflect.get(value, name), at(path, name));
  } else if (Array.isArray(value)) {
    const item = schema.getValueSchema();
    for (const [index, each] of value.entries()) checkTypes(item, each, `${path}[${index}]`);
  } else if (schema.isMapSchema()) {
    const item = schema.getValueSchema();
    for (const [name, each] of Object.entries(value)) checkTypes(item, each, at(path, name));
  }
}

type Kind = "Structure" | "List" | "Map" | "String" | "Blob" | "Number" | "Boolean" | "Timestamp" | "Document";

function kindOf(schema: NormalizedSchema): Kind {
  if (schema.isStructSchema()) return "Structure";
  if (schema.isListSchema()) return "List";
  if (schema.isMapSchema()) return "Map";
  if (schema.isBlobSchema()) return "Blob";
  if (schema.isNumericSchema() || schema.isBigIntegerSchema() || schema.isBigDecimalSchema()) return "Number";
  if (schema.isBooleanSchema()) return "Boolean";
  if (schema.isTimestampSchema()) return "Timestamp";
  return schema.isStringSchema() ? "String" : "Document";
}

function isA(kind: Kind, value: unknown): value is object {
  switch (kind) {
    case "Structure":
    case "Map":
      return typeof value === "object" && !Array.isArray(value);
    case "List":
      return Array.isArray(value);
    case "Blob":
      return value instanceof Uint8Array;
    case "Timestamp":
      return value instanceof Date;
    case "Number":
      // The decoder reads numbers too large for a double as objects of its own.
      return (
        typeof value === "number" ||
        typeof value === "bigint" ||
        (typeof value === "object" && "string" in Object(value))
      );
    case "Boolean":
      return typeof value === "boolean";
    case "String":
      // A String object where the API says that the text is JSON.
      return typeof value === "string" || value instanceof String;
    case "Document":
      return true;
  }
}

function wrongType(path: string, value: unknown, expected: Kind): AwsError {
  return new AwsError("SerializationException", `${wording(value, expected)} (at ${path})`);
}

function wording(value: unknown, expected: Kind): string {
  if (Array.isArray(value)) return "Start of list found where not expected";
  if (expected === "List" || expected === "Map" || expected === "Structure") return "Unexpected field type";
  if (typeof value === "object") return "Start of structure or map found where not expected";
  return `${tokenOf(value)} cannot be converted to ${expected}`;
}

function tokenOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "TRUE_VALUE" : "FALSE_VALUE";
  if (typeof value === "string") return "STRING_VALUE";
  return Number.isInteger(value) ? "NUMBER_VALUE" : "DECIMAL_VALUE";
}

function at(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
