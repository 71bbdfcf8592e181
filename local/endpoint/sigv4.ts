/**
 * AWS Signature Version 4, the verifying side: header and presigned-query forms.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 *
 *   V1. A request without a valid signature of a known key never reaches a service.
 *   V2. Signatures are compared in constant time.
 *   V3. The clock may differ by 15 minutes at most; a presigned URL ends after X-Amz-Expires.
 *   V4. Host and every x-amz-* header are signed: what a service acts on is what the key's owner meant.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../aws-error.ts";
import { type ChunkSignatures, createChunkSignatures } from "./chunk-signatures.ts";
import { incompleteSignature, requestExpired, signatureMismatch } from "./signature-errors.ts";

export interface SignedRequest {
  method: string;
  /** Path as sent, still encoded, without the query. */
  rawPath: string;
  query: URLSearchParams;
  headers: Readonly<IncomingHttpHeaders>;
}

export interface Signature {
  accessKeyId: string;
  sessionToken: string | undefined;
  signingName: string;
  /** Hex SHA-256 of the body as the client declared it, or a marker such as UNSIGNED-PAYLOAD; undefined: to be computed. */
  payloadHash: string | undefined;
  /** Throws when the signature is not of this secret; `bodyHash` is used where the client declared none. */
  verify(secretAccessKey: string, bodyHash: string): void;
  /** Checks the chunks of a body in aws-chunked, whose signatures go on from this one. */
  chunkSignatures(secretAccessKey: string): ChunkSignatures;
}

interface CredentialScope {
  accessKeyId: string;
  date: string;
  region: string;
  signingName: string;
}

interface Scope extends CredentialScope {
  signedHeaders: string[];
  signature: string;
  timestamp: string;
}

const ALGORITHM = "AWS4-HMAC-SHA256";
const MAX_SKEW_MS = 15 * 60_000;

/** The service a request says it is for, whether or not it is signed well: its refusal is written in that service's protocol. */
export function claimedService(request: SignedRequest): string {
  const credential = request.query.get("X-Amz-Credential") ?? header(request, "authorization") ?? "";
  return /\/([^/]+)\/aws4_request/.exec(credential)?.[1] ?? "";
}

/** Reads the signature's claims; throws as AWS does when they are missing, malformed or out of time. */
export function readSignature(request: SignedRequest, nowMs: number): Signature {
  refuseVersion2(request);
  const presigned = request.query.has("X-Amz-Signature");
  const scope = presigned ? scopeFromQuery(request) : scopeFromHeader(request);
  checkTime(scope, request, presigned, nowMs);
  checkSignedHeaders(scope, request);
  const declared = header(request, "x-amz-content-sha256");
  const payloadHash = presigned ? (declared ?? "UNSIGNED-PAYLOAD") : declared;
  return {
    accessKeyId: scope.accessKeyId,
    sessionToken: presigned
      ? (request.query.get("X-Amz-Security-Token") ?? undefined)
      : header(request, "x-amz-security-token"),
    signingName: scope.signingName,
    payloadHash,
    verify: (secret, bodyHash) => verify(request, scope, secret, payloadHash ?? bodyHash),
    chunkSignatures: (secret) =>
      createChunkSignatures({
        key: signingKey(scope, secret),
        timestamp: scope.timestamp,
        credentialScope: credentialScope(scope),
        seed: scope.signature,
      }),
  };
}

/** No client of today signs headers so; presigned URLs of version 2 are read in sigv2.ts. */
function refuseVersion2(request: SignedRequest): void {
  if (header(request, "authorization")?.startsWith("AWS ") !== true) return;
  throw new AwsError(
    "InvalidRequest",
    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
  );
}

/** Checks the signature of a form's policy. @throws AwsError SignatureDoesNotMatch, IncompleteSignature */
export function verifyPolicyVersion4(policy: string, credential: string, signature: string, secret: string): void {
  matchSignature(hmac(signingKey(readCredential(credential), secret), policy), signature);
}

function verify(request: SignedRequest, scope: Scope, secret: string, payloadHash: string): void {
  const canonical = canonicalRequest(request, scope, payloadHash);
  const hash = createHash("sha256").update(canonical).digest("hex");
  const expected = hmac(
    signingKey(scope, secret),
    [ALGORITHM, scope.timestamp, credentialScope(scope), hash].join("\n"),
  );
  matchSignature(expected, scope.signature);
}

