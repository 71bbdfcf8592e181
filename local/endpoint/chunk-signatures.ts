/**
 * The signatures inside an aws-chunked body: each chunk is signed together with the signature before it, the first with the
 * request's own; after the last, one over the trailers.
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html, …/sigv4-streaming-trailers.html
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { signatureMismatch } from "./signature-errors.ts";

export interface ChunkSignatures {
  /** Bytes of the chunk under way. */
  update(bytes: Uint8Array): void;
  /** @throws AwsError SignatureDoesNotMatch */
  endChunk(signature: string | undefined): void;
  /** `canonical`: each trailer as `name:value\n`. @throws AwsError SignatureDoesNotMatch */
  endTrailers(canonical: string, signature: string | undefined): void;
}

/** What the chunks of one request are signed with. */
export interface ChunkSigner {
  key: Buffer;
  timestamp: string;
  credentialScope: string;
  /** The signature of the request itself. */
  seed: string;
}

const EMPTY_HASH = createHash("sha256").digest("hex");

/** Follows one body's chain of signatures; holds no more of the body than a running hash. */
export function createChunkSignatures({ key, timestamp, credentialScope, seed }: ChunkSigner): ChunkSignatures {
  let previous = seed;
  let hash = createHash("sha256");
  const check = (kind: string, lines: readonly string[], signature: string | undefined) => {
    const toSign = [`AWS4-HMAC-SHA256-${kind}`, timestamp, credentialScope, previous, ...lines].join("\n");
    const expected = createHmac("sha256", key).update(toSign).digest();
    const given = Buffer.from(signature ?? "", "hex");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw signatureMismatch();
    previous = expected.toString("hex");
  };
  return {
    update: (bytes) => void hash.update(bytes),
    endChunk(signature) {
      check("PAYLOAD", [EMPTY_HASH, hash.digest("hex")], signature);
      hash = createHash("sha256");
    },
    endTrailers: (canonical, signature) =>
      check("TRAILER", [createHash("sha256").update(canonical).digest("hex")], signature),
  };
}
