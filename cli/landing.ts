/**
 * What is uploaded of what is published: small files lie end to end in one object, since each object costs its requests.
 *
 * An object's key holds the digest of its content. So publishing again uploads nothing that is there, and two that publish at
 * once, under the same names, do not write over each other's files.
 */
import { createHash } from "node:crypto";
import { HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Part } from "./intake/part.ts";
import type { RefusedFile } from "./refused-input.ts";

/** As the function that curates is told of it. */
export interface LandedObject {
  key: string;
  files: { name: string; bytes: number }[];
}

const OBJECT_BYTES = 8 * 1024 ** 2;
/** Smaller ones are sent sooner than asked about. */
const ASKED_ABOUT_BYTES = 1024 ** 2;
const AT_ONCE = 4;
const DIGEST_DIGITS = 32;

/** @param uploaded told how many bytes more are there. @returns the objects, in the order of the parts */
export async function land(
  s3: S3Client,
  to: { bucket: string; product: string },
  parts: readonly Part[],
  uploaded: (bytes: number) => void,
): Promise<LandedObject[]> {
  const groups = grouped(parts);
  const landed: LandedObject[] = [];
  const waiting = groups.entries();
  const lander = async () => {
    for (const [index, group] of waiting) {
      const body = bodyOf(group);
      const key = keyOf(group, body, to.product);
      if (!(await isThere(s3, to.bucket, key, body)))
        await s3.send(new PutObjectCommand({ Bucket: to.bucket, Key: key, Body: body }));
      landed[index] = { key, files: group.map(({ key: name, text }) => ({ name, bytes: text.length })) };
      uploaded(body.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lander));
  return landed;
}

/** Keeps a file that is not even uploaded to be curated, where the curation keeps those it refuses. @returns its key */
export async function quarantine(
  s3: S3Client,
  { bucket, product }: { bucket: string; product: string },
  { key, bytes, message }: RefusedFile,
): Promise<string> {
  const kept = `quarantine/${digestOf(bytes).slice(0, 16)}/${product}/${key}`;
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: kept, Body: bytes }));
  const reason = JSON.stringify({ reason: message });
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${kept}.reason.json`, Body: reason }));
  return kept;
}

function grouped(parts: readonly Part[]): Part[][] {
  const groups: Part[][] = [];
  let room = 0;
  for (const part of parts) {
    const last = groups.at(-1);
    if (last === undefined || part.text.length > room) {
      groups.push([part]);
      room = OBJECT_BYTES;
    } else last.push(part);
    room -= part.text.length;
  }
  return groups;
}

function bodyOf(group: readonly Part[]): Buffer {
  const [first] = group;
  return first !== undefined && group.length === 1 ? first.text : Buffer.concat(group.map(({ text }) => text));
}

function keyOf(group: readonly Part[], body: Buffer, product: string): string {
  const [first] = group;
  const digest = digestOf(body).slice(0, DIGEST_DIGITS);
  // One by its own name; of several, the folder or archive they came in.
  const name = group.length === 1 ? first?.key : first?.key.split("/", 1)[0];
  return `incoming/${product}/${digest}/${name}`;
}

const digestOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

async function isThere(s3: S3Client, bucket: string, key: string, body: Buffer): Promise<boolean> {
  if (body.length < ASKED_ABOUT_BYTES) return false;
  try {
    await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "NotFound") return false;
    throw thrown;
  }
}
