/** The IAM actions and resources of S3's operations. Source: the service authorization reference of Amazon S3. */
import type { Authorization } from "../../define-service.ts";

interface BucketInput {
  Bucket?: string | undefined;
}
interface ObjectInput extends BucketInput {
  Key?: string | undefined;
  VersionId?: string | undefined;
}

export const bucketArn = (bucket: string | undefined) => `arn:aws:s3:::${bucket ?? ""}`;
export const objectArn = (bucket: string | undefined, key: string | undefined) => `${bucketArn(bucket)}/${key ?? ""}`;

/** An action on the bucket named in the input. */
export function onBucket(action: string): (input: BucketInput) => Authorization {
  return (input) => ({ action: `s3:${action}`, resource: bucketArn(input.Bucket) });
}

/** An action on the object named in the input; with a version id, the action's `…Version` form. */
export function onObject(action: string, versionAction = action): (input: ObjectInput) => Authorization {
  return (input) => ({
    action: `s3:${input.VersionId === undefined ? action : versionAction}`,
    resource: objectArn(input.Bucket, input.Key),
  });
}

/** Listing: the bucket, with the condition keys policies narrow it by. */
export function onListing(action: string) {
  return (
    input: BucketInput & { Prefix?: string | undefined; Delimiter?: string | undefined; MaxKeys?: number | undefined },
  ): Authorization => ({
    action: `s3:${action}`,
    resource: bucketArn(input.Bucket),
    context: {
      "s3:prefix": input.Prefix ?? "",
      ...(input.Delimiter === undefined ? {} : { "s3:delimiter": input.Delimiter }),
      ...(input.MaxKeys === undefined ? {} : { "s3:max-keys": String(input.MaxKeys) }),
    },
  });
}
