/** Writes to S3 as the caller. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { StoredBody } from "../../stored-body.ts";
import { type Caller, splitUri } from "./object-cache.ts";
import type { Query } from "./query-store.ts";

export type Encryption = Query["encryption"];

export async function putText(caller: Caller, uri: string, body: string, encryption?: Encryption): Promise<void> {
  await put(caller, uri, { Body: Buffer.from(body), ContentLength: Buffer.byteLength(body) }, encryption);
}

export async function putFile(caller: Caller, uri: string, path: string, encryption?: Encryption): Promise<void> {
  const { size } = statSync(path);
  await put(caller, uri, { Body: new StoredBody(path, 0, size), ContentLength: size }, encryption);
}

/** Puts every file below `directory`, if there is one, under `location`; returns their URIs with the folder part of each. */
export async function putFolder(
  caller: Caller,
  location: string,
  directory: string,
  encryption?: Encryption,
): Promise<{ uri: string; folder: string }[]> {
  if (!existsSync(directory)) return [];
  const base = location.endsWith("/") ? location : `${location}/`;
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const written: { uri: string; folder: string }[] = [];
  for (const { parentPath, name } of files) {
    const relative = parentPath.slice(directory.length).replace(/^\//, "");
    const folder = relative === "" ? "" : `${relative}/`;
    await putFile(caller, `${base}${folder}${name}`, join(parentPath, name), encryption);
    written.push({ uri: `${base}${folder}${name}`, folder });
  }
  return written;
}

async function put(caller: Caller, uri: string, content: object, encryption: Encryption): Promise<void> {
  const { bucket, key } = splitUri(uri);
  const option = encryption?.EncryptionOption;
  const sealed =
    option === "SSE_KMS"
      ? { ServerSideEncryption: "aws:kms", ...(encryption?.KmsKey ? { SSEKMSKeyId: encryption.KmsKey } : {}) }
      : option === "SSE_S3"
        ? { ServerSideEncryption: "AES256" }
        : {};
  await caller.home.call(
    "s3",
    "PutObject",
    { Bucket: bucket, Key: key, ...content, ...sealed },
    caller.principal,
    caller.signal,
  );
}
