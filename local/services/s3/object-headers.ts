/** What travels in an object's headers: key, system headers, tags. */
import { AwsError } from "../../aws-error.ts";
import { invalidArgument } from "./errors.ts";
import type { ObjectVersion, StoredHeaders } from "./object-store.ts";

const LONGEST_KEY_BYTES = 1024;
const MOST_TAGS = 10;
const LARGEST_METADATA_BYTES = 2048;

interface HeaderInput {
  CacheControl?: string | undefined;
  ContentDisposition?: string | undefined;
  ContentEncoding?: string | undefined;
  ContentLanguage?: string | undefined;
  ContentType?: string | undefined;
  Expires?: Date | undefined;
  WebsiteRedirectLocation?: string | undefined;
  StorageClass?: string | undefined;
}

/** @throws AwsError KeyTooLongError */
export function checkKey(key: string | undefined): string {
  if (key === undefined || key === "") throw invalidArgument("A key must be given", "Key", "");
  const size = Buffer.byteLength(key);
  if (size > LONGEST_KEY_BYTES) {
    throw new AwsError("KeyTooLongError", "Your key is too long", {
      fields: { Size: size, MaxSizeAllowed: LONGEST_KEY_BYTES },
    });
  }
  return key;
}

/** Names and values together have a limit. @throws AwsError MetadataTooLarge */
export function checkMetadata(metadata: Record<string, string> = {}): Record<string, string> {
  const size = Object.entries(metadata).reduce((sum, entry) => sum + Buffer.byteLength(entry.join("")), 0);
  if (size > LARGEST_METADATA_BYTES) {
    throw new AwsError("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", {
      fields: { Size: size, MaxSizeAllowed: LARGEST_METADATA_BYTES },
    });
  }
  return metadata;
}

/** The headers to keep. `aws-chunked` describes the transfer, not the object, so it is not kept. */
export function storedHeaders(input: HeaderInput): StoredHeaders {
  const encoding = input.ContentEncoding?.split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "aws-chunked")
    .join(", ");
  return {
    CacheControl: input.CacheControl,
    ContentDisposition: input.ContentDisposition,
    ContentEncoding: encoding === "" ? undefined : encoding,
    ContentLanguage: input.ContentLanguage,
    ContentType: input.ContentType ?? "binary/octet-stream",
    expiresMs: input.Expires?.getTime(),
    WebsiteRedirectLocation: input.WebsiteRedirectLocation,
    StorageClass: input.StorageClass,
  };
}

/** The stored headers as output members. */
export function headerMembers({ attributes: { headers } }: ObjectVersion) {
  const { expiresMs, StorageClass, ...plain } = headers;
  return {
    ...plain,
    ...(expiresMs === undefined
      ? {}
      : { Expires: new Date(expiresMs), ExpiresString: new Date(expiresMs).toUTCString() }),
    // S3 leaves the storage class out for STANDARD.
    ...(StorageClass === undefined || StorageClass === "STANDARD"
      ? {}
      : { StorageClass: StorageClass as "STANDARD_IA" }),
  };
}

/** `x-amz-tagging`: tags as a query string. @throws AwsError InvalidTag, BadRequest */
export function parseTagHeader(text: string | undefined): Record<string, string> {
  if (text === undefined || text === "") return {};
  return checkTags([...new URLSearchParams(text)].map(([Key, Value]) => ({ Key, Value })));
}

/** @throws AwsError InvalidTag, BadRequest */
export function checkTags(
  tags: readonly { Key: string | undefined; Value: string | undefined }[],
): Record<string, string> {
  if (tags.length > MOST_TAGS) throw new AwsError("BadRequest", "Object tags cannot be greater than 10");
  const result = new Map<string, string>();
  for (const { Key: key = "", Value: value = "" } of tags) {
    if (key === "" || key.length > 128) throw new AwsError("InvalidTag", "The TagKey you have provided is invalid");
    if (value.length > 256) throw new AwsError("InvalidTag", "The TagValue you have provided is invalid");
    if (result.has(key)) throw new AwsError("InvalidTag", "Cannot provide multiple Tags with the same key");
    result.set(key, value);
  }
  return Object.fromEntries(result);
}
