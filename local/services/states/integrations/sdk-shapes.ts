/**
 * Between a Task's JSON and an SDK operation's shapes, driven by the SDK's own schemas.
 *
 * Step Functions writes every member in PascalCase whatever the service does, gives blobs as text, and timestamps as
 * ISO 8601 text (aws-sdk integrations) or epoch milliseconds (optimized ones).
 */
import { Readable } from "node:stream";
import type { NormalizedSchema } from "@smithy/core/schema";
import { TaskFailure } from "./task-failure.ts";

export type TimestampForm = "iso" | "epochMs";

const MAX_DEPTH = 100;

/** JSON parameters → SDK input. @throws TaskFailure States.Runtime naming a field the operation does not have. */
export function toSdkInput(schema: NormalizedSchema, value: unknown, path = "", depth = 0): unknown {
  if (depth > MAX_DEPTH)
    throw new TaskFailure("States.Runtime", `The parameters are nested deeper than ${MAX_DEPTH} levels at ${path}`);
  if (value === null || value === undefined) return undefined;
  if (schema.isDocumentSchema()) return value;
  if (schema.isListSchema()) {
    return Array.isArray(value)
      ? value.map((item, index) => toSdkInput(schema.getValueSchema(), item, `${path}[${index}]`, depth + 1))
      : value;
  }
  if (schema.isMapSchema())
    return mapObject(value, (item, key) => toSdkInput(schema.getValueSchema(), item, `${path}.${key}`, depth + 1));
  if (schema.isStructSchema()) return structInput(schema, value, path, depth);
  if (schema.isBlobSchema()) return Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
  if (schema.isTimestampSchema()) return new Date(typeof value === "number" ? value * 1000 : String(value));
  if (schema.isStringSchema() && typeof value === "object") return JSON.stringify(value);
  return value;
}

/** SDK output → JSON as the state sees it. Streams are read whole, as text. */
export async function toTaskOutput(
  schema: NormalizedSchema,
  value: unknown,
  timestamps: TimestampForm,
): Promise<unknown> {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Date) return timestamps === "iso" ? value.toISOString() : value.getTime();
  if (value instanceof Readable) return Buffer.concat(await value.toArray()).toString("utf8");
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  if (schema.isDocumentSchema()) return value;
  if (schema.isListSchema() && Array.isArray(value)) {
    return Promise.all(value.map((item) => toTaskOutput(schema.getValueSchema(), item, timestamps)));
  }
  if (schema.isMapSchema() && typeof value === "object") {
    const entries = Object.entries(value).map(async ([key, item]) => [
      key,
      await toTaskOutput(schema.getValueSchema(), item, timestamps),
    ]);
    return Object.fromEntries(await Promise.all(entries));
  }
  if (!schema.isStructSchema() || typeof value !== "object") return value;
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const item = await toTaskOutput(member, Reflect.get(value, name), timestamps);
    if (item !== undefined) result[pascal(name)] = item;
  }
  return result;
}

function structInput(schema: NormalizedSchema, value: unknown, path: string, depth: number): unknown {
  if (typeof value !== "object" || Array.isArray(value)) return value;
  const members = new Map(
    [...schema.structIterator()].map(([name, member]) => [pascal(name), [name, member] as const]),
  );
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value ?? {})) {
    const member = members.get(key);
    if (member === undefined) {
      throw new TaskFailure(
        "States.Runtime",
        `The field '${path === "" ? key : `${path.slice(1)}.${key}`}' is not supported by this operation; it takes ${[...members.keys()].join(", ")}`,
      );
    }
    const converted = toSdkInput(member[1], item, `${path}.${key}`, depth + 1);
    if (converted !== undefined) result[member[0]] = converted;
  }
  return result;
}

function mapObject(value: unknown, convert: (item: unknown, key: string) => unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convert(item, key)]));
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
