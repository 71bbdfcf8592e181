/** Tags of objects. */
import type { Call, Operations } from "../../define-service.ts";
import { onObject } from "./authorizations.ts";
import type { S3, Sdk } from "./context.ts";
import { findVersion } from "./find-version.ts";
import { checkTags } from "./object-headers.ts";

type Tagging = Pick<Operations<Sdk>, "GetObjectTagging" | "PutObjectTagging" | "DeleteObjectTagging">;

export function objectTagging(s3: S3): Tagging {
  const change = (
    input: { Bucket: string | undefined; Key: string | undefined; VersionId?: string | undefined },
    tags: Record<string, string>,
    call: Call,
  ) => {
    const version = findVersion(s3, input, "PUT", call);
    s3.objects.setAttributes(version, { ...version.attributes, tags });
    return version.versionId === "null" ? {} : { VersionId: version.versionId };
  };
  return {
    GetObjectTagging: {
      authorize: onObject("GetObjectTagging", "GetObjectVersionTagging"),
      handle(input, call) {
        const version = findVersion(s3, input, "GET", call);
        return {
          TagSet: Object.entries(version.attributes.tags).map(([Key, Value]) => ({ Key, Value })),
          ...(version.versionId === "null" ? {} : { VersionId: version.versionId }),
        };
      },
    },
    PutObjectTagging: {
      authorize: onObject("PutObjectTagging", "PutObjectVersionTagging"),
      handle: (input, call) =>
        change(input, checkTags((input.Tagging?.TagSet ?? []).map(({ Key, Value }) => ({ Key, Value }))), call),
    },
    DeleteObjectTagging: {
      authorize: onObject("DeleteObjectTagging", "DeleteObjectVersionTagging"),
      handle: (input, call) => change(input, {}, call),
    },
  };
}
