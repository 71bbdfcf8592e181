/** CompleteMultipartUpload: the parts become one object. */

import { createHash } from "node:crypto";
import type { CompletedPart } from "@aws-sdk/client-s3";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import { onObject } from "./authorizations.ts";
import { badDigest, checksumMembers, compositeChecksum, declaredChecksum, type StoredChecksum } from "./checksums.ts";
import type { S3, Sdk } from "./context.ts";
import type { MultipartStore, Part, Upload } from "./multipart-store.ts";
import { encryptionOf } from "./object-encryption.ts";
import { checkWrite } from "./preconditions.ts";
import { placed } from "./put-object.ts";

const SMALLEST_PART_BYTES = 5 * 1024 * 1024;

export function completeUpload(s3: S3, uploads: MultipartStore): Pick<Operations<Sdk>, "CompleteMultipartUpload"> {
  return {
    CompleteMultipartUpload: {
      authorize: onObject("PutObject"),
      async handle(input, call) {
        const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const upload = uploads.get(bucket.name, input.Key ?? "", input.UploadId ?? "");
        const parts = chosenParts(uploads.parts(upload.uploadId), input.MultipartUpload?.Parts ?? []);
        checkWrite(s3.objects.latest(bucket.name, upload.key), upload.key, input);
        const { algorithm: wanted, checksumType } = upload.attributes;
        // A composite checksum is made of the parts' own.
        const joined = await s3.files.join(parts, upload.key, checksumType === "FULL_OBJECT" ? wanted : undefined);
        const checksum = await objectChecksum(upload, parts, joined.checksum);
        const version = await placed(s3, joined.file, () => {
          const declared = declaredChecksum(input);
          if (
            declared !== undefined &&
            (declared.algorithm !== checksum.algorithm || declared.value !== checksum.value)
          ) {
            throw badDigest(declared.algorithm);
          }
          return s3.home.store.transaction(() => {
            const current = s3.buckets.get(bucket.name);
            uploads.get(bucket.name, upload.key, upload.uploadId);
            checkWrite(s3.objects.latest(bucket.name, upload.key), upload.key, input);
            const { algorithm: _, checksumType: __, ...attributes } = upload.attributes;
            const made = s3.objects.put(current, {
              key: upload.key,
              size: joined.size,
              etag: multipartEtag(parts),
              file: joined.file,
              attributes: {
                ...attributes,
                checksum,
                parts: parts.map(({ number, size, checksum: value }) => ({ number, size, checksum: value })),
              },
            });
            uploads.remove(upload.uploadId);
            s3.events.created(current, made, "CompleteMultipartUpload", call);
            return made;
          });
        });
        return {
          Location: `${s3.home.endpointUrl()}/${bucket.name}/${upload.key}`,
          Bucket: bucket.name,
          Key: upload.key,
          ETag: `"${version.etag}"`,
          ...checksumMembers(checksum),
          ...encryptionOf(bucket, version.attributes.encryption),
          ...(version.versionId === "null" ? {} : { VersionId: version.versionId }),
        };
      },
    },
  };
}

/** The parts the client lists, checked. @throws AwsError InvalidPart, InvalidPartOrder, EntityTooSmall, MalformedXML */
function chosenParts(stored: readonly Part[], listed: readonly CompletedPart[]): Part[] {
  if (listed.length === 0) {
    throw new AwsError(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    );
  }
  const byNumber = new Map(stored.map((part) => [part.number, part]));
  let previous = 0;
  const chosen = listed.map(({ PartNumber: number = 0, ETag: etag }) => {
    if (number <= previous) {
      throw new AwsError(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. The parts list must be specified in order by part number.",
      );
    }
    previous = number;
    const part = byNumber.get(number);
    if (part === undefined || etag?.replaceAll('"', "") !== part.etag) {
      throw new AwsError(
        "InvalidPart",
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        { fields: { PartNumber: number, ...(etag === undefined ? {} : { ETag: etag }) } },
      );
    }
    return part;
  });
  const small = chosen.slice(0, -1).find((part) => part.size < SMALLEST_PART_BYTES);
  if (small !== undefined) {
    throw new AwsError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
      fields: {
        ProposedSize: small.size,
        MinSizeAllowed: SMALLEST_PART_BYTES,
        PartNumber: small.number,
        ETag: small.etag,
      },
    });
  }
  return chosen;
}

function multipartEtag(parts: readonly Part[]): string {
  const hash = createHash("md5");
  for (const part of parts) hash.update(part.etag, "hex");
  return `${hash.digest("hex")}-${parts.length}`;
}

/** @param whole the checksum of all the bytes, where it is of the full object */
async function objectChecksum(
  upload: Upload,
  parts: readonly Part[],
  whole: string | undefined,
): Promise<StoredChecksum> {
  const { algorithm, checksumType } = upload.attributes;
  const ofParts = () =>
    compositeChecksum(
      algorithm,
      parts.map((part) => part.checksum),
    );
  return { algorithm, value: whole ?? (await ofParts()), type: checksumType };
}
