/**
 * The endpoint: every AWS client speaks to it as it speaks to AWS.
 * Loopback only; Host checked against DNS rebinding; every request's signature verified before a service sees it.
 */
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AwsError, toAwsError } from "../aws-error.ts";
import type { Clock } from "../clock.ts";
import type { Credentials } from "../credentials.ts";
import type { Call } from "../define-service.ts";
import type { Dispatch } from "../dispatch.ts";
import { listenOnLoopback } from "../loopback.ts";
import type { Principal } from "../principal.ts";
import { StoredBody } from "../stored-body.ts";
import { connectionLimit, limitConnections } from "./connections.ts";
import { formAnswer, isFormUpload, putRequestOf, readFormUpload } from "./form-upload.ts";
import { answerView, type OwnView } from "./own-view.ts";
import { withQueryHeaders } from "./query-headers.ts";
import { RequestBody } from "./request-body.ts";
import type { OperationResolver } from "./resolve-operation.ts";
import { encodeError, encodeOutput, type WireResponse } from "./respond.ts";
import type { Protocol, ServiceSchema } from "./sdk-schema.ts";
import { sendStored } from "./send-stored.ts";
import { inWordsOf } from "./signature-errors.ts";
import { isPresignedVersion2, readSignatureVersion2 } from "./sigv2.ts";
import { claimedService, readSignature, type SignedRequest } from "./sigv4.ts";
import { unpackBody } from "./unpack-body.ts";

// As `require` gives it: an import reads all that node:http exports, WebSocket among it, for which Node loads its whole fetch.
const { createServer } = process.getBuiltinModule("node:http");

export interface EndpointOptions {
  resolver: OperationResolver;
  dispatch: Dispatch;
  credentials: Credentials;
  clock: Clock;
  uuid: () => string;
  log: (level: "warn" | "error", message: string, fields?: Record<string, unknown>) => void;
  /** Paths under /_tidemill/ are answered by this, without a signature; undefined: 404. */
  ownPage?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Other paths under /_tidemill/, signed. */
  ownView?: OwnView;
}

/** The most any operation takes whole: InvokeEndpoint of a real-time endpoint. */
const BUFFERED_LIMIT_BYTES = 25 * 1024 * 1024;
const DRAINED_BYTES = 256 * 1024 * 1024;
/** No name ends in a number, so a host prefix before the address (sync-127.0.0.1) comes from this machine too. */
const LOOPBACK_HOST = /^(([a-z0-9.-]+\.)?localhost|([a-z]+[.-])?127\.0\.0\.1|\[::1\])(:\d+)?$/i;

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  requestId: string;
  /** Tells a client that waits before it sends its body (Expect: 100-continue) that its request is good so far. */
  goOn: () => void;
}

/** Listens on 127.0.0.1:`port` (0: any free port). @throws the listen error, EADDRINUSE included */
export async function listen(options: EndpointOptions, port: number): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    void answer(options, { request, response, requestId: options.uuid(), goOn: () => undefined });
  });
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    // Refused without its body, a client may send it or not: the connection would be out of step.
    response.shouldKeepAlive = false;
    const goOn = () => {
      response.shouldKeepAlive = true;
      response.writeContinue();
    };
    void answer(options, { request, response, requestId: options.uuid(), goOn });
  });
  const { connections, fewFiles } = connectionLimit();
  limitConnections(server, connections);
  if (fewFiles !== undefined)
    options.log(
      "warn",
      `${fewFiles} files may be open here, so ${connections} connections at most; more with ulimit -n 4096`,
    );
  server.headersTimeout = 15_000;
  server.requestTimeout = 300_000;
  return { server, url: `http://127.0.0.1:${await listenOnLoopback(server, port)}` };
}

async function answer(options: EndpointOptions, exchange: Exchange): Promise<void> {
  const { request, response, requestId } = exchange;
  const aborter = new AbortController();
  response.on("close", () => response.writableFinished || aborter.abort());
  const own = request.url?.startsWith("/_tidemill/") ?? false;
  let schemas: ServiceSchema[] = [];
  let protocol: Protocol = own ? "awsJson" : protocolOf([], request.headers);
  try {
    if (!LOOPBACK_HOST.test(request.headers.host ?? ""))
      throw new AwsError("InvalidHost", `Host "${request.headers.host ?? ""}" is not this machine's loopback name`, {
        status: 403,
      });
    if (own && options.ownPage?.(request, response)) return;
    const signed = readRequest(request);
    schemas = own ? [] : await options.resolver.candidates(claimedService(signed));
    if (!own) protocol = protocolOf(schemas, request.headers);
    const wire = await answerTo(options, exchange, { signed, schemas, own, signal: aborter.signal });
    await send(exchange, wire);
  } catch (thrown) {
    const error = inWordsOf(protocol, toAwsError(thrown));
    if (error.status >= 500 && error.code === "InternalFailure" && !aborter.signal.aborted)
      options.log("error", error.message, {
        requestId,
        stack: error.cause instanceof Error ? error.cause.stack : undefined,
      });
    if (!response.headersSent)
      await send(exchange, encodeError(protocol, error, requestId, queryCodeOf(schemas, protocol, error))).catch(() =>
        response.destroy(),
      );
    else response.destroy();
  }
}

interface Read {
  signed: SignedRequest;
  schemas: ServiceSchema[];
  /** For the home's own views. */
  own: boolean;
  signal: AbortSignal;
}

