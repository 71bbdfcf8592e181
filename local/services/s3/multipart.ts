/** Uploads in parts: create, part, part by copy, abort, list. Completing stands in complete-upload.ts. */
import type { Operations } from "../../define-service.ts";
import { objectArn, onBucket, onObject } from "./authorizations.ts";
import { parseRange } from "./byte-range.ts";
import { checksumMembers, DEFAULT_ALGORITHM, parseAlgorithm } from "./checksums.ts";
import type { S3, Sdk } from "./context.ts";
import { parseCopySource } from "./copy-source.ts";
import { invalidArgument } from "./errors.ts";
import { findVersion } from "./find-version.ts";
import type { MultipartStore, Part, Upload } from "./multipart-store.ts";
import { answerBody } from "./object-body.ts";
import { encryptionAsked, encryptionOf } from "./object-encryption.ts";
import { checkKey, checkMetadata, parseTagHeader, storedHeaders } from "./object-headers.ts";
import { checkCopySource } from "./preconditions.ts";
import { placed, receiveVerified } from "./put-object.ts";
import { wholeSeconds } from "./whole-seconds.ts";

const MOST_PARTS = 10_000;

type Multipart = Pick<
  Operations<Sdk>,
  | "CreateMultipartUpload"
  | "UploadPart"
  | "UploadPartCopy"
  | "AbortMultipartUpload"
  | "ListParts"
  | "ListMultipartUploads"
>;

export function multipart(s3: S3, uploads: MultipartStore): Multipart {
  return {
    CreateMultipartUpload: {
      authorize: onObject("PutObject"),
      handle(input) {
        const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const key = checkKey(input.Key);
        const algorithm = parseAlgorithm(input.ChecksumAlgorithm) ?? DEFAULT_ALGORITHM;
        const checksumType = input.ChecksumType ?? (algorithm === "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE");
        const encryption = encryptionAsked(input);
        const UploadId = uploads.create(bucket.name, key, {
          headers: storedHeaders(input),
          metadata: checkMetadata(input.Metadata),
          tags: parseTagHeader(input.Tagging),
          encryption,
          algorithm,
          checksumType,
        });
        return {
          Bucket: bucket.name,
          Key: key,
          UploadId,
          ...encryptionOf(bucket, encryption),
          ...(input.ChecksumAlgorithm === undefined
            ? {}
            : { ChecksumAlgorithm: algorithm, ChecksumType: checksumType }),
        };
      },
    },
    UploadPart: {
      authorize: onObject("PutObject"),
      async handle(input) {
        const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const upload = uploads.get(bucket.name, input.Key ?? "", input.UploadId ?? "");
        const number = checkPartNumber(input.PartNumber);
        const part = await addPart(s3, uploads, upload, number, input);
        return {
          ETag: `"${part.etag}"`,
          ...encryptionOf(bucket, upload.attributes.encryption),
          ...partChecksum(upload, part),
        };
      },
    },
    UploadPartCopy: uploadPartCopy(s3, uploads),
    AbortMultipartUpload: {
      authorize: onObject("AbortMultipartUpload"),
      handle(input) {
        const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const upload = uploads.get(bucket.name, input.Key ?? "", input.UploadId ?? "");
        s3.home.store.transaction(() => uploads.remove(upload.uploadId));
        return {};
      },
    },
    ...multipartListings(s3, uploads),
  };
}

function uploadPartCopy(s3: S3, uploads: MultipartStore): NonNullable<Multipart["UploadPartCopy"]> {
  return {
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
      const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
      const upload = uploads.get(bucket.name, input.Key ?? "", input.UploadId ?? "");
      const number = checkPartNumber(input.PartNumber);
      const from = findVersion(s3, parseCopySource(input.CopySource), "GET", call);
      checkCopySource(from, {
        IfMatch: input.CopySourceIfMatch,
        IfNoneMatch: input.CopySourceIfNoneMatch,
        IfModifiedSince: input.CopySourceIfModifiedSince,
        IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
      });
      const range = parseRange(input.CopySourceRange, from.size) ?? { start: 0, end: from.size };
      const body = answerBody(s3.files.path(from.file ?? ""), range.start, range.end);
      const part = await addPart(s3, uploads, upload, number, { Body: body });
      return {
        CopyPartResult: {
          ETag: `"${part.etag}"`,
          LastModified: wholeSeconds(s3.home.clock.now()),
          ...partChecksum(upload, part),
        },
        ...encryptionOf(bucket, upload.attributes.encryption),
        ...(from.versionId === "null" ? {} : { CopySourceVersionId: from.versionId }),
      };
    },
  };
}

