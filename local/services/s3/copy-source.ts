/** `x-amz-copy-source`: `bucket/key[?versionId=id]`, percent-encoded, with or without a leading slash. */
import { invalidArgument } from "./errors.ts";

export interface CopySource {
  Bucket: string;
  Key: string;
  VersionId?: string | undefined;
}

/** @throws AwsError InvalidArgument */
export function parseCopySource(header: string | undefined): CopySource {
  const [path = "", query] = (header ?? "").replace(/^\//, "").split(/\?versionId=/);
  const slash = path.indexOf("/");
  const [bucket, key] = [decode(path.slice(0, slash)), decode(path.slice(slash + 1))];
  if (slash < 1 || !bucket || !key) {
    throw invalidArgument(
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
      "x-amz-copy-source",
      header ?? "",
    );
  }
  return { Bucket: bucket, Key: key, VersionId: query };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
