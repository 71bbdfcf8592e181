/** Reads and writes of objects, by bucket and key. Loaded when first used. */
import {
  CopyObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";

export type ListedObject = Readonly<{ key: string; size: number; etag: string }>;

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
    for (const { Key, Size, ETag } of page.Contents ?? []) {
      if (Key !== undefined) objects.push({ key: Key, size: Size ?? 0, etag: (ETag ?? "").replaceAll('"', "") });
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return objects;
}
