/**
 * AWS Signature Version 4, the verifying side: header and presigned-query forms.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 *
 *   V1. A request without a valid signature of a known key never reaches a service.
 *   V2. Signatures are compared in constant time.
 *   V3. The clock may differ by 15 minutes at most; a presigned URL ends after X-Amz-Expires.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../aws-error.ts";

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
  region: string;
  /** Hex SHA-256 of the body as the client declared it, or a marker such as UNSIGNED-PAYLOAD; undefined: to be computed. */
  payloadHash: string | undefined;
  /** Throws when the signature is not of this secret; `bodyHash` is used where the client declared none. */
  verify(secretAccessKey: string, bodyHash: string): void;
}

interface Scope {
  accessKeyId: string;
  date: string;
  region: string;
  signingName: string;
  signedHeaders: string[];
  signature: string;
  timestamp: string;
}

const ALGORITHM = "AWS4-HMAC-SHA256";
const MAX_SKEW_MS = 15 * 60_000;

/** Reads the signature's claims; throws as AWS does when they are missing, malformed or out of time. */
export function readSignature(request: SignedRequest, nowMs: number): Signature {
  refuseVersion2(request);
  const presigned = request.query.has("X-Amz-Signature");
  const scope = presigned ? scopeFromQuery(request) : scopeFromHeader(request);
  checkTime(scope, request, presigned, nowMs);
  const declared = header(request, "x-amz-content-sha256");
  const payloadHash = presigned ? (declared ?? "UNSIGNED-PAYLOAD") : declared;
  return {
    accessKeyId: scope.accessKeyId,
    sessionToken: presigned
      ? (request.query.get("X-Amz-Security-Token") ?? undefined)
      : header(request, "x-amz-security-token"),
    signingName: scope.signingName,
    region: scope.region,
    payloadHash,
    verify: (secret, bodyHash) => verify(request, scope, secret, payloadHash ?? bodyHash),
  };
}

/** As S3 refuses it for every bucket made after June 2020; boto3 still presigns so unless told `signature_version="s3v4"`. */
function refuseVersion2(request: SignedRequest): void {
  const byHeader = header(request, "authorization")?.startsWith("AWS ") === true;
  if (!byHeader && !(request.query.has("AWSAccessKeyId") && request.query.has("Signature"))) return;
  throw new AwsError(
    "InvalidRequest",
    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
  );
}

function verify(request: SignedRequest, scope: Scope, secret: string, payloadHash: string): void {
  const canonical = canonicalRequest(request, scope, payloadHash);
  const credentialScope = `${scope.date}/${scope.region}/${scope.signingName}/aws4_request`;
  const toSign = `${ALGORITHM}\n${scope.timestamp}\n${credentialScope}\n${createHash("sha256").update(canonical).digest("hex")}`;
  const key = [scope.date, scope.region, scope.signingName, "aws4_request"].reduce<Buffer>(
    hmac,
    Buffer.from(`AWS4${secret}`),
  );
  const expected = hmac(key, toSign);
  const given = Buffer.from(scope.signature, "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new AwsError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
      { status: 403 },
    );
  }
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
      "Request is missing Authentication Token; sign it with the home's credentials (`tidemill env` prints them)",
      { status: 403 },
    );
  }
  const match = /^AWS4-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
    authorization,
  );
  if (match === null) throw incomplete("expected 'AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…'");
  const [, credential = "", signedHeaders = "", signature = ""] = match;
  const timestamp = header(request, "x-amz-date") ?? isoBasic(header(request, "date"));
  return { ...readCredential(credential), signedHeaders: signedHeaders.split(";"), signature, timestamp };
}

function scopeFromQuery(request: SignedRequest): Scope {
  const get = (name: string) => {
    const value = request.query.get(name);
    if (value === null) throw incomplete(`query parameter ${name} is missing`);
    return value;
  };
  if (get("X-Amz-Algorithm") !== ALGORITHM) throw incomplete(`X-Amz-Algorithm must be ${ALGORITHM}`);
  return {
    ...readCredential(get("X-Amz-Credential")),
    signedHeaders: get("X-Amz-SignedHeaders").split(";"),
    signature: get("X-Amz-Signature"),
    timestamp: get("X-Amz-Date"),
  };
}

function readCredential(credential: string) {
  const parts = credential.split("/");
  const [date, region, signingName, terminator] = parts.slice(-4);
  if (
    parts.length < 5 ||
    date === undefined ||
    region === undefined ||
    signingName === undefined ||
    terminator !== "aws4_request"
  ) {
    throw incomplete("Credential must be <access key>/<date>/<region>/<service>/aws4_request");
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
    throw incomplete(`X-Amz-Date '${scope.timestamp}' is not the ISO 8601 basic form, or not of the credential's day`);
  const validMs = presigned ? Math.min(Number(request.query.get("X-Amz-Expires") ?? 0), 604_800) * 1000 : MAX_SKEW_MS;
  if (!(nowMs <= signedMs + validMs) || signedMs > nowMs + MAX_SKEW_MS) {
    throw new AwsError(
      presigned ? "AccessDenied" : "RequestTimeTooSkewed",
      presigned ? "Request has expired" : "The difference between the request time and the current time is too large.",
      { status: 403 },
    );
  }
}

function isoBasic(date: string | undefined): string {
  const ms = Date.parse(date ?? "");
  if (Number.isNaN(ms)) throw incomplete("X-Amz-Date or Date header is missing");
  return new Date(ms).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
}

function incomplete(what: string): AwsError {
  return new AwsError("IncompleteSignature", `Authorization is incomplete or malformed: ${what}`, { status: 403 });
}
