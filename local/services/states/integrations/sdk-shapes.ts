/**
 * Between a Task's JSON and an SDK operation's shapes, driven by the SDK's own schemas.
 *
 * Step Functions writes every member in PascalCase whatever the service does (aws-sdk integrations as AWS SDK for Java 2 does:
 * `DbInstanceIdentifier`), gives blobs as text, and timestamps as ISO 8601 text (aws-sdk integrations) or epoch milliseconds
 * (optimized ones).
 */
import { Readable } from "node:stream";
import type { NormalizedSchema } from "@smithy/core/schema";
import { instantText } from "../../../../engine/states/index.ts";
import { memberName } from "../../../api-models/member-name.ts";
import { truthValue } from "../../../api-models/truth-value.ts";
import { TaskFailure } from "./task-failure.ts";

export type IntegrationStyle = "aws-sdk" | "optimized";

const MAX_DEPTH = 100;

/** A field the operation does not have. The message begins as AWS's answer does. */
export class UnsupportedFieldError extends Error {
  override readonly name = "UnsupportedFieldError";
  readonly code = "UnsupportedField";
  /** How it may have been meant: AWS does not say. */
  readonly help: string;

  constructor(field: string, known: readonly string[]) {
    super(`The field "${field}" is not supported by Step Functions`);
    const meant = known.find((name) => name.toLowerCase() === field.toLowerCase());
    this.help = meant === undefined ? `it takes ${known.join(", ")}` : `it is written '${meant}'`;
  }
}

/** JSON parameters → SDK input. @throws {UnsupportedFieldError} @throws {TaskFailure} States.Runtime for parameters too deep */
export function toSdkInput(
  schema: NormalizedSchema,
  value: unknown,
  style: IntegrationStyle,
  path = "",
  depth = 0,
): unknown {
  if (depth > MAX_DEPTH)
    throw new TaskFailure("States.Runtime", `The parameters are nested deeper than ${MAX_DEPTH} levels at ${path}`);
  // A streamed body is the value as JSON, a text with its quotation marks and null as `null`: recorded on AWS by their checksums.
  if (style === "aws-sdk" && schema.isStreaming() && value !== undefined) return Buffer.from(JSON.stringify(value));
  if (value === null || value === undefined) return undefined;
  if (schema.isDocumentSchema()) return value;
  if (schema.isListSchema()) {
    return Array.isArray(value)
      ? value.map((item, index) => toSdkInput(schema.getValueSchema(), item, style, `${path}[${index}]`, depth + 1))
      : value;
  }
  if (schema.isMapSchema())
    return mapObject(value, (item, key) =>
      toSdkInput(schema.getValueSchema(), item, style, `${path}.${key}`, depth + 1),
    );
  if (schema.isStructSchema()) return structInput(schema, value, style, path, depth);
  if (schema.isBlobSchema()) return Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
  if (schema.isTimestampSchema()) return new Date(typeof value === "number" ? value * 1000 : String(value));
  if (style === "aws-sdk" && schema.isBooleanSchema()) {
    const truth = truthValue(value);
    return truth === undefined ? value : (truth ?? undefined);
  }
  if (schema.isStringSchema() && typeof value === "object") return JSON.stringify(value);
  return value;
}

/** SDK output → JSON as the state sees it. Streams are read whole, as text. */
export async function toTaskOutput(
  schema: NormalizedSchema,
  value: unknown,
  style: IntegrationStyle,
): Promise<unknown> {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Date) return style === "aws-sdk" ? instantText(value.getTime()) : value.getTime();
  if (value instanceof Readable) return Buffer.concat(await value.toArray()).toString("utf8");
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  if (schema.isDocumentSchema()) return value;
  if (schema.isListSchema() && Array.isArray(value)) {
    return Promise.all(value.map((item) => toTaskOutput(schema.getValueSchema(), item, style)));
  }
  if (schema.isMapSchema() && typeof value === "object") {
    const entries = Object.entries(value).map(async ([key, item]) => [
      key,
      await toTaskOutput(schema.getValueSchema(), item, style),
    ]);
    return Object.fromEntries(await Promise.all(entries));
  }
  if (!schema.isStructSchema() || typeof value !== "object") return value;
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const item = await toTaskOutput(member, Reflect.get(value, name), style);
    if (item !== undefined) result[written(name, style)] = item;
  }
  return result;
}

function structInput(
  schema: NormalizedSchema,
  value: unknown,
  style: IntegrationStyle,
  path: string,
  depth: number,
): unknown {
  if (typeof value !== "object" || Array.isArray(value)) return value;
  const members = new Map(
    [...schema.structIterator()].map(([name, member]) => [written(name, style), [name, member] as const]),
  );
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value ?? {})) {
    const member = members.get(key);
    if (member === undefined) throw new UnsupportedFieldError(key, [...members.keys()]);
    const converted = toSdkInput(member[1], item, style, `${path}.${key}`, depth + 1);
    if (converted === undefined) continue;
    // Without a type of its own it has the one that AWS SDK for Java 2 gives to texts.
    if (style === "aws-sdk" && member[1].isStreaming() && members.has("ContentType"))
      result.ContentType ??= "text/plain; charset=UTF-8";
    result[member[0]] = converted;
  }
  return result;
}

function mapObject(value: unknown, convert: (item: unknown, key: string) => unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convert(item, key)]));
}

function written(name: string, style: IntegrationStyle): string {
  return style === "aws-sdk" ? memberName(name) : name.charAt(0).toUpperCase() + name.slice(1);
}
