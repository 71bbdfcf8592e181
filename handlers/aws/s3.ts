/** Reads and writes of objects, by bucket and key. Loaded when first used. */
import {
  CopyObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";

/** `modified` is when it was written, to the second, as an ISO 8601 text. */
export type ListedObject = Readonly<{ key: string; size: number; etag: string; modified: string }>;
export type ObjectPlace = Readonly<{ bucket: string; key: string }>;

const client = new S3Client({});

/** The object's bytes as they arrive; undefined where there is no such object. */
export async function openObject(
  bucket: string,
  key: string,
  range?: string,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  try {
    const { Body } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, ...(range !== undefined && { Range: range }) }),
    );
    return Body?.transformToWebStream();
  } catch (error) {
    if (error instanceof NoSuchKey || (error instanceof Error && error.name === "NoSuchKey")) return undefined;
    throw error;
  }
}

/** The object's text; undefined where there is no such object. */
export async function readText(bucket: string, key: string, range?: string): Promise<string | undefined> {
  const bytes = await openObject(bucket, key, range);
  if (bytes === undefined) return undefined;
  const chunks = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** Writes an object whole. @returns its ETag */
export async function writeObject(
  bucket: string,
  key: string,
  body: Uint8Array | string,
  contentType: string,
): Promise<string> {
  const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType });
  const { ETag = "" } = await client.send(put);
  return ETag.replaceAll('"', "");
}

/** Copies an object within a bucket. */
export async function copyObject(bucket: string, from: string, to: string): Promise<void> {
  const source = `${bucket}/${from.split("/").map(encodeURIComponent).join("/")}`;
  await client.send(new CopyObjectCommand({ Bucket: bucket, Key: to, CopySource: source }));
}

/** Copies what an object held when it was listed. @returns false where it holds something else by now, or is gone */
export async function copyAsListed(from: ObjectPlace & Readonly<{ etag: string }>, to: ObjectPlace): Promise<boolean> {
  const source = `${from.bucket}/${from.key.split("/").map(encodeURIComponent).join("/")}`;
  try {
    await client.send(
      new CopyObjectCommand({
        Bucket: to.bucket,
        Key: to.key,
        CopySource: source,
        CopySourceIfMatch: `"${from.etag}"`,
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && (error.name === "PreconditionFailed" || error.name === "NoSuchKey")) return false;
    throw error;
  }
}

/** All objects under a prefix, in key order. */
export async function listObjects(bucket: string, prefix: string): Promise<ListedObject[]> {
  const objects: ListedObject[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(token !== undefined && { ContinuationToken: token }),
      }),
    );
    for (const { Key, Size, ETag, LastModified } of page.Contents ?? []) {
      const etag = (ETag ?? "").replaceAll('"', "");
      if (Key !== undefined)
        objects.push({ key: Key, size: Size ?? 0, etag, modified: LastModified?.toISOString() ?? "" });
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return objects;
}
