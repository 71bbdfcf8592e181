/** A request's body, whole, within a limit. */
import type { Readable } from "node:stream";
import { AwsError } from "../aws-error.ts";

/** @param limitBytes more than this answers RequestEntityTooLargeException. */
export async function readBody(stream: Readable, limitBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  // What is refused stays open: a request destroyed here could not be answered.
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    size += bytes.length;
    if (size > limitBytes) throw tooLarge(limitBytes);
    chunks.push(bytes);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

export function tooLarge(limitBytes: number): AwsError {
  return new AwsError(
    "RequestEntityTooLargeException",
    `Request must be smaller than ${limitBytes} bytes for this operation`,
    { status: 413 },
  );
}
