/** What a JSON body must be before a parser and the code behind it walk it: UTF-8, an object, and not nested beyond any use. */
import { isUtf8 } from "node:buffer";
import { AwsError } from "../aws-error.ts";

/** DynamoDB allows 32 levels of a value, each of them two of JSON; everything else of AWS is flatter. */
const DEEPEST = 256;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const OPEN_OBJECT = 0x7b;
const CLOSE_LIST = 0x5d;
const CLOSE_OBJECT = 0x7d;
const WHITESPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** @throws AwsError SerializationException, as AWS answers a body it cannot read */
export function checkJson(bytes: Uint8Array): void {
  if (!isUtf8(bytes)) throw unreadable("expected UTF-8");
  const first = bytes.find((byte) => !WHITESPACE.has(byte));
  if (first !== undefined && first !== OPEN_OBJECT) throw unreadable("expected a JSON object");
  if (bytes.length > DEEPEST && deeperThan(bytes, DEEPEST)) throw unreadable(`nested deeper than ${DEEPEST} levels`);
}

function deeperThan(bytes: Uint8Array, limit: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) quoted = !quoted;
    else if (quoted) at += byte === BACKSLASH ? 1 : 0;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth++;
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
    if (depth > limit) return true;
  }
  return false;
}

function unreadable(why: string): AwsError {
  return new AwsError("SerializationException", `the request body cannot be read: ${why}`);
}
