/** GetObject, HeadObject and GetObjectAttributes. */
import type { Call, Operations } from "../../define-service.ts";
import { onObject } from "./authorizations.ts";
import { type ByteRange, parseRange } from "./byte-range.ts";
import { checksumMembers } from "./checksums.ts";
import type { S3, Sdk } from "./context.ts";
import { invalidArgument } from "./errors.ts";
import { findVersion } from "./find-version.ts";
import { answerBody } from "./object-body.ts";
import { encryptionOf } from "./object-encryption.ts";
import { headerMembers } from "./object-headers.ts";
import type { ObjectVersion } from "./object-store.ts";
import { checkRead, type ReadConditions } from "./preconditions.ts";
import { wholeSeconds } from "./whole-seconds.ts";

interface ReadInput extends ReadConditions {
  Bucket: string | undefined;
  Key: string | undefined;
  VersionId?: string | undefined;
  Range?: string | undefined;
  PartNumber?: number | undefined;
  ChecksumMode?: string | undefined;
  ExpectedBucketOwner?: string | undefined;
  ResponseCacheControl?: string | undefined;
  ResponseContentDisposition?: string | undefined;
  ResponseContentEncoding?: string | undefined;
  ResponseContentLanguage?: string | undefined;
  ResponseContentType?: string | undefined;
}

export function readObject(s3: S3): Pick<Operations<Sdk>, "GetObject" | "HeadObject" | "GetObjectAttributes"> {
  return {
    GetObject: {
      authorize: onObject("GetObject", "GetObjectVersion"),
      handle(input, call) {
        const { version, range, members } = read(s3, input, "GET", call);
        const path = version.file === undefined ? undefined : s3.files.whole(version.file, version);
        return { ...members, ...(path === undefined ? {} : { Body: answerBody(path, range.start, range.end) }) };
      },
    },
    HeadObject: {
      authorize: onObject("GetObject", "GetObjectVersion"),
      handle: (input, call) => read(s3, input, "HEAD", call).members,
    },
    GetObjectAttributes: {
      authorize: onObject("GetObjectAttributes", "GetObjectVersionAttributes"),
      handle: (input, call) => attributesOf(findVersion(s3, input, "GET", call), input),
    },
  };
}

function read(s3: S3, input: ReadInput, method: string, call: Call) {
  const version = findVersion(s3, input, method, call);
  checkRead(version, input);
  const part = partRange(version, input.PartNumber);
  const asked = part ?? parseRange(input.Range, version.size);
  const range = asked ?? { start: 0, end: version.size };
  const { tags, parts, metadata, checksum } = version.attributes;
  const tagCount = Object.keys(tags).length;
  const members = {
    AcceptRanges: "bytes",
    LastModified: wholeSeconds(version.modifiedMs),
    ContentLength: range.end - range.start,
    ETag: `"${version.etag}"`,
    ...headerMembers(version),
    ...overrides(input),
    ...encryptionOf(s3.buckets.get(version.bucket), version.attributes.encryption),
    Metadata: metadata,
    ...(version.versionId === "null" ? {} : { VersionId: version.versionId }),
    ...(asked === undefined ? {} : { ContentRange: `bytes ${range.start}-${range.end - 1}/${version.size}` }),
    ...(tagCount === 0 ? {} : { TagCount: tagCount }),
    ...(input.PartNumber !== undefined && parts !== undefined ? { PartsCount: parts.length } : {}),
    // A checksum of the whole says nothing of a stretch.
    ...(input.ChecksumMode === "ENABLED" && asked === undefined ? checksumMembers(checksum) : {}),
  };
  return { version, range, members };
}

function partRange(version: ObjectVersion, partNumber: number | undefined): ByteRange | undefined {
  if (partNumber === undefined) return undefined;
  const parts = version.attributes.parts ?? [{ number: 1, size: version.size }];
  let start = 0;
  for (const part of parts) {
    if (part.number === partNumber) return { start, end: start + part.size };
    start += part.size;
  }
  throw invalidArgument("The requested partnumber is not satisfiable", "partNumber", String(partNumber));
}

function overrides(input: ReadInput) {
  const members = {
    CacheControl: input.ResponseCacheControl,
    ContentDisposition: input.ResponseContentDisposition,
    ContentEncoding: input.ResponseContentEncoding,
    ContentLanguage: input.ResponseContentLanguage,
    ContentType: input.ResponseContentType,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function attributesOf(
  version: ObjectVersion,
  input: {
    ObjectAttributes: string[] | undefined;
    MaxParts?: number | undefined;
    PartNumberMarker?: string | undefined;
  },
) {
  const wanted = new Set((input.ObjectAttributes ?? []).flatMap((name) => String(name).split(",")));
  const { checksum, parts, headers } = version.attributes;
  const after = Number(input.PartNumberMarker ?? 0);
  const shown = (parts ?? []).filter((part) => part.number > after).slice(0, input.MaxParts ?? 1000);
  const lastShown = shown.at(-1)?.number ?? after;
  const truncated = (parts?.at(-1)?.number ?? 0) > lastShown;
  return {
    LastModified: wholeSeconds(version.modifiedMs),
    ...(version.versionId === "null" ? {} : { VersionId: version.versionId }),
    ...(wanted.has("ETag") ? { ETag: version.etag } : {}),
    ...(wanted.has("ObjectSize") ? { ObjectSize: version.size } : {}),
    ...(wanted.has("StorageClass") ? { StorageClass: (headers.StorageClass ?? "STANDARD") as "STANDARD" } : {}),
    ...(wanted.has("Checksum") && checksum !== undefined ? { Checksum: checksumMembers(checksum) } : {}),
    ...(wanted.has("ObjectParts") && parts !== undefined
      ? {
          ObjectParts: {
            TotalPartsCount: parts.length,
            MaxParts: input.MaxParts ?? 1000,
            IsTruncated: truncated,
            PartNumberMarker: String(after),
            ...(truncated ? { NextPartNumberMarker: String(lastShown) } : {}),
            Parts: shown.map((part) => ({
              PartNumber: part.number,
              Size: part.size,
              ...(checksum !== undefined && part.checksum !== undefined
                ? { [`Checksum${checksum.algorithm}`]: part.checksum }
                : {}),
            })),
          },
        }
      : {}),
  };
}
