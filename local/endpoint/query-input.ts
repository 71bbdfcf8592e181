/**
 * The awsQuery request body (`Tags.member.1.Key=a&…`) → input, by the SDK's schema.
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
import type { NormalizedSchema } from "@smithy/core/schema";
import { parseText } from "./http-values.ts";

const MAX_ITEMS = 10_000;

/** Reads a structure from flat form parameters. */
export function readQueryInput(schema: NormalizedSchema, form: URLSearchParams): object {
  const value = schema.isStructSchema() ? readStruct(schema, "", form) : undefined;
  return value ?? {};
}

function readStruct(schema: NormalizedSchema, prefix: string, form: URLSearchParams): object | undefined {
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const wireName = String(member.getMergedTraits().xmlName ?? name);
    const value = readValue(member, prefix + wireName, form);
    if (value !== undefined) result[name] = value;
  }
  return Object.keys(result).length > 0 || prefix === "" ? result : undefined;
}

function readValue(schema: NormalizedSchema, key: string, form: URLSearchParams): unknown {
  if (schema.isStructSchema()) return readStruct(schema, `${key}.`, form);
  const flat = Boolean(schema.getMergedTraits().xmlFlattened);
  if (schema.isListSchema()) {
    const item = String(schema.getValueSchema().getMergedTraits().xmlName ?? "member");
    return readIndexed(flat ? key : `${key}.${item}`, form, (at) => readValue(schema.getValueSchema(), at, form));
  }
  if (schema.isMapSchema()) {
    const keyName = String(schema.getKeySchema().getMergedTraits().xmlName ?? "key");
    const valueName = String(schema.getValueSchema().getMergedTraits().xmlName ?? "value");
    const entries = readIndexed(flat ? key : `${key}.entry`, form, (at) => {
      const name = form.get(`${at}.${keyName}`);
      return name === null
        ? undefined
        : ([name, readValue(schema.getValueSchema(), `${at}.${valueName}`, form)] as const);
    });
    return entries === undefined ? undefined : Object.fromEntries(entries);
  }
  const text = form.get(key);
  if (text === null) return undefined;
  if (schema.isBlobSchema()) return Uint8Array.from(Buffer.from(text, "base64"));
  return parseText(schema, text, "query");
}

function readIndexed<T>(prefix: string, form: URLSearchParams, read: (key: string) => T | undefined): T[] | undefined {
  const items: T[] = [];
  for (let index = 1; index <= MAX_ITEMS; index++) {
    const item = read(`${prefix}.${index}`);
    if (item === undefined) break;
    items.push(item);
  }
  if (items.length > 0) return items;
  return form.has(prefix) ? [] : undefined;
}
