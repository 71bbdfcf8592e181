/** Which format a file has and which columns, from its head (or, for Parquet, its end). */
import { gunzipSync } from "node:zlib";
import { classifyCsv } from "./csv.ts";
import { type FileSchema, UNKNOWN } from "./file-schema.ts";
import { classifyJsonLines } from "./json-lines.ts";
import { classifyParquet, footerLength, TRAILER_BYTES } from "./parquet.ts";
import { readRange, type S3Access, type S3File } from "./s3-target.ts";

const HEAD_BYTES = 2 ** 20;

export async function classifyFile(access: S3Access, file: S3File): Promise<FileSchema> {
  const head = await readRange(access, file, 0, HEAD_BYTES - 1);
  if (head.toString("latin1", 0, 4) === "PAR1") return classifyByFooter(access, file);
  const text = wholeLines(head, file);
  return classifyJsonLines(text) ?? classifyCsv(text) ?? UNKNOWN;
}

async function classifyByFooter(access: S3Access, file: S3File): Promise<FileSchema> {
  const trailer = await readRange(access, file, Math.max(0, file.size - TRAILER_BYTES), file.size - 1);
  const length = footerLength(trailer);
  if (length === undefined || length + TRAILER_BYTES > file.size) return UNKNOWN;
  const start = file.size - TRAILER_BYTES - length;
  const footer = await readRange(access, file, start, file.size - TRAILER_BYTES - 1);
  return classifyParquet(footer, file.size);
}

/** The text without its last, perhaps cut, line; whole when all of it was read. */
function wholeLines(head: Buffer, file: S3File): string {
  const whole = head.length >= file.size;
  const text = isGzip(head) && whole ? gunzipSync(head).toString("utf8") : head.toString("utf8");
  const bare = text.replace(/^\uFEFF/, "");
  return whole ? bare : bare.slice(0, bare.lastIndexOf("\n") + 1);
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
