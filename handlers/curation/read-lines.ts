/** Turns the bytes of an upload into lines, refusing what cannot be text before any of it is interpreted. */
import { RefusedFileError } from "./refused.ts";

export type Limits = Readonly<{ maxLineLength: number; maxFieldLength: number }>;
export type Line = Readonly<{ text: string; number: number }>;

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
 * Yields the lines of a UTF-8 text, without their ends; blank ones are left out but counted.
 *
 * @param limits `maxLineLength` in characters; reading stops where it is passed
 * @throws {@link RefusedFileError} on a NUL byte, on bytes that are no UTF-8, on the limit passed
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>, limits: Limits): AsyncGenerator<Line> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let first = true;
  let number = 0;
  for await (const chunk of bytes) {
    if (first) refuseOtherFormats(chunk);
    first = false;
    rest += decode(decoder, chunk, rest, number);
    const lines = rest.split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const text of lines) {
      number++;
      if (checked(text, number, limits).trim() !== "") yield { text, number };
    }
    checked(rest, number + 1, limits);
  }
  rest += decode(decoder, undefined, rest, number);
  if (checked(rest, number + 1, limits).trim() !== "") yield { text: rest, number: number + 1 };
}

/** Refuses, by its first bytes, what is often published by mistake: its reason would else be a byte deep inside. */
function refuseOtherFormats(start: Uint8Array): void {
  for (const { name, at = 0, bytes, instead } of OTHER_FORMATS) {
    if (bytes.every((byte, index) => start[at + index] === byte))
      throw new RefusedFileError(`the file is ${name}, expected UTF-8 text; ${instead}`, { line: 1, column: 1 });
  }
}

function decode(
  decoder: InstanceType<typeof TextDecoder>,
  chunk: Uint8Array | undefined,
  rest: string,
  lines: number,
): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    // A character that two chunks share has its first bytes in the decoder.
    const shared = Math.max(chunk?.findIndex(isFirstByte) ?? 0, 0);
    const tail = (shared > 0 ? "?" : "") + new TextDecoder().decode(chunk?.subarray(shared));
    const read = (rest + tail).split("\uFFFD", 1)[0]?.split(/\r?\n/) ?? [];
    throw new RefusedFileError(
      "the file is not UTF-8 text; save it as UTF-8 (it may be Latin-1 or Windows-1252, or no text at all)",
      {
        line: lines + Math.max(read.length, 1),
        column: (read.at(-1)?.length ?? 0) + 1,
      },
    );
  }
}

const isFirstByte = (byte: number): boolean => (byte & 0xc0) !== 0x80;

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
