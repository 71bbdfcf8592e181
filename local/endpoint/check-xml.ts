/** What an XML body must be before a parser reads it: UTF-8, without a document type, and not nested beyond any use. */
import { isUtf8 } from "node:buffer";
import { AwsError } from "../aws-error.ts";

/** S3's deepest document, a bucket's replication, has nine levels. */
const DEEPEST = 256;

/** @throws AwsError MalformedXML */
export function checkXml(bytes: Uint8Array): void {
  if (!isUtf8(bytes)) throw unreadable("expected UTF-8");
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  // No body of AWS has one; entities are a way to read files and to grow without end.
  if (/<!doctype/i.test(text)) throw unreadable("it has a DOCTYPE");
  let depth = 0;
  for (const [, closing, selfClosing] of text.matchAll(/<(?:(\/)|[^<>!?/])[^<>]*?(\/)?>/g)) {
    if (selfClosing === undefined) depth += closing === undefined ? 1 : -1;
    if (depth > DEEPEST) throw unreadable(`nested deeper than ${DEEPEST} levels`);
  }
}

function unreadable(why: string): AwsError {
  return new AwsError("MalformedXML", `the request body cannot be read: ${why}`);
}
