/**
 * Objects of S3 as local files: fetched as the caller, kept by ETag. A cached one is asked for again by HeadObject, so a
 * caller who may not read the object does not read its copy either.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { HomePorts } from "../../define-service.ts";
import type { Principal } from "../../principal.ts";
import { shareBody } from "../../stored-body.ts";
import { storedObjects } from "../../stored-objects.ts";
import { QueryError } from "./sql/query-error.ts";

const Fetched = z.object({ Body: z.unknown() });

/** Beyond this the oldest copies go. */
const CACHE_BYTES = 2 * 2 ** 30;

export interface Caller {
  home: HomePorts;
  principal: Principal;
  signal: AbortSignal;
}

export interface S3Object {
  bucket: string;
  key: string;
  size: number;
  etag: string;
}

/** @throws QueryError in Athena's words for a place that is not in S3, as this machine's own files are not */
export function splitUri(uri: string): { bucket: string; key: string } {
  const [, bucket, key = ""] = /^s3a?:\/\/([^/]+)\/?(.*)$/s.exec(uri) ?? [];
  if (bucket === undefined) throw new QueryError(`Invalid location ${uri} for table. Only S3 locations are allowed`);
  return { bucket, key };
}

/** Data objects below a location: hidden ones (`_`, `.`) and markers are not data. */
export async function listObjects({ home, principal, signal }: Caller, location: string): Promise<S3Object[]> {
  const { bucket, key } = splitUri(location);
  const prefix = key === "" || key.endsWith("/") ? key : `${key}/`;
  const objects: S3Object[] = [];
  for await (const { Key, Size, ETag } of storedObjects(home, principal, { bucket, prefix }, signal)) {
    const name = Key.slice(Key.lastIndexOf("/") + 1);
    if (name !== "" && !/^[_.]/.test(name)) objects.push({ bucket, key: Key, size: Size, etag: ETag });
  }
  return objects;
}

/** Path of the object's local copy. */
export async function localCopy(caller: Caller, object: S3Object): Promise<string> {
  const { home, principal, signal } = caller;
  const directory = join(home.directory, "athena", "cache");
  mkdirSync(directory, { recursive: true });
  const digest = createHash("sha256").update(`${object.bucket}\n${object.key}\n${object.etag}`).digest("hex");
  const path = join(directory, object.key.endsWith(".gz") ? `${digest}.gz` : digest);
  const input = { Bucket: object.bucket, Key: object.key, IfMatch: object.etag };
  if (existsSync(path)) {
    await home.call("s3", "HeadObject", { Bucket: object.bucket, Key: object.key }, principal, signal);
    return path;
  }
  const output = await home.call("s3", "GetObject", input, principal, signal);
  const partial = `${path}.${home.uuid()}`;
  await shareBody(Fetched.parse(output).Body, partial);
  renameSync(partial, path);
  return path;
}

/** Drops the oldest copies beyond the limit; call when no query runs. */
export function trimCache(homeDirectory: string): void {
  const directory = join(homeDirectory, "athena", "cache");
  if (!existsSync(directory)) return;
  const files = readdirSync(directory).map((name) => ({
    path: join(directory, name),
    ...sizeAndAge(join(directory, name)),
  }));
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files.sort((a, b) => a.ageMs - b.ageMs)) {
    if (total <= CACHE_BYTES) return;
    rmSync(path, { force: true });
    total -= size;
  }
}

function sizeAndAge(path: string): { size: number; ageMs: number } {
  const { size, mtimeMs } = statSync(path);
  return { size, ageMs: mtimeMs };
}
