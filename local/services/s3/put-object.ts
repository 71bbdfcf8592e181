/** PutObject, and the parts of it that uploads in parts and copies share. */

import { createReadStream } from "node:fs";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import { onObject } from "./authorizations.ts";
import {
  badDigest,
  type ChecksumMembers,
  checksumMembers,
  DEFAULT_ALGORITHM,
  declaredChecksum,
  parseAlgorithm,
  trailingChecksum,
} from "./checksums.ts";
import type { S3, Sdk } from "./context.ts";
import { encryptionAsked, encryptionOf } from "./object-encryption.ts";
import type { ReceivedFile } from "./object-files.ts";
import { checkKey, checkMetadata, parseTagHeader, storedHeaders } from "./object-headers.ts";
import { checkWrite } from "./preconditions.ts";
import { type ChecksumAlgorithm, startChecksum } from "./running-checksum.ts";

export function putObject(s3: S3): Pick<Operations<Sdk>, "PutObject"> {
  return {
    PutObject: {
      authorize: onObject("PutObject"),
      async handle(input, call) {
        const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const key = checkKey(input.Key);
        const attributes = {
          headers: storedHeaders(input),
          metadata: checkMetadata(input.Metadata),
          tags: parseTagHeader(input.Tagging),
          encryption: encryptionAsked(input),
        };
        const received = await receiveVerified(s3, input, key);
        const version = await placed(s3, received.file, () =>
          s3.home.store.transaction(() => {
            // Asked again: the bucket may have gone, or been reconfigured, while the body came in.
            const current = s3.buckets.get(bucket.name);
            checkWrite(s3.objects.latest(bucket.name, key), key, input);
            const made = s3.objects.put(current, {
              key,
              size: received.size,
              etag: received.md5.toString("hex"),
              file: received.file,
              attributes: { ...attributes, checksum: received.stored },
            });
            s3.events.created(current, made, "PutObject", call);
            return made;
          }),
        );
        return {
          ETag: `"${version.etag}"`,
          ...checksumMembers(version.attributes.checksum),
          ...encryptionOf(bucket, attributes.encryption),
          ...(version.versionId === "null" ? {} : { VersionId: version.versionId }),
        };
      },
    },
  };
}

interface BodyInput extends ChecksumMembers {
  Body?: unknown;
  ContentLength?: number | undefined;
  ContentMD5?: string | undefined;
  ChecksumAlgorithm?: string | undefined;
}

export type VerifiedFile = ReceivedFile & {
  stored: { algorithm: ChecksumAlgorithm; value: string; type: "FULL_OBJECT" };
};

/**
 * Takes a body in and checks it against every digest the client gave, in headers or trailers.
 * @throws AwsError BadDigest, InvalidDigest, EntityTooLarge
 */
export async function receiveVerified(
  s3: S3,
  input: BodyInput,
  key: string,
  fallback: ChecksumAlgorithm = DEFAULT_ALGORITHM,
): Promise<VerifiedFile> {
  const declared = declaredChecksum(input);
  const algorithm = declared?.algorithm ?? parseAlgorithm(input.ChecksumAlgorithm) ?? fallback;
  const received = await s3.files.receive(input.Body, key, algorithm, input.ContentLength);
  try {
    if (input.ContentMD5 !== undefined) checkContentMd5(input.ContentMD5, received.md5);
    const expected = declared ?? trailingChecksum(received.trailers);
    // A trailer may name an algorithm nothing announced: then the file is read once more.
    const value =
      expected === undefined || expected.algorithm === algorithm
        ? received.checksum
        : await checksumOfFile(s3.files.path(received.file), expected.algorithm);
    if (expected !== undefined && expected.value !== value) throw badDigest(expected.algorithm);
    return { ...received, stored: { algorithm: expected?.algorithm ?? algorithm, value, type: "FULL_OBJECT" } };
  } catch (thrown) {
    await s3.files.abandon(received.file);
    throw thrown;
  }
}

/** Runs `write`, which gives `file` its row; a refused write leaves no file behind. */
export async function placed<T>(s3: S3, file: string, write: () => T): Promise<T> {
  try {
    return write();
  } catch (thrown) {
    await s3.files.abandon(file);
    throw thrown;
  }
}

async function checksumOfFile(path: string, algorithm: ChecksumAlgorithm): Promise<string> {
  const running = await startChecksum(algorithm);
  for await (const bytes of createReadStream(path)) running.update(bytes);
  return running.digest();
}

function checkContentMd5(given: string, md5: Buffer): void {
  if (Buffer.from(given, "base64").length !== 16)
    throw new AwsError("InvalidDigest", "The Content-MD5 you specified was invalid.");
  if (given !== md5.toString("base64")) {
    throw new AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
}
