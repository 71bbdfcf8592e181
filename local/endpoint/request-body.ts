/** A request's body, taken in under its signature: whole, or as a stream that errors at its end when it was not what was signed. */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { PassThrough, type Readable, Transform, type TransformCallback } from "node:stream";
import { AwsError } from "../aws-error.ts";
import { decodeAwsChunked, isAwsChunked } from "./aws-chunked.ts";
import { pipeThrough } from "./pipe-through.ts";
import { readBody, tooLarge } from "./read-body.ts";
import type { Signature } from "./sigv4.ts";

const HASH = /^[0-9a-f]{64}$/;
const SIGNED_CHUNKS = /^STREAMING-AWS4-HMAC-SHA256-PAYLOAD(-TRAILER)?$/;
const OTHER_CHUNKS = /^STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD(-TRAILER)?$/;
const UNSIGNED = new Set(["UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"]);

export class RequestBody {
  readonly #request: IncomingMessage;
  readonly #signature: Signature;
  readonly #secret: string;
  readonly #goOn: () => void;

  /** @param goOn called before the body is asked for: a client may wait for it (Expect: 100-continue) */
  constructor(request: IncomingMessage, signature: Signature, secret: string, goOn: () => void) {
    this.#request = request;
    this.#signature = signature;
    this.#secret = secret;
    this.#goOn = goOn;
  }

  /** @throws AwsError SignatureDoesNotMatch, XAmzContentSHA256Mismatch, RequestEntityTooLargeException, and of the aws-chunked coding */
  async whole(limitBytes: number): Promise<Uint8Array> {
    if (Number(this.#request.headers["content-length"] ?? 0) > limitBytes) throw tooLarge(limitBytes);
    const source = this.#decoded() ?? this.#request;
    this.#goOn();
    const body = await readBody(source, limitBytes);
    const hash = createHash("sha256").update(body).digest("hex");
    this.#signature.verify(this.#secret, hash);
    const { payloadHash = "" } = this.#signature;
    if (HASH.test(payloadHash) && payloadHash !== hash) throw hashMismatch();
    return body;
  }

  /** @throws AwsError SignatureDoesNotMatch, InvalidRequest and InvalidArgument of x-amz-content-sha256, NotImplemented */
  stream(): Readable {
    const declared = declaredPayload(this.#signature);
    this.#signature.verify(this.#secret, declared);
    const decoded = this.#decoded();
    const source = HASH.test(declared)
      ? pipeThrough(decoded ?? this.#request, new HashedBody(declared))
      : (decoded ?? pipeThrough(this.#request, new PassThrough()));
    this.#goOn();
    return source;
  }

  /** Undefined: the body is in no coding of its own. */
  #decoded(): Readable | undefined {
    const { headers } = this.#request;
    if (!isAwsChunked(headers)) return undefined;
    const signed = SIGNED_CHUNKS.test(this.#signature.payloadHash ?? "");
    return decodeAwsChunked(this.#request, headers, signed ? this.#signature.chunkSignatures(this.#secret) : undefined);
  }
}

/** Passes a body on, and errors at its end when it was not what was declared. */
class HashedBody extends Transform {
  readonly #declared: string;
  readonly #hash = createHash("sha256");

  constructor(declared: string) {
    super();
    this.#declared = declared;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#hash.update(chunk);
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    done(this.#hash.digest("hex") === this.#declared ? null : hashMismatch());
  }
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

function hashMismatch(): AwsError {
  return new AwsError(
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}
