/** Finds the object version a read asks for, with S3's answers for what is not there. */

import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../define-service.ts";
import { bucketArn } from "./authorizations.ts";
import type { S3 } from "./context.ts";
import { accessDenied, invalidArgument, methodNotAllowed, noSuchKey, noSuchVersion } from "./errors.ts";
import type { ObjectVersion } from "./object-store.ts";

interface Wanted {
  Bucket: string | undefined;
  Key: string | undefined;
  VersionId?: string | undefined;
  ExpectedBucketOwner?: string | undefined;
}

/**
 * @throws AwsError NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed (the version is a delete marker); AccessDenied in
 *   place of NoSuchKey when the caller may not list the bucket, as S3 hides what exists from those who may not know
 */
export function findVersion(s3: S3, wanted: Wanted, method: string, call: Call): ObjectVersion {
  const bucket = s3.buckets.get(wanted.Bucket, wanted.ExpectedBucketOwner);
  const key = wanted.Key ?? "";
  if (wanted.VersionId !== undefined) {
    if (wanted.VersionId === "") throw invalidArgument("Version id cannot be the empty string", "versionId", "");
    const version = s3.objects.version(bucket.name, key, wanted.VersionId);
    if (version === undefined) throw noSuchVersion(key, wanted.VersionId);
    if (version.deleteMarker) throw methodNotAllowed(method);
    return version;
  }
  const latest = s3.objects.latest(bucket.name, key);
  if (latest === undefined || latest.deleteMarker) throw hiddenUnlessListed(s3, bucket.name, key, call);
  return latest;
}

function hiddenUnlessListed(s3: S3, bucket: string, key: string, call: Call): AwsError {
  try {
    s3.home.authorize(call.principal, { action: "s3:ListBucket", resource: bucketArn(bucket) });
    return noSuchKey(key);
  } catch (thrown) {
    // The message keeps what IAM said, so that the missing permission can be found.
    return thrown instanceof AwsError ? new AwsError("AccessDenied", thrown.message, { status: 403 }) : accessDenied();
  }
}
