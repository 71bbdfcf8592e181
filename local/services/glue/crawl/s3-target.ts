/** Lists and reads a crawl's S3 target as the crawler's role. */

import { matchesGlob } from "node:path";
import { Readable } from "node:stream";
import type { HomePorts } from "../../../define-service.ts";
import type { Principal } from "../../../principal.ts";
import { storedObjects } from "../../../stored-objects.ts";

export interface S3File {
  bucket: string;
  key: string;
  size: number;
}

export interface S3Access {
  home: HomePorts;
  principal: Principal;
  signal: AbortSignal;
}

export interface Target {
  bucket: string;
  /** Empty, or ends with "/". */
  prefix: string;
}

export function parseTarget(path: string): Target {
  const [, bucket = "", rest = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(path) ?? [];
  return { bucket, prefix: rest === "" || rest.endsWith("/") ? rest : `${rest}/` };
}

/** Files worth crawling, by key: not empty, not a marker, not hidden, not excluded. */
export async function listFiles(
  { home, principal, signal }: S3Access,
  { bucket, prefix }: Target,
  exclusions: readonly string[],
): Promise<S3File[]> {
  const files: S3File[] = [];
  for await (const { Key, Size } of storedObjects(home, principal, { bucket, prefix }, signal)) {
    const relative = Key.slice(prefix.length);
    const hidden = relative.split("/").some((part) => part.startsWith("_") || part.startsWith("."));
    const excluded = exclusions.some((glob) => matchesGlob(relative, glob));
    if (Size > 0 && !Key.endsWith("/") && !hidden && !excluded) files.push({ bucket, key: Key, size: Size });
  }
  return files.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Bytes `from`..`to` (inclusive) of a file; `to` past the end is cut. */
export async function readRange(
  { home, principal, signal }: S3Access,
  { bucket, key }: S3File,
  from: number,
  to: number,
): Promise<Buffer> {
  const input = { Bucket: bucket, Key: key, Range: `bytes=${from}-${to}` };
  const output = await home.call("s3", "GetObject", input, principal, signal);
  return bytesOf(output);
}

async function bytesOf(output: unknown): Promise<Buffer> {
  const body = typeof output === "object" && output !== null && "Body" in output ? output.Body : undefined;
  if (typeof body === "string" || body instanceof Uint8Array) return Buffer.from(body);
  if (!(body instanceof Readable)) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
