/**
 * Which operation of which service a request asks for, and its input.
 *
 * Services that sign with the same name (sagemaker, sagemaker-runtime) are told apart by X-Amz-Target, else by path.
 */
import type { Readable } from "node:stream";
import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../aws-error.ts";
import type { ServiceDefinition } from "../define-service.ts";
import { checkJson } from "./check-json.ts";
import { checkTypes } from "./check-types.ts";
import { checkXml } from "./check-xml.ts";
import { hasStreamingPayload, readBoundInput } from "./http-bindings.ts";
import { readQueryInput } from "./query-input.ts";
import { createRouter, type Router } from "./route.ts";
import { type Codec, loadServiceSchema, type OperationSchema, type ServiceSchema } from "./sdk-schema.ts";
import type { SignedRequest } from "./sigv4.ts";
import { pathStyle } from "./virtual-host.ts";

export interface Resolved {
  service: ServiceSchema;
  operation: OperationSchema;
  /** The body belongs to a streaming member: do not buffer it. */
  streaming: boolean;
  readInput(body: Uint8Array | Readable): Promise<object>;
}

interface Loaded {
  schema: ServiceSchema;
  router: Router;
}

/** Loads SDK schemas when a service is first asked for, once. */
export class OperationResolver {
  readonly #bySigningName = new Map<string, ServiceDefinition[]>();
  readonly #loaded = new Map<string, Promise<Loaded>>();

  constructor(definitions: readonly ServiceDefinition[]) {
    for (const definition of definitions) {
      const known = this.#bySigningName.get(definition.signingName) ?? [];
      this.#bySigningName.set(definition.signingName, [...known, definition]);
    }
  }

  /** The schemas of a service by its dispatch name, e.g. for parameter validation. */
  async schema(definition: ServiceDefinition): Promise<ServiceSchema> {
    return (await this.#load(definition)).schema;
  }

  /** Services signing as `signingName`, loaded; used to pick the protocol an error is written in. */
  async candidates(signingName: string): Promise<ServiceSchema[]> {
    const definitions = this.#bySigningName.get(signingName) ?? [];
    return (await Promise.all(definitions.map((definition) => this.#load(definition)))).map((loaded) => loaded.schema);
  }

  /** @throws AwsError UnknownService, UnknownOperationException */
  async resolve(signingName: string, request: SignedRequest): Promise<Resolved> {
    const definitions = this.#bySigningName.get(signingName);
    if (definitions === undefined) {
      throw new AwsError(
        "UnknownService",
        `this home has no service signing as "${signingName}"; it has ${[...this.#bySigningName.keys()].sort().join(", ")}`,
        { status: 404 },
      );
    }
    for (const definition of definitions) {
      const { schema, router } = await this.#load(definition);
      const resolved =
        schema.protocol === "awsJson" ? jsonOperation(schema, request) : restOperation(schema, router, request);
      if (resolved !== undefined) return resolved;
    }
    const asked = request.headers["x-amz-target"] ?? `${request.method} ${request.rawPath}`;
    throw new AwsError("UnknownOperationException", `${signingName} has no operation for ${String(asked)}`, {
      status: 404,
    });
  }

  /** The awsQuery operation: its name stands in the body. */
  queryOperation(service: ServiceSchema, form: URLSearchParams): { operation: OperationSchema; input: object } {
    const name = form.get("Action") ?? "";
    const operation = service.operations.get(name);
    if (operation === undefined)
      throw new AwsError("InvalidAction", `The action ${name} is not valid for this web service.`);
    return { operation, input: readQueryInput(operation.input, form) };
  }

  #load(definition: ServiceDefinition): Promise<Loaded> {
    let loading = this.#loaded.get(definition.name);
    if (loading === undefined) {
      loading = loadServiceSchema(definition).then((schema) => ({
        schema,
        router: createRouter(schema, definition.name === "s3"),
      }));
      this.#loaded.set(definition.name, loading);
    }
    return loading;
  }
}

function jsonOperation(service: ServiceSchema, request: SignedRequest): Resolved | undefined {
  const [target, name] = String(request.headers["x-amz-target"] ?? "").split(".");
  const operation = target === service.target ? service.operations.get(name ?? "") : undefined;
  if (operation === undefined) return undefined;
  return {
    service,
    operation,
    streaming: false,
    async readInput(body) {
      if (!(body instanceof Uint8Array) || body.length === 0 || !operation.input.isStructSchema()) return {};
      return asInput(await decode(service, operation.input, body));
    },
  };
}

function restOperation(service: ServiceSchema, router: Router, request: SignedRequest): Resolved | undefined {
  const path = service.definition.name === "s3" ? pathStyle(request.headers.host, request.rawPath) : request.rawPath;
  const route = router(request.method, path, request.query, request.headers);
  if (route === undefined) return undefined;
  const { operation, labels } = route;
  return {
    service,
    operation,
    streaming: hasStreamingPayload(operation.input),
    readInput: (body) =>
      readBoundInput(
        operation.input,
        { labels, query: request.query, headers: request.headers, body },
        (schema, bytes) => decode(service, schema, bytes),
      ),
  };
}

async function decode(service: ServiceSchema, schema: NormalizedSchema, bytes: Uint8Array): Promise<unknown> {
  if (service.codec === undefined) throw new TypeError(`${service.definition.name} has no payload codec`);
  const json = service.protocol !== "restXml";
  if (json) checkJson(bytes);
  else checkXml(bytes);
  const decoded = await read(service.codec, schema, bytes, json ? "SerializationException" : "MalformedXML");
  if (json) checkTypes(schema, decoded);
  return decoded;
}

async function read(codec: Codec, schema: NormalizedSchema, bytes: Uint8Array, code: string): Promise<unknown> {
  try {
    return await codec.createDeserializer().read(schema, bytes);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AwsError(code, `the request body cannot be read: ${why}`, { cause: thrown });
  }
}

function asInput(decoded: unknown): object {
  if (typeof decoded === "object" && decoded !== null) return decoded;
  throw new AwsError("SerializationException", "the request body cannot be read: expected a JSON object");
}
