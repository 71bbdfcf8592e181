/**
 * What the endpoint needs of an SDK client module: its operations' schemas and its protocol.
 *
 * Every `@aws-sdk/client-*` exports `<Operation>$` (static schema tuples: `[9, namespace, name, traits, input, output]`) and
 * builds its wire protocol in the client's config. Both are read here once per service and nowhere else.
 */
import { NormalizedSchema } from "@smithy/core/schema";
import type { ServiceDefinition } from "../define-service.ts";

export type Protocol = "awsJson" | "restJson" | "restXml" | "awsQuery";

export interface Codec {
  createSerializer(): { write(schema: NormalizedSchema, value: unknown): void; flush(): string | Uint8Array };
  createDeserializer(): { read(schema: NormalizedSchema, bytes: Uint8Array): unknown };
}

export interface OperationSchema {
  name: string;
  input: NormalizedSchema;
  output: NormalizedSchema;
  /** Method, path template and success status, for the rest protocols. */
  http?: readonly [method: string, path: string, status: number];
}

export interface ServiceSchema {
  definition: ServiceDefinition;
  protocol: Protocol;
  /** "1.0" or "1.1", for awsJson's content type. */
  jsonVersion: string;
  /** First part of X-Amz-Target, for awsJson. */
  target: string;
  xmlNamespace: string;
  codec: Codec | undefined;
  operations: ReadonlyMap<string, OperationSchema>;
  /** Names of the modelled exceptions. */
  errors: ReadonlySet<string>;
  /** Codes that exceptions had while the service spoke awsQuery, by their names: clients of services that changed since know them by both. */
  queryErrors: ReadonlyMap<string, string>;
}

interface SdkProtocol {
  getShapeId(): string;
  getPayloadCodec(): Codec;
  setSerdeContext(config: object): void;
  serviceTarget?: string;
  options?: { xmlNamespace?: string };
  serializer?: { settings?: { xmlNamespace?: string } };
}

// First element of the SDK's static schema tuples, by kind of shape.
const OPERATION = 9;
const ERROR = -3;

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  "aws.protocols#awsJson1_0": "awsJson",
  "aws.protocols#awsJson1_1": "awsJson",
  "aws.protocols#restJson1": "restJson",
  "aws.protocols#restXml": "restXml",
  "aws.protocols#awsQuery": "awsQuery",
};

/** Loads a service's SDK module and reads its schemas; costs one import, so callers keep the result. */
export async function loadServiceSchema(definition: ServiceDefinition): Promise<ServiceSchema> {
  const sdk = Object.entries(await definition.sdk());
  const { protocol, config } = clientProtocol(definition, sdk);
  protocol.setSerdeContext(config);
  const kind = PROTOCOLS[protocol.getShapeId()];
  if (kind === undefined)
    throw new TypeError(`${definition.name}: no server side for protocol ${protocol.getShapeId()}`);
  const operations = new Map<string, OperationSchema>();
  const errors = new Set<string>();
  const queryErrors = new Map<string, string>();
  for (const [exported, value] of sdk) {
    if (!exported.endsWith("$") || !Array.isArray(value)) continue;
    if (value[0] === OPERATION) operations.set(String(value[2]), readOperation(value));
    if (value[0] !== ERROR) continue;
    errors.add(String(value[2]));
    const code = traitQueryError(value[3]);
    if (code !== undefined) queryErrors.set(String(value[2]), code);
  }
  return {
    definition,
    protocol: kind,
    jsonVersion: protocol.getShapeId().endsWith("1_1") ? "1.1" : "1.0",
    target: protocol.serviceTarget ?? "",
    xmlNamespace: protocol.options?.xmlNamespace ?? protocol.serializer?.settings?.xmlNamespace ?? "",
    codec: kind === "awsQuery" ? undefined : protocol.getPayloadCodec(),
    operations,
    errors,
    queryErrors,
  };
}

function readOperation(tuple: readonly unknown[]): OperationSchema {
  const [, , name, traits, input, output] = tuple;
  const http = traitHttp(traits);
  return {
    name: String(name),
    input: normalized(input),
    output: normalized(output),
    ...(http === undefined ? {} : { http }),
  };
}

function traitHttp(traits: unknown): OperationSchema["http"] | undefined {
  if (typeof traits !== "object" || traits === null || !("http" in traits) || !Array.isArray(traits.http))
    return undefined;
  const [method, path, status] = traits.http;
  return [String(method), String(path), Number(status)];
}

function traitQueryError(traits: unknown): string | undefined {
  if (typeof traits !== "object" || traits === null || !("awsQueryError" in traits)) return undefined;
  return Array.isArray(traits.awsQueryError) ? String(traits.awsQueryError[0]) : undefined;
}

function normalized(schema: unknown): NormalizedSchema {
  return NormalizedSchema.of(schema as Parameters<typeof NormalizedSchema.of>[0]);
}

function clientProtocol(definition: ServiceDefinition, sdk: [string, unknown][]) {
  for (const [exported, value] of sdk) {
    if (
      !exported.endsWith("Client") ||
      exported.startsWith("_") ||
      exported === "Client" ||
      typeof value !== "function"
    )
      continue;
    const client = Reflect.construct(value, [
      { region: "us-east-1", credentials: { accessKeyId: "x", secretAccessKey: "x" } },
    ]);
    const config: unknown = Reflect.get(client, "config");
    if (typeof config === "object" && config !== null && "protocol" in config && isProtocol(config.protocol)) {
      return { protocol: config.protocol, config };
    }
  }
  throw new TypeError(
    `${definition.name}: its SDK module exports no client with a protocol; update the @aws-sdk packages together`,
  );
}

function isProtocol(value: unknown): value is SdkProtocol {
  return typeof value === "object" && value !== null && "getShapeId" in value && "getPayloadCodec" in value;
}