async function answerTo(options: EndpointOptions, exchange: Exchange, read: Read): Promise<WireResponse> {
  const { request, requestId } = exchange;
  const { signed, schemas, own, signal } = read;
  const nowMs = options.clock.now();
  const trace = request.headers["x-amzn-trace-id"];
  const call = { requestId, signal, trace: typeof trace === "string" ? trace : undefined };
  if (!own && isFormUpload(signed)) return serveForm(options, exchange, signed, call);
  const signature = isPresignedVersion2(signed) ? readSignatureVersion2(signed, nowMs) : readSignature(signed, nowMs);
  const { accessKeyId, sessionToken, signingName } = signature;
  const { principal, secretAccessKey } = options.credentials.resolve(accessKeyId, sessionToken, nowMs);
  const body = new RequestBody(request, signature, secretAccessKey, exchange.goOn);
  if (own) return serveView(options, signed, body, principal);
  const asked = signingName === "s3" ? withQueryHeaders(signed) : signed;
  return serve(options, { signed: asked, signingName, schemas, body, call: { ...call, principal } });
}

/** S3's upload by a form, which stands for a PutObject. */
async function serveForm(
  options: EndpointOptions,
  { request, goOn }: Exchange,
  signed: SignedRequest,
  call: Omit<Call, "principal">,
): Promise<WireResponse> {
  goOn();
  const form = await readFormUpload(request, signed);
  const nowMs = options.clock.now();
  const { principal, secretAccessKey } = options.credentials.resolve(form.accessKeyId, form.sessionToken, nowMs);
  form.verify(secretAccessKey, nowMs);
  const { service, operation, readInput } = await options.resolver.resolve("s3", putRequestOf(form));
  const input = await readInput(Readable.from([form.file], { objectMode: false }));
  const output = await options.dispatch(service.definition.name, operation.name, input, { ...call, principal });
  const { headers } = encodeOutput(service, operation, output, call.requestId);
  return formAnswer(form, headers, `http://${request.headers.host}`);
}

async function serveView(
  options: EndpointOptions,
  signed: SignedRequest,
  body: RequestBody,
  principal: Principal,
): Promise<WireResponse> {
  await body.whole(BUFFERED_LIMIT_BYTES);
  return answerView(options.ownView ?? (() => undefined), signed.rawPath, signed.query, principal);
}

interface Asked {
  signed: SignedRequest;
  signingName: string;
  schemas: ServiceSchema[];
  body: RequestBody;
  call: Call;
}

async function serve(options: EndpointOptions, asked: Asked): Promise<WireResponse> {
  const { signed, schemas, body, call } = asked;
  const unpacked = async () => unpackBody(await body.whole(BUFFERED_LIMIT_BYTES), signed.headers, BUFFERED_LIMIT_BYTES);
  const query = schemas.find((schema) => schema.protocol === "awsQuery");
  if (query !== undefined) {
    const form = new URLSearchParams(Buffer.from(await unpacked()).toString("utf8"));
    const { operation, input } = options.resolver.queryOperation(query, form);
    const output = await options.dispatch(query.definition.name, operation.name, input, call);
    return encodeOutput(query, operation, output, call.requestId);
  }
  const { service, operation, streaming, readInput } = await options.resolver.resolve(asked.signingName, signed);
  const packed = service.protocol === "awsJson";
  const input = await readInput(
    streaming ? body.stream() : packed ? await unpacked() : await body.whole(BUFFERED_LIMIT_BYTES),
  );
  const output = await options.dispatch(service.definition.name, operation.name, input, call);
  return encodeOutput(service, operation, output, call.requestId);
}

function readRequest(request: IncomingMessage): SignedRequest {
  const [rawPath = "/", search = ""] = (request.url ?? "/").split(/\?(.*)/s);
  try {
    decodeURIComponent(rawPath);
  } catch (cause) {
    throw new AwsError("InvalidURI", "Couldn't parse the specified URI.", { cause });
  }
  return { method: request.method ?? "GET", rawPath, query: new URLSearchParams(search), headers: request.headers };
}

function queryCodeOf(schemas: ServiceSchema[], protocol: Protocol, { code }: AwsError): string | undefined {
  if (protocol !== "awsJson") return undefined;
  return schemas.find((schema) => schema.protocol === "awsJson")?.queryErrors.get(code);
}

/** The protocol an answer is written in: the service's, or while none is known the one the request looks like. */
function protocolOf(schemas: ServiceSchema[], headers: IncomingHttpHeaders): Protocol {
  const json = headers["x-amz-target"] !== undefined;
  const schema = schemas.find(({ protocol }) => (protocol === "awsJson") === json) ?? schemas[0];
  if (schema !== undefined) return schema.protocol;
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return "awsQuery";
  return json || headers["content-type"]?.includes("json") ? "awsJson" : "restXml";
}

async function send({ request, response }: Exchange, wire: WireResponse): Promise<void> {
  if (!request.readableEnded) drain(request);
  const { body } = wire;
  if (body instanceof Readable) {
    response.writeHead(wire.status, wire.headers);
    if (request.method === "HEAD") return void response.end();
    if (body instanceof StoredBody) await sendStored(body, response);
    else await pipeline(body, response);
    return;
  }
  const bytes = body === undefined ? Buffer.alloc(0) : typeof body === "string" ? Buffer.from(body) : body;
  const empty = wire.status === 204 || wire.status === 304;
  const length =
    empty || (request.method === "HEAD" && wire.headers["content-length"] !== undefined)
      ? {}
      : { "content-length": String(bytes.length) };
  response.writeHead(wire.status, { ...length, ...wire.headers });
  response.end(request.method === "HEAD" || empty ? undefined : bytes);
}

/** Reads on, since an answer before the end of the body would reach no client that is still sending; a client without end is cut off. */
function drain(request: IncomingMessage): void {
  let left = DRAINED_BYTES;
  request.on("data", (bytes: Buffer) => {
    left -= bytes.length;
    if (left < 0) request.socket.destroy();
  });
  request.resume();
}
