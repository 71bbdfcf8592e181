/** Conditional requests. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html (RFC 9110, 13) */
import { AwsError } from "../../aws-error.ts";
import { noSuchKey, notModified, preconditionFailed } from "./errors.ts";
import type { ObjectVersion } from "./object-store.ts";

export interface ReadConditions {
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
  IfModifiedSince?: Date | undefined;
  IfUnmodifiedSince?: Date | undefined;
}

/** @throws AwsError PreconditionFailed (412), NotModified (304) */
export function checkRead(version: ObjectVersion, conditions: ReadConditions): void {
  // HTTP dates have whole seconds.
  const modified = Math.floor(version.modifiedMs / 1000) * 1000;
  if (conditions.IfMatch !== undefined) {
    if (!matches(conditions.IfMatch, version.etag)) throw preconditionFailed("If-Match");
  } else if (conditions.IfUnmodifiedSince !== undefined && modified > conditions.IfUnmodifiedSince.getTime()) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  if (conditions.IfNoneMatch !== undefined) {
    if (matches(conditions.IfNoneMatch, version.etag)) throw notModified();
  } else if (conditions.IfModifiedSince !== undefined && modified <= conditions.IfModifiedSince.getTime()) {
    throw notModified();
  }
}

/** The source's conditions of a copy: all answer 412. */
export function checkCopySource(version: ObjectVersion, conditions: ReadConditions): void {
  try {
    checkRead(version, conditions);
  } catch (thrown) {
    if (thrown instanceof AwsError && thrown.status === 304) {
      throw preconditionFailed(
        conditions.IfNoneMatch === undefined
          ? "x-amz-copy-source-If-Modified-Since"
          : "x-amz-copy-source-If-None-Match",
      );
    }
    throw thrown;
  }
}

/**
 * Conditions of a write on what the key holds now; to be asked in the transaction that writes.
 * @throws AwsError PreconditionFailed; NoSuchKey when If-Match names a key that is not there
 */
export function checkWrite(
  current: ObjectVersion | undefined,
  key: string,
  conditions: { IfMatch?: string | undefined; IfNoneMatch?: string | undefined },
): void {
  const present = current !== undefined && !current.deleteMarker;
  if (conditions.IfNoneMatch !== undefined) {
    if (conditions.IfNoneMatch !== "*") {
      throw new AwsError("NotImplemented", "A header you provided implies functionality that is not implemented", {
        status: 501,
        fields: {
          Header: "If-None-Match",
          additionalMessage: "We don't accept the provided value of If-None-Match header for this API",
        },
      });
    }
    if (present) throw preconditionFailed("If-None-Match");
  }
  if (conditions.IfMatch !== undefined) {
    if (!present) throw noSuchKey(key);
    if (!matches(conditions.IfMatch, current.etag)) throw preconditionFailed("If-Match");
  }
}

function matches(header: string, etag: string): boolean {
  return header.split(",").some((part) => {
    const value = part.trim().replace(/^W\//, "").replaceAll('"', "");
    return value === "*" || value === etag;
  });
}
