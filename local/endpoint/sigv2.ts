/**
 * S3's Signature Version 2, the verifying side of presigned URLs and of form policies.
 *
 * The regions of S3 older than 2014 (us-east-1 is one) go on taking it, and boto3 and the aws command presign so there unless told
 * `signature_version="s3v4"`. In headers no client of today sends it; `sigv4.ts` refuses that.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { AwsError } from "../aws-error.ts";
import { requestExpired, signatureMismatch } from "./signature-errors.ts";
import type { Signature, SignedRequest } from "./sigv4.ts";
import { pathStyle } from "./virtual-host.ts";

/** Query parameters that are part of what is asked for, and so of what is signed. */
const SIGNED_PARAMETERS = new Set(
  (
    "accelerate acl analytics cors delete inventory lifecycle location logging metrics notification object-lock partNumber policy " +
    "replication requestPayment restore select select-type tagging torrent uploadId uploads versionId versioning versions website " +
    "response-cache-control response-content-disposition response-content-encoding response-content-language response-content-type response-expires"
  ).split(" "),
);

/** Whether the query carries a signature of version 2. */
export function isPresignedVersion2({ query }: SignedRequest): boolean {
  return query.has("AWSAccessKeyId") && query.has("Signature");
}

/** @throws AwsError AccessDenied when the URL has no end, or one that is past */
export function readSignatureVersion2(request: SignedRequest, nowMs: number): Signature {
  const expires = request.query.get("Expires") ?? "";
  if (!/^\d+$/.test(expires))
    throw new AwsError(
      "AccessDenied",
      "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
      {
        status: 403,
      },
    );
  if (Number(expires) * 1000 < nowMs) throw requestExpired();
  return {
    accessKeyId: request.query.get("AWSAccessKeyId") ?? "",
    sessionToken: request.query.get("x-amz-security-token") ?? undefined,
    signingName: "s3",
    payloadHash: "UNSIGNED-PAYLOAD",
    verify: (secret) => verifyVersion2(stringToSign(request, expires), request.query.get("Signature") ?? "", secret),
    chunkSignatures: () => {
      throw new AwsError("InvalidRequest", "chunks are signed with AWS4-HMAC-SHA256 only");
    },
  };
}

/** @throws AwsError SignatureDoesNotMatch */
export function verifyVersion2(text: string, signature: string, secretAccessKey: string): void {
  const expected = createHmac("sha1", secretAccessKey).update(text).digest();
  const given = Buffer.from(signature, "base64");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw signatureMismatch();
}

function stringToSign(request: SignedRequest, expires: string): string {
  const { headers, query } = request;
  // What a client would not have to send, boto3 writes into the URL: content-type and x-amz-*.
  const header = (name: string) => String(headers[name] ?? query.get(name) ?? "").trim();
  const names = new Set([...Object.keys(headers), ...query.keys()].filter((name) => name.startsWith("x-amz-")));
  const amzHeaders = [...names].sort().map((name) => `${name}:${header(name)}\n`);
  const resource = pathStyle(headers.host, request.rawPath) + signedQuery(query);
  return `${request.method}\n${header("content-md5")}\n${header("content-type")}\n${expires}\n${amzHeaders.join("")}${resource}`;
}

function signedQuery(query: URLSearchParams): string {
  const signed = [...query]
    .filter(([name]) => SIGNED_PARAMETERS.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`));
  return signed.length === 0 ? "" : `?${signed.join("&")}`;
}
