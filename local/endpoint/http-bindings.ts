/**
 * Smithy HTTP bindings, server side: request → input members, output members → response.
 * Which member sits where is a trait of the SDK's own schema (httpLabel, httpQuery, httpHeader, httpPrefixHeaders,
 * httpPayload, httpResponseCode); members without one are in the body.
 * Source: https://smithy.io/2.0/spec/http-bindings.html
 */
import type { Readable } from "node:stream";
import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../aws-error.ts";
import { formatTimestamp, parseText } from "./http-values.ts";

export interface BoundRequest {
  labels: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Uint8Array | Readable;
}

export interface BoundResponse {
  headers: Record<string, string>;
  status: number | undefined;
  /** What goes into the body: the payload member as it is, or the rest members to be encoded by `schema`. */
  body:
    | { kind: "none" }
    | { kind: "raw"; value: unknown; contentType: string }
    | { kind: "encode"; schema: NormalizedSchema; value: unknown; payload: boolean };
}

type ReadBody = (schema: NormalizedSchema, bytes: Uint8Array) => unknown;

const PREFIX_CONTENT_TYPE = "application/octet-stream";

/** True when the request's body belongs to a streaming blob member, so that it must not be buffered. */
export function hasStreamingPayload(schema: NormalizedSchema): boolean {
  if (!schema.isStructSchema()) return false;
  for (const [, member] of schema.structIterator()) {
    if (member.getMergedTraits().httpPayload && member.isStreaming()) return true;
  }
  return false;
}

/** Reads every member of `schema` from its place in the request. */
export async function readBoundInput(
  schema: NormalizedSchema,
  request: BoundRequest,
  readBody: ReadBody,
): Promise<object> {
  const input: Record<string, unknown> = {};
  if (!schema.isStructSchema()) return input;
  const bodyMembers: string[] = [];
  for (const [name, member] of schema.structIterator()) {
    const traits = member.getMergedTraits();
    let value: unknown;
    if (traits.httpLabel) value = readScalar(member, request.labels[name], "label");
    else if (traits.httpQuery) value = readQuery(member, request.query.getAll(String(traits.httpQuery)));
    else if (traits.httpQueryParams) value = Object.fromEntries(request.query);
    else if (traits.httpHeader) value = readHeader(member, headerText(request, String(traits.httpHeader)));
    else if (typeof traits.httpPrefixHeaders === "string") value = readPrefixHeaders(request, traits.httpPrefixHeaders);
    else if (traits.httpPayload) value = await readPayload(member, request.body, readBody);
    else bodyMembers.push(name);
    if (value !== undefined) input[name] = value;
  }
  if (bodyMembers.length > 0 && request.body instanceof Uint8Array && request.body.length > 0) {
    const decoded = await readBody(schema, request.body);
    if (typeof decoded === "object" && decoded !== null) {
      for (const name of bodyMembers) {
        const value: unknown = Reflect.get(decoded, name);
        if (value !== undefined && value !== null) input[name] = value;
      }
    }
  }
  return input;
}

/** Splits an output into headers, status and body. */
export function bindOutput(schema: NormalizedSchema, output: object): BoundResponse {
  const response: BoundResponse = { headers: {}, status: undefined, body: { kind: "none" } };
  if (!schema.isStructSchema()) return response;
  const rest: Record<string, unknown> = {};
  let bodyMembers = 0;
  let payload: BoundResponse["body"] | undefined;
  for (const [name, member] of schema.structIterator()) {
    const traits = member.getMergedTraits();
    const value: unknown = Reflect.get(output, name);
    if (traits.httpPayload) payload = bindPayload(member, value);
    else if (!traits.httpHeader && traits.httpPrefixHeaders === undefined && !traits.httpResponseCode) {
      bodyMembers++;
      if (value !== undefined) rest[name] = value;
    } else if (value === undefined || value === null) continue;
    else if (traits.httpResponseCode) response.status = Number(value);
    else if (traits.httpHeader) response.headers[String(traits.httpHeader).toLowerCase()] = writeHeader(member, value);
    else
      for (const [key, text] of Object.entries(value))
        response.headers[`${String(traits.httpPrefixHeaders)}${key}`.toLowerCase()] = String(text);
  }
  if (payload !== undefined) response.body = payload;
  else if (bodyMembers > 0) response.body = { kind: "encode", schema, value: rest, payload: false };
  return response;
}

function bindPayload(member: NormalizedSchema, value: unknown): BoundResponse["body"] {
  if (value === undefined || value === null) return { kind: "none" };
  if (member.isBlobSchema() || member.isStringSchema()) {
    return { kind: "raw", value, contentType: member.isStringSchema() ? "text/plain" : PREFIX_CONTENT_TYPE };
  }
  return { kind: "encode", schema: member, value, payload: true };
}

async function readPayload(
  member: NormalizedSchema,
  body: Uint8Array | Readable,
  readBody: ReadBody,
): Promise<unknown> {
  if (!(body instanceof Uint8Array)) return body;
  if (member.isBlobSchema()) return body.length === 0 ? undefined : body;
  if (body.length === 0) return undefined;
  if (member.isStringSchema()) return Buffer.from(body).toString("utf8");
  return await readBody(member, body);
}

function headerText(request: BoundRequest, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(", ") : value;
}

function readPrefixHeaders(request: BoundRequest, prefix: string): Record<string, string> | undefined {
  // A map, for a caller may name a header's rest "__proto__".
  const found = new Map<string, string>();
  const wanted = prefix.toLowerCase();
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith(wanted) && value !== undefined) found.set(name.slice(wanted.length), String(value));
  }
  return found.size > 0 ? Object.fromEntries(found) : undefined;
}

function readQuery(member: NormalizedSchema, values: string[]): unknown {
  if (values.length === 0) return undefined;
  if (!member.isListSchema()) return readScalar(member, values[0], "query");
  return values.map((value) => readScalar(member.getValueSchema(), value, "query"));
}

function readHeader(member: NormalizedSchema, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (!member.isListSchema()) return readScalar(member, text, "header");
  return text.split(",").map((part) => readScalar(member.getValueSchema(), part.trim(), "header"));
}

function readScalar(member: NormalizedSchema, text: string | undefined, place: "label" | "query" | "header"): unknown {
  if (text === undefined) return undefined;
  const value = parseText(member, text, place);
  if (value === undefined) {
    throw new AwsError(
      "ValidationException",
      `${place} ${member.getMemberName()}: expected a ${kindOf(member)}, found "${text.slice(0, 80)}"`,
    );
  }
  return value;
}

function kindOf(member: NormalizedSchema): string {
  if (member.isNumericSchema()) return "number";
  return member.isBooleanSchema() ? "boolean" : "timestamp";
}

function writeHeader(member: NormalizedSchema, value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => writeHeader(member.getValueSchema(), item)).join(",");
  if (value instanceof Date) return formatTimestamp(member, value);
  return String(value);
}
