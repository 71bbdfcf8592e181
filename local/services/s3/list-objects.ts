/** ListObjectsV2, ListObjects and ListObjectVersions. */
import type { Operations } from "../../define-service.ts";
import { onListing } from "./authorizations.ts";
import type { S3, Sdk } from "./context.ts";
import { invalidArgument } from "./errors.ts";
import { listKeys } from "./list-keys.ts";
import type { ObjectVersion } from "./object-store.ts";
import { wholeSeconds } from "./whole-seconds.ts";

const MOST_KEYS = 1000;

type Listings = Pick<Operations<Sdk>, "ListObjectsV2" | "ListObjects" | "ListObjectVersions">;

export function listObjects(s3: S3): Listings {
  return {
    ListObjectsV2: {
      authorize: onListing("ListBucket"),
      handle(input) {
        const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const encode = encoder(input.EncodingType);
        const maxKeys = checkMaxKeys(input.MaxKeys);
        const after = input.ContinuationToken === undefined ? input.StartAfter : readToken(input.ContinuationToken);
        const page = listKeys(s3.home.store, {
          bucket: bucket.name,
          ...listing(input),
          after,
          maxKeys,
          versions: false,
        });
        return {
          ...echo(input, encode, bucket.name, maxKeys, page.truncated),
          KeyCount: page.entries.length + page.commonPrefixes.length,
          ...contents(page.entries, encode, input.FetchOwner ? s3.home.accountId : undefined),
          ...prefixes(page.commonPrefixes, encode),
          ...(input.ContinuationToken === undefined ? {} : { ContinuationToken: input.ContinuationToken }),
          ...(input.StartAfter === undefined ? {} : { StartAfter: encode(input.StartAfter) }),
          ...(page.truncated && page.last !== undefined ? { NextContinuationToken: writeToken(page.last) } : {}),
        };
      },
    },
    ListObjects: {
      authorize: onListing("ListBucket"),
      handle(input) {
        const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const encode = encoder(input.EncodingType);
        const maxKeys = checkMaxKeys(input.MaxKeys);
        const page = listKeys(s3.home.store, {
          bucket: bucket.name,
          ...listing(input),
          after: input.Marker,
          maxKeys,
          versions: false,
        });
        return {
          ...echo(input, encode, bucket.name, maxKeys, page.truncated),
          Marker: encode(input.Marker ?? ""),
          ...contents(page.entries, encode, s3.home.accountId),
          ...prefixes(page.commonPrefixes, encode),
          ...(page.truncated && page.last !== undefined && input.Delimiter ? { NextMarker: encode(page.last) } : {}),
        };
      },
    },
    ListObjectVersions: {
      authorize: onListing("ListBucketVersions"),
      handle: (input) => listVersions(s3, input),
    },
  };
}

function listVersions(s3: S3, input: Parameters<NonNullable<Listings["ListObjectVersions"]>["handle"]>[0]) {
  const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
  if (input.VersionIdMarker && !input.KeyMarker) {
    throw invalidArgument(
      "A version-id marker cannot be specified without a key marker.",
      "version-id-marker",
      input.VersionIdMarker,
    );
  }
  const encode = encoder(input.EncodingType);
  const maxKeys = checkMaxKeys(input.MaxKeys);
  const marked = input.VersionIdMarker
    ? s3.objects.version(bucket.name, input.KeyMarker ?? "", input.VersionIdMarker)
    : undefined;
  const page = listKeys(s3.home.store, {
    bucket: bucket.name,
    ...listing(input),
    after: input.KeyMarker,
    afterSequence: marked?.sequence,
    maxKeys,
    versions: true,
  });
  const owner = { Owner: { ID: s3.home.accountId } };
  const shared = (version: ObjectVersion) => ({
    Key: encode(version.key),
    VersionId: version.versionId,
    IsLatest: version.isLatest,
    LastModified: wholeSeconds(version.modifiedMs),
    ...owner,
  });
  const versions = page.entries.filter((entry) => !entry.deleteMarker);
  const markers = page.entries.filter((entry) => entry.deleteMarker);
  const lastVersion = page.entries.at(-1);
  return {
    ...echo(input, encode, bucket.name, maxKeys, page.truncated),
    KeyMarker: encode(input.KeyMarker ?? ""),
    VersionIdMarker: input.VersionIdMarker ?? "",
    ...(versions.length === 0
      ? {}
      : { Versions: versions.map((version) => ({ ...shared(version), ...dataOf(version) })) }),
    ...(markers.length === 0 ? {} : { DeleteMarkers: markers.map(shared) }),
    ...prefixes(page.commonPrefixes, encode),
    ...(page.truncated && page.last !== undefined
      ? {
          NextKeyMarker: encode(page.last),
          ...(lastVersion?.key === page.last ? { NextVersionIdMarker: lastVersion.versionId } : {}),
        }
      : {}),
  };
}

