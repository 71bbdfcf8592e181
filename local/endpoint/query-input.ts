/**
 * The awsQuery request body (`Tags.member.1.Key=a&…`) → input, by the SDK's schema.
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../aws-error.ts";
import { parseText } from "./http-values.ts";

const MAX_ITEMS = 10_000;

/** The first value of each parameter: looked up in a form with thousands of them. */
type Form = ReadonlyMap<string, string>;

/** Reads a structure from flat form parameters. @throws AwsError MalformedInput for a list longer than any of AWS */
export function readQueryInput(schema: NormalizedSchema, parameters: URLSearchParams): object {
  const form = new Map([...parameters].reverse());
  const value = schema.isStructSchema() ? readStruct(schema, "", form) : undefined;
  return value ?? {};
}

function readStruct(schema: NormalizedSchema, prefix: string, form: Form): object | undefined {
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const wireName = String(member.getMergedTraits().xmlName ?? name);
    const value = readValue(member, prefix + wireName, form);
    if (value !== undefined) result[name] = value;
  }
  return Object.keys(result).length > 0 || prefix === "" ? result : undefined;
}

function readValue(schema: NormalizedSchema, key: string, form: Form): unknown {
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
      return name === undefined
        ? undefined
        : ([name, readValue(schema.getValueSchema(), `${at}.${valueName}`, form)] as const);
    });
    return entries === undefined ? undefined : Object.fromEntries(entries);
  }
  const text = form.get(key);
  if (text === undefined) return undefined;
  if (schema.isBlobSchema()) return Uint8Array.from(Buffer.from(text, "base64"));
  return parseText(schema, text, "query");
}

function readIndexed<T>(prefix: string, form: Form, read: (key: string) => T | undefined): T[] | undefined {
  const items: T[] = [];
  for (let index = 1; ; index++) {
    const item = read(`${prefix}.${index}`);
    if (item === undefined) break;
    if (index > MAX_ITEMS) throw new AwsError("MalformedInput", `${prefix} has more than ${MAX_ITEMS} members`);
    items.push(item);
  }
  if (items.length > 0) return items;
  return form.has(prefix) ? [] : undefined;
}
