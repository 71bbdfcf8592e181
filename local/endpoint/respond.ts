/** Outputs and errors onto the wire, by protocol. */
import { Readable } from "node:stream";
import { XmlCodec } from "@aws-sdk/core/protocols";
import type { AwsError } from "../aws-error.ts";
import { bindOutput } from "./http-bindings.ts";
import type { OperationSchema, Protocol, ServiceSchema } from "./sdk-schema.ts";
import { escapeXml } from "./xml-text.ts";

export interface WireResponse {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array | string | Readable | undefined;
}

/** Encodes an operation's output. */
export function encodeOutput(
  service: ServiceSchema,
  operation: OperationSchema,
  output: object,
  requestId: string,
): WireResponse {
  const headers = { "x-amzn-requestid": requestId, "x-amz-request-id": requestId };
  switch (service.protocol) {
    case "awsJson":
      return {
        status: 200,
        headers: { ...headers, "content-type": `application/x-amz-json-${service.jsonVersion}` },
        body: operation.output.isStructSchema() ? write(service, operation.output, output) : "{}",
      };
    case "awsQuery":
      return {
        status: 200,
        headers: { ...headers, "content-type": "text/xml" },
        body: queryBody(service, operation, output, requestId),
      };
    default:
      return restResponse(service, operation, output, headers);
  }
}

/**
 * Encodes an error as the protocol's clients read it.
 * @param queryCode the code it had when the service spoke awsQuery: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
 */
export function encodeError(protocol: Protocol, error: AwsError, requestId: string, queryCode?: string): WireResponse {
  const fault = error.status >= 500 ? "Receiver" : "Sender";
  const headers = {
    "x-amzn-requestid": requestId,
    "x-amz-request-id": requestId,
    "x-amzn-errortype": error.code,
    ...(queryCode === undefined ? {} : { "x-amzn-query-error": `${queryCode};${fault}` }),
  };
  if (protocol === "awsJson" || protocol === "restJson") {
    const body = JSON.stringify({
      __type: error.code,
      message: error.message,
      Message: error.message,
      ...error.fields,
    });
    return {
      status: error.status,
      headers: {
        ...headers,
        "content-type": protocol === "awsJson" ? "application/x-amz-json-1.1" : "application/json",
      },
      body,
    };
  }
  const fields = Object.entries({ Code: error.code, Message: error.message, ...error.fields })
    .filter(([, value]) => typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join("");
  const body =
    protocol === "restXml"
      ? `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${fields}<RequestId>${requestId}</RequestId></Error>`
      : `<ErrorResponse><Error><Type>${fault}</Type>${fields}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
  return {
    status: error.status,
    headers: { ...headers, "content-type": protocol === "restXml" ? "application/xml" : "text/xml" },
    body,
  };
}

function restResponse(
  service: ServiceSchema,
  operation: OperationSchema,
  output: object,
  headers: Record<string, string>,
): WireResponse {
  const bound = bindOutput(operation.output, output);
  // No trait says it: an answer with Content-Range is a part of the whole.
  const status = bound.status ?? (bound.headers["content-range"] === undefined ? (operation.http?.[2] ?? 200) : 206);
  const all = { ...headers, ...bound.headers };
  switch (bound.body.kind) {
    case "none":
      return { status, headers: all, body: undefined };
    case "raw":
      return { status, headers: { "content-type": bound.body.contentType, ...all }, body: rawBody(bound.body.value) };
    case "encode": {
      const contentType = service.protocol === "restXml" ? "application/xml" : "application/json";
      return {
        status,
        headers: { "content-type": contentType, ...all },
        body: write(service, bound.body.schema, bound.body.value),
      };
    }
  }
}

function rawBody(value: unknown): Uint8Array | string | Readable {
  if (typeof value === "string" || value instanceof Uint8Array || value instanceof Readable) return value;
  throw new TypeError(`a payload must be a string, Uint8Array or Readable; found ${typeof value}`);
}

function write(service: ServiceSchema, schema: OperationSchema["output"], value: unknown): string | Uint8Array {
  if (service.codec === undefined) throw new TypeError(`${service.definition.name} has no payload codec`);
  const serializer = service.codec.createSerializer();
  serializer.write(schema, value);
  return serializer.flush();
}

function queryBody(service: ServiceSchema, operation: OperationSchema, output: object, requestId: string): string {
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  const response = (result: string) =>
    `<${operation.name}Response xmlns="${service.xmlNamespace}">${result}${metadata}</${operation.name}Response>`;
  if (!operation.output.isStructSchema()) return response("");
  const codec = new XmlCodec({
    timestampFormat: { useTrait: true, default: 5 },
    httpBindings: false,
    xmlNamespace: service.xmlNamespace,
    serviceNamespace: "",
  });
  const serializer = codec.createSerializer();
  serializer.write(operation.output, output);
  const text = String(serializer.flush());
  // The serializer names the root after the shape; awsQuery wants `<Operation>Result`.
  const inner = /^<[^>]+\/>$/.test(text) ? "" : text.slice(text.indexOf(">") + 1, text.lastIndexOf("</"));
  return response(`<${operation.name}Result>${inner}</${operation.name}Result>`);
}
