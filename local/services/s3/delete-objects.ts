/** DeleteObject and DeleteObjects, with versions and delete markers. */

import { AwsError, toAwsError } from "../../aws-error.ts";
import type { Call, Operations } from "../../define-service.ts";
import { objectArn, onObject } from "./authorizations.ts";
import type { S3, Sdk } from "./context.ts";
import { noSuchKey, preconditionFailed } from "./errors.ts";

interface Target {
  Key: string | undefined;
  VersionId?: string | undefined;
  /** If-Match. */
  ETag?: string | undefined;
}

const MOST_KEYS = 1000;

export function deleteObjects(s3: S3): Pick<Operations<Sdk>, "DeleteObject" | "DeleteObjects"> {
  return {
    DeleteObject: {
      authorize: onObject("DeleteObject", "DeleteObjectVersion"),
      handle(input, call) {
        s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
        return deleteOne(
          s3,
          input.Bucket ?? "",
          { Key: input.Key, VersionId: input.VersionId, ETag: input.IfMatch },
          call,
        );
      },
    },
    DeleteObjects: {
      // Decided for each key: what may not be deleted is answered in Errors.
      authorize: () => [],
      handle(input, call) {
        const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const targets = input.Delete?.Objects ?? [];
        if (targets.length === 0 || targets.length > MOST_KEYS) {
          throw new AwsError(
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema",
          );
        }
        const deleted: object[] = [];
        const errors: object[] = [];
        for (const target of targets) {
          const named = { Key: target.Key, ...(target.VersionId === undefined ? {} : { VersionId: target.VersionId }) };
          try {
            s3.home.authorize(call.principal, {
              action: target.VersionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion",
              resource: objectArn(bucket.name, target.Key),
            });
            const { DeleteMarker, VersionId } = deleteOne(s3, bucket.name, target, call);
            deleted.push({ ...named, ...(DeleteMarker ? { DeleteMarker, DeleteMarkerVersionId: VersionId } : {}) });
          } catch (thrown) {
            const error = toAwsError(thrown);
            errors.push({ ...named, Code: error.status === 403 ? "AccessDenied" : error.code, Message: error.message });
          }
        }
        return {
          ...(input.Delete?.Quiet ? {} : { Deleted: deleted }),
          ...(errors.length === 0 ? {} : { Errors: errors }),
        };
      },
    },
  };
}

/** Deletes in a transaction; deleting what is not there succeeds, as on S3. */
function deleteOne(
  s3: S3,
  bucketName: string,
  target: Target,
  call: Call,
): { DeleteMarker?: boolean; VersionId?: string } {
  const key = target.Key ?? "";
  return s3.home.store.transaction(() => {
    const bucket = s3.buckets.get(bucketName);
    const latest = s3.objects.latest(bucketName, key);
    if (target.ETag !== undefined) {
      if (latest === undefined || latest.deleteMarker) throw noSuchKey(key);
      if (target.ETag !== "*" && target.ETag.replaceAll('"', "") !== latest.etag) throw preconditionFailed("If-Match");
    }
    const { versioning } = bucket.configuration;
    if (target.VersionId === undefined && versioning !== undefined) {
      const marker = s3.objects.mark(bucket, key);
      s3.events.deleted(bucket, marker, marker.sequence, "Delete Marker Created", call);
      return { DeleteMarker: true, VersionId: marker.versionId };
    }
    const version = target.VersionId === undefined ? latest : s3.objects.version(bucketName, key, target.VersionId);
    if (version === undefined) return target.VersionId === undefined ? {} : { VersionId: target.VersionId };
    s3.objects.remove(version);
    s3.events.deleted(bucket, version, s3.objects.nextSequence(), "Permanently Deleted", call);
    if (target.VersionId === undefined) return {};
    return { VersionId: target.VersionId, ...(version.deleteMarker ? { DeleteMarker: true } : {}) };
  });
}