type Encode = (text: string) => string;

function listing(input: { Prefix?: string | undefined; Delimiter?: string | undefined }) {
  return { prefix: input.Prefix ?? "", delimiter: input.Delimiter === "" ? undefined : input.Delimiter };
}

function echo(
  input: { Prefix?: string | undefined; Delimiter?: string | undefined; EncodingType?: string | undefined },
  encode: Encode,
  name: string,
  maxKeys: number,
  truncated: boolean,
) {
  return {
    Name: name,
    Prefix: encode(input.Prefix ?? ""),
    ...(input.Delimiter ? { Delimiter: encode(input.Delimiter) } : {}),
    ...(input.EncodingType === "url" ? { EncodingType: "url" as const } : {}),
    MaxKeys: maxKeys,
    IsTruncated: truncated,
  };
}

function contents(entries: readonly ObjectVersion[], encode: Encode, owner: string | undefined) {
  if (entries.length === 0) return {};
  return {
    Contents: entries.map((entry) => ({
      Key: encode(entry.key),
      LastModified: wholeSeconds(entry.modifiedMs),
      ...dataOf(entry),
      ...(owner === undefined ? {} : { Owner: { ID: owner } }),
    })),
  };
}

function dataOf(version: ObjectVersion) {
  const { checksum, headers } = version.attributes;
  return {
    ETag: `"${version.etag}"`,
    Size: version.size,
    StorageClass: (headers.StorageClass ?? "STANDARD") as "STANDARD",
    ...(checksum === undefined ? {} : { ChecksumAlgorithm: [checksum.algorithm], ChecksumType: checksum.type }),
  };
}

function prefixes(found: readonly string[], encode: Encode) {
  return found.length === 0 ? {} : { CommonPrefixes: found.map((prefix) => ({ Prefix: encode(prefix) })) };
}

/** S3's `url` encoding leaves "/" as it is. @throws AwsError InvalidArgument */
function encoder(type: string | undefined): Encode {
  if (type === undefined) return (text) => text;
  if (type !== "url") throw invalidArgument("Invalid Encoding Method specified in Request", "encoding-type", type);
  return (text) => encodeURIComponent(text).replaceAll("%2F", "/").replaceAll("%20", "+");
}

function checkMaxKeys(maxKeys: number | undefined): number {
  if (maxKeys !== undefined && !(maxKeys >= 0)) {
    throw invalidArgument("Argument maxKeys must be an integer between 0 and 2147483647", "maxKeys", String(maxKeys));
  }
  return Math.min(maxKeys ?? MOST_KEYS, MOST_KEYS);
}

function writeToken(key: string): string {
  return Buffer.from(`1${key}`).toString("base64url");
}

function readToken(token: string): string {
  const text = Buffer.from(token, "base64url").toString();
  if (!text.startsWith("1"))
    throw invalidArgument("The continuation token provided is incorrect", "continuation-token", token);
  return text.slice(1);
}