function matchSignature(expected: Buffer, signature: string): void {
  const given = Buffer.from(signature, "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw signatureMismatch();
}

function signingKey(scope: CredentialScope, secret: string): Buffer {
  return credentialScope(scope)
    .split("/")
    .reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`));
}

function credentialScope({ date, region, signingName }: CredentialScope): string {
  return `${date}/${region}/${signingName}/aws4_request`;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function canonicalRequest(request: SignedRequest, scope: Scope, payloadHash: string): string {
  // S3 signs the path as sent; every other service signs it encoded once more.
  const path = scope.signingName === "s3" ? request.rawPath : encodePath(request.rawPath);
  const query = [...request.query]
    .filter(([key]) => key !== "X-Amz-Signature")
    .map(([key, value]) => [encode(key), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([key, value]) => `${key}=${value}`)
    .join("&");
  const headers = scope.signedHeaders
    .map((name) => `${name}:${(header(request, name) ?? "").trim().replaceAll(/\s+/g, " ")}\n`)
    .join("");
  return [request.method, path, query, headers, scope.signedHeaders.join(";"), payloadHash].join("\n");
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function encodePath(path: string): string {
  return path.split("/").map(encode).join("/");
}

function header(request: SignedRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}

function scopeFromHeader(request: SignedRequest): Scope {
  const authorization = header(request, "authorization");
  if (authorization === undefined) {
    throw new AwsError(
      "MissingAuthenticationToken",
      "Request is missing Authentication Token; sign it with the home's credentials (`npx tidemill env` prints them)",
      { status: 403 },
    );
  }
  const match = /^AWS4-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
    authorization,
  );
  if (match === null)
    throw incompleteSignature("expected 'AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…'");
  const [, credential = "", signedHeaders = "", signature = ""] = match;
  const timestamp = header(request, "x-amz-date") ?? isoBasic(header(request, "date"));
  return { ...readCredential(credential), signedHeaders: signedHeaders.split(";"), signature, timestamp };
}

function scopeFromQuery(request: SignedRequest): Scope {
  const get = (name: string) => {
    const value = request.query.get(name);
    if (value === null) throw incompleteSignature(`query parameter ${name} is missing`);
    return value;
  };
  if (get("X-Amz-Algorithm") !== ALGORITHM) throw incompleteSignature(`X-Amz-Algorithm must be ${ALGORITHM}`);
  return {
    ...readCredential(get("X-Amz-Credential")),
    signedHeaders: get("X-Amz-SignedHeaders").split(";"),
    signature: get("X-Amz-Signature"),
    timestamp: get("X-Amz-Date"),
  };
}

function readCredential(credential: string): CredentialScope {
  const parts = credential.split("/");
  const [date, region, signingName, terminator] = parts.slice(-4);
  if (
    parts.length < 5 ||
    date === undefined ||
    region === undefined ||
    signingName === undefined ||
    terminator !== "aws4_request"
  ) {
    throw incompleteSignature("Credential must be <access key>/<date>/<region>/<service>/aws4_request");
  }
  return { accessKeyId: parts.slice(0, -4).join("/"), date, region, signingName };
}

function checkTime(scope: Scope, request: SignedRequest, presigned: boolean, nowMs: number): void {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(scope.timestamp);
  const signedMs =
    parts === null
      ? Number.NaN
      : Date.parse(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z`);
  if (Number.isNaN(signedMs) || !scope.timestamp.startsWith(scope.date))
    throw incompleteSignature(
      `X-Amz-Date '${scope.timestamp}' is not the ISO 8601 basic form, or not of the credential's day`,
    );
  const validMs = presigned ? Math.min(Number(request.query.get("X-Amz-Expires") ?? 0), 604_800) * 1000 : MAX_SKEW_MS;
  if (!(nowMs <= signedMs + validMs) || signedMs > nowMs + MAX_SKEW_MS) {
    if (presigned) throw requestExpired();
    throw new AwsError(
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
      { status: 403 },
    );
  }
}

/**
 * S3 says it in its own words. Of other services some are seen to let x-amz-* headers pass unsigned, though the rule is theirs too;
 * here all of them refuse. `x-amz-content-sha256` is signed as the payload's hash in any case.
 */
function checkSignedHeaders(scope: Scope, request: SignedRequest): void {
  const signed = new Set(scope.signedHeaders);
  const unsigned = Object.keys(request.headers).filter(
    (name) => (name === "host" || (name.startsWith("x-amz-") && name !== "x-amz-content-sha256")) && !signed.has(name),
  );
  if (unsigned.length === 0) return;
  if (scope.signingName === "s3")
    throw new AwsError("AccessDenied", "There were headers present in the request which were not signed", {
      status: 403,
      fields: { HeadersNotSigned: unsigned.join(", ") },
    });
  const named = unsigned.includes("host") ? "'Host' or ':authority'" : `'${unsigned[0]}'`;
  throw new AwsError("InvalidSignatureException", `${named} must be a 'SignedHeader' in the AWS Authorization.`, {
    status: 403,
  });
}

function isoBasic(date: string | undefined): string {
  const ms = Date.parse(date ?? "");
  if (Number.isNaN(ms)) throw incompleteSignature("X-Amz-Date or Date header is missing");
  return new Date(ms).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
}
