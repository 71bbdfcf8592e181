/** Turns the bytes of an upload into lines, refusing what cannot be text before any of it is interpreted. */
import { isUtf8 } from "node:buffer";
import { RefusedFileError } from "./refused.ts";

export type Limits = Readonly<{ maxLineLength: number; maxFieldLength: number }>;
export type Line = Readonly<{ text: string; number: number }>;

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const REPLACEMENT = "\uFFFD";
/** UTF-8's most for one of JavaScript's. */
const MOST_BYTES_A_CHARACTER = 3;

const OTHER_FORMATS: readonly Readonly<{ name: string; at?: number; bytes: readonly number[]; instead: string }>[] = [
  { name: "compressed with gzip", bytes: [0x1f, 0x8b], instead: "publish it unpacked" },
  {
    name: "a zip archive or a spreadsheet",
    bytes: [0x50, 0x4b, 0x03, 0x04],
    instead: "publish the table in it as CSV",
  },
  { name: "Parquet", bytes: [0x50, 0x41, 0x52, 0x31], instead: "publish it as CSV" },
  { name: "compressed with bzip2", bytes: [0x42, 0x5a, 0x68], instead: "publish it unpacked" },
  { name: "compressed with xz", bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], instead: "publish it unpacked" },
  { name: "compressed with zstd", bytes: [0x28, 0xb5, 0x2f, 0xfd], instead: "publish it unpacked" },
  { name: "a 7z archive", bytes: [0x37, 0x7a, 0xbc, 0xaf], instead: "publish the table in it as CSV" },
  { name: "a PDF document", bytes: [0x25, 0x50, 0x44, 0x46, 0x2d], instead: "publish the table in it as CSV" },
  {
    name: "an Excel workbook or another document",
    bytes: [0xd0, 0xcf, 0x11, 0xe0],
    instead: "save the table in it as CSV",
  },
  {
    name: "a pointer of Git LFS",
    bytes: [...Buffer.from("version https://git-lfs")],
    instead: "fetch it with git lfs pull",
  },
  { name: "a picture (PNG)", bytes: [0x89, 0x50, 0x4e, 0x47], instead: "publish the table it shows as CSV" },
  { name: "a picture (JPEG)", bytes: [0xff, 0xd8, 0xff], instead: "publish the table it shows as CSV" },
  { name: "a tar archive", at: 257, bytes: [...Buffer.from("ustar")], instead: "publish the files in it" },
  { name: "UTF-16", bytes: [0xff, 0xfe], instead: "save it as UTF-8" },
  { name: "UTF-16", bytes: [0xfe, 0xff], instead: "save it as UTF-8" },
];

/**
 * Yields the bytes of a text as they arrive, cut between lines: only the last block may end within one. A line far longer than
 * `maxLineLength` is yielded without its end, for {@link lineAt} to refuse.
 *
 * @throws {@link RefusedFileError} on what begins as another format
 */
export async function* readBlocks(bytes: AsyncIterable<Uint8Array>, limits: Limits): AsyncGenerator<Buffer> {
  const mostBytes = limits.maxLineLength * MOST_BYTES_A_CHARACTER;
  let rest: Buffer[] = [];
  let restBytes = 0;
  let first = true;
  for await (const { buffer, byteOffset, length } of bytes) {
    const chunk = Buffer.from(buffer, byteOffset, length);
    if (first) refuseOtherFormats(chunk);
    first = false;
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      yield Buffer.concat([...rest, chunk.subarray(0, end)]);
      rest = [];
      restBytes = 0;
    }
    rest.push(chunk.subarray(end));
    restBytes += length - end;
    if (restBytes > mostBytes) break;
  }
  if (restBytes > 0) yield Buffer.concat(rest);
}

/**
 * The line of a block that begins at `at`, without its end, and where the next one begins.
 *
 * @param number its number in the file
 * @param limits `maxLineLength` in characters
 * @throws {@link RefusedFileError} on a NUL byte, on bytes that are no UTF-8, on the limit passed
 */
export function lineAt(block: Buffer, at: number, number: number, limits: Limits): { line: Line; next: number } {
  const feed = block.indexOf(LINE_FEED, at);
  const end = feed === -1 ? block.length : feed;
  const stop = end > at && block[end - 1] === RETURN ? end - 1 : end;
  const decoded = block.toString("utf8", at, stop);
  // What stands for a byte that is no UTF-8 may be there itself.
  const isText = !decoded.includes(REPLACEMENT) || isUtf8(block.subarray(at, stop));
  const text = isText ? checked(decoded, number, limits) : notUtf8(decoded, number, limits);
  return { line: { text, number }, next: feed === -1 ? end : feed + 1 };
}

/** Refuses, by its first bytes, what is often published by mistake: its reason would else be a byte deep inside. */
function refuseOtherFormats(start: Uint8Array): void {
  for (const { name, at = 0, bytes, instead } of OTHER_FORMATS) {
    if (bytes.every((byte, index) => start[at + index] === byte))
      throw new RefusedFileError(`the file is ${name}, expected UTF-8 text; ${instead}`, { line: 1, column: 1 });
  }
}

/** @throws {@link RefusedFileError} always: for what comes before the bytes that are no UTF-8, else for them */
function notUtf8(decoded: string, line: number, limits: Limits): never {
  const before = checked(decoded.split(REPLACEMENT, 1)[0] ?? "", line, limits);
  throw new RefusedFileError(
    "the file is not UTF-8 text; save it as UTF-8 (it may be Latin-1 or Windows-1252, or no text at all)",
    { line, column: before.length + 1 },
  );
}

function checked(text: string, line: number, { maxLineLength, maxFieldLength }: Limits): string {
  const nul = text.indexOf("\0");
  if (nul >= 0)
    throw new RefusedFileError(
      "the file is binary: found a NUL byte, expected UTF-8 text; what is UTF-16 has such bytes, save it as UTF-8",
      { line, column: nul + 1 },
    );
  if (text.length > maxLineLength) {
    const reason = text.includes("\r")
      ? "its lines end in CR alone, save it with line ends of LF"
      : `a field has at most ${maxFieldLength} (maxFieldLength)`;
    throw new RefusedFileError(`line ${line} is longer than ${maxLineLength} characters; ${reason}`, {
      line,
      column: maxLineLength + 1,
    });
  }
  return text;
}