function multipartListings(s3: S3, uploads: MultipartStore): Pick<Multipart, "ListParts" | "ListMultipartUploads"> {
  return {
    ListParts: {
      authorize: onObject("ListMultipartUploadParts"),
      handle(input) {
        const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const upload = uploads.get(bucket.name, input.Key ?? "", input.UploadId ?? "");
        const after = Number(input.PartNumberMarker ?? 0);
        const max = Math.min(input.MaxParts ?? 1000, 1000);
        const rest = uploads.parts(upload.uploadId).filter((part) => part.number > after);
        const shown = rest.slice(0, max);
        return {
          Bucket: bucket.name,
          Key: upload.key,
          UploadId: upload.uploadId,
          PartNumberMarker: String(after),
          MaxParts: max,
          IsTruncated: rest.length > shown.length,
          ...(rest.length > shown.length ? { NextPartNumberMarker: String(shown.at(-1)?.number ?? after) } : {}),
          StorageClass: "STANDARD",
          Parts: shown.map((part) => ({
            PartNumber: part.number,
            ETag: `"${part.etag}"`,
            Size: part.size,
            LastModified: wholeSeconds(part.modifiedMs),
            ...partChecksum(upload, part),
          })),
        };
      },
    },
    ListMultipartUploads: {
      authorize: onBucket("ListBucketMultipartUploads"),
      handle(input) {
        const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const prefix = input.Prefix ?? "";
        const found = uploads.list(bucket.name).filter((upload) => upload.key.startsWith(prefix));
        const max = Math.min(input.MaxUploads ?? 1000, 1000);
        const from = found.findIndex((upload) => upload.uploadId === input.UploadIdMarker) + 1;
        const shown = found.slice(from, from + max);
        const last = shown.at(-1);
        const truncated = from + shown.length < found.length;
        return {
          Bucket: bucket.name,
          Prefix: prefix,
          MaxUploads: max,
          IsTruncated: truncated,
          ...(truncated && last !== undefined ? { NextKeyMarker: last.key, NextUploadIdMarker: last.uploadId } : {}),
          Uploads: shown.map((upload) => ({
            Key: upload.key,
            UploadId: upload.uploadId,
            Initiated: new Date(upload.initiatedMs),
            StorageClass: "STANDARD",
            ChecksumAlgorithm: upload.attributes.algorithm,
          })),
        };
      },
    },
  };
}

async function addPart(
  s3: S3,
  uploads: MultipartStore,
  upload: Upload,
  number: number,
  body: Parameters<typeof receiveVerified>[1],
) {
  const received = await receiveVerified(s3, body, "", upload.attributes.algorithm);
  const part = {
    number,
    size: received.size,
    etag: received.md5.toString("hex"),
    file: received.file,
    checksum: received.stored.algorithm === upload.attributes.algorithm ? received.stored.value : "",
  };
  await placed(s3, received.file, () =>
    s3.home.store.transaction(() => {
      // The upload may have been aborted while the part came in.
      uploads.get(upload.bucket, upload.key, upload.uploadId);
      uploads.putPart(upload.uploadId, part);
    }),
  );
  return part;
}

function partChecksum(upload: Upload, part: Pick<Part, "checksum">) {
  if (part.checksum === "") return {};
  const { ChecksumType: _, ...members } = checksumMembers({
    algorithm: upload.attributes.algorithm,
    value: part.checksum,
    type: "FULL_OBJECT",
  });
  return members;
}

function checkPartNumber(number: number | undefined): number {
  if (number === undefined || !Number.isInteger(number) || number < 1 || number > MOST_PARTS) {
    throw invalidArgument(
      "Part number must be an integer between 1 and 10000, inclusive",
      "partNumber",
      String(number),
    );
  }
  return number;
}
