/** `s3://bucket/key`, taken apart. */
import * as z from "zod/mini";

/** A string that names an object. */
export const S3Uri = z.string().check(z.regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.+$/));

export type Location = Readonly<{ bucket: string; key: string }>;

/** Bucket and key of a URI that {@link S3Uri} accepts. */
export function locate(uri: string): Location {
  const slash = uri.indexOf("/", "s3://".length);
  return { bucket: uri.slice("s3://".length, slash), key: uri.slice(slash + 1) };
}
