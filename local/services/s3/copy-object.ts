/** CopyObject: inside the home, a second name for bytes that never change. */
import type { Operations } from "../../define-service.ts";
import { objectArn } from "./authorizations.ts";
import { checksumMembers, parseAlgorithm } from "./checksums.ts";
import type { S3, Sdk } from "./context.ts";
import { parseCopySource } from "./copy-source.ts";
import { invalidRequest } from "./errors.ts";
import { findVersion } from "./find-version.ts";
import { answerBody } from "./object-body.ts";
import { encryptionAsked, encryptionOf } from "./object-encryption.ts";
import { checkKey, checkMetadata, parseTagHeader, storedHeaders } from "./object-headers.ts";
import type { ObjectAttributes, ObjectVersion } from "./object-store.ts";
import { checkCopySource, checkWrite } from "./preconditions.ts";
import { placed, receiveVerified } from "./put-object.ts";
import { wholeSeconds } from "./whole-seconds.ts";

export function copyObject(s3: S3): Pick<Operations<Sdk>, "CopyObject"> {
  return {
    CopyObject: {
      authorize(input) {
        const source = parseCopySource(input.CopySource);
        return [
          {
            action: source.VersionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion",
            resource: objectArn(source.Bucket, source.Key),
          },
          { action: "s3:PutObject", resource: objectArn(input.Bucket, input.Key) },
        ];
      },
      async handle(input, call) {
        const source = parseCopySource(input.CopySource);
        const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const key = checkKey(input.Key);
        const from = findVersion(s3, { ...source, ExpectedBucketOwner: input.ExpectedSourceBucketOwner }, "GET", call);
        checkCopySource(from, {
          IfMatch: input.CopySourceIfMatch,
          IfNoneMatch: input.CopySourceIfNoneMatch,
          IfModifiedSince: input.CopySourceIfModifiedSince,
          IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
        });
        const replaces = input.MetadataDirective === "REPLACE";
        if (
          from.isLatest &&
          from.bucket === bucket.name &&
          from.key === key &&
          !replaces &&
          input.StorageClass === undefined
        ) {
          throw invalidRequest(
            "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
          );
        }
        const copy = await copyData(s3, from, key, input.ChecksumAlgorithm);
        const attributes: ObjectAttributes = {
          headers: replaces ? storedHeaders(input) : { ...from.attributes.headers, StorageClass: input.StorageClass },
          metadata: replaces ? checkMetadata(input.Metadata) : from.attributes.metadata,
          tags: input.TaggingDirective === "REPLACE" ? parseTagHeader(input.Tagging) : from.attributes.tags,
          checksum: copy.checksum,
          encryption: encryptionAsked(input),
        };
        const made = await placed(s3, copy.file, () =>
          s3.home.store.transaction(() => {
            const current = s3.buckets.get(bucket.name);
            checkWrite(s3.objects.latest(bucket.name, key), key, input);
            const version = s3.objects.put(current, {
              key,
              size: from.size,
              etag: copy.etag,
              file: copy.file,
              attributes,
            });
            s3.events.created(current, version, "CopyObject", call);
            return version;
          }),
        );
        return {
          CopyObjectResult: {
            ETag: `"${made.etag}"`,
            LastModified: wholeSeconds(made.modifiedMs),
            ...checksumMembers(made.attributes.checksum),
          },
          ...encryptionOf(bucket, made.attributes.encryption),
          ...(from.versionId === "null" ? {} : { CopySourceVersionId: from.versionId }),
          ...(made.versionId === "null" ? {} : { VersionId: made.versionId }),
        };
      },
    },
  };
}

async function copyData(s3: S3, from: ObjectVersion, key: string, algorithm: string | undefined) {
  const file = from.file ?? "";
  const known = from.attributes.checksum;
  const wanted = parseAlgorithm(algorithm) ?? known?.algorithm;
  // An object of parts becomes one of a single part, with digests of its own.
  if (from.etag.includes("-") || known === undefined || known.algorithm !== wanted) {
    const body = answerBody(s3.files.path(file), 0, from.size);
    const copy = await receiveVerified(s3, { Body: body, ChecksumAlgorithm: wanted }, key);
    return { file: copy.file, etag: copy.md5.toString("hex"), checksum: copy.stored };
  }
  return { file: await s3.files.duplicate(file, key), etag: from.etag, checksum: known };
}
