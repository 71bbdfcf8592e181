/**
 * S3's virtual-hosted style: the bucket stands in the Host header instead of the path.
 * Under loopback names those are `BUCKET.localhost` and `BUCKET.s3.localhost` (also `s3.REGION`); `s3.localhost` alone is path style.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
const SERVICE_HOST = /^(?:(.+)\.)??(?:s3(?:[.-][a-z]{2}(?:-[a-z]+)+-\d)?\.)?localhost(?::\d+)?$/i;

/** `path` with the bucket that `host` names in front, as a path-style client would have sent it; else `path` itself. */
export function pathStyle(host: string | undefined, path: string): string {
  const bucket = SERVICE_HOST.exec(host ?? "")?.[1];
  return bucket === undefined ? path : `/${bucket}${path}`;
}
