/** A request's body, taken in under its signature: whole, or as a stream that errors at its end when it was not what was signed. */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { AwsError } from "../aws-error.ts";
import { decodeAwsChunked, isAwsChunked } from "./aws-chunked.ts";
import { readBody } from "./read-body.ts";
import type { Signature } from "./sigv4.ts";

const HASH = /^[0-9a-f]{64}$/;
const SIGNED_CHUNKS = /^STREAMING-AWS4-HMAC-SHA256-PAYLOAD(-TRAILER)?$/;
const OTHER_CHUNKS = /^STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD(-TRAILER)?$/;
const UNSIGNED = new Set(["UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"]);

/** @throws AwsError SignatureDoesNotMatch, XAmzContentSHA256Mismatch, RequestEntityTooLargeException, and of the aws-chunked coding */
export async function verifiedBody(
  request: IncomingMessage,
  signature: Signature,
  secret: string,
  limitBytes: number,
): Promise<Uint8Array> {
  const body = await readBody(decoded(request, signature, secret), limitBytes);
  const hash = createHash("sha256").update(body).digest("hex");
  signature.verify(secret, hash);
  if (HASH.test(signature.payloadHash ?? "") && signature.payloadHash !== hash) throw hashMismatch();
  return body;
}

/** @throws AwsError SignatureDoesNotMatch, InvalidRequest and InvalidArgument of x-amz-content-sha256, NotImplemented */
export function streamedBody(request: IncomingMessage, signature: Signature, secret: string): Readable {
  const declared = declaredPayload(signature);
  signature.verify(secret, declared);
  const source = decoded(request, signature, secret);
  if (!HASH.test(declared)) return source;
  const hash = createHash("sha256");
  async function* checked() {
    for await (const chunk of source) {
      hash.update(chunk);
      yield chunk;
    }
    if (hash.digest("hex") !== declared) throw hashMismatch();
  }
  return Readable.from(checked(), { objectMode: false });
}

function declaredPayload({ payloadHash }: Signature): string {
  if (payloadHash === undefined)
    throw new AwsError("InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
  if (OTHER_CHUNKS.test(payloadHash))
    throw new AwsError(
      "NotImplemented",
      `${payloadHash} is not built in the embedded home; sign with AWS4-HMAC-SHA256`,
      {
        status: 501,
      },
    );
  if (!HASH.test(payloadHash) && !SIGNED_CHUNKS.test(payloadHash) && !UNSIGNED.has(payloadHash))
    throw new AwsError(
      "InvalidArgument",
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
      { fields: { ArgumentName: "x-amz-content-sha256", ArgumentValue: payloadHash } },
    );
  return payloadHash;
}

function decoded(request: IncomingMessage, signature: Signature, secret: string): Readable {
  if (!isAwsChunked(request.headers)) return request;
  const signed = SIGNED_CHUNKS.test(signature.payloadHash ?? "");
  return decodeAwsChunked(request, request.headers, signed ? signature.chunkSignatures(secret) : undefined);
}

function hashMismatch(): AwsError {
  return new AwsError(
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}
