/** A log file's lines, read a stretch at a time: a log may be larger than memory, and so may a line. */
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { open } from "node:fs/promises";

export const STRETCH_BYTES = 1024 * 1024;
// A line longer than this is handed over in pieces, as CloudWatch Logs would refuse it whole (256 KB an event).
const LONGEST_LINE = 128 * 1024;
const TAIL_BYTES = 64 * 1024;

/** Up to STRETCH_BYTES from `offset` on; fewer at the file's end. */
export async function readStretch(file: string, offset: number): Promise<Buffer> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(STRETCH_BYTES), 0, STRETCH_BYTES, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Complete lines of `chunk` and how many bytes they took; with `whole` also what follows the last newline. */
export function splitLines(chunk: Buffer, whole: boolean): { lines: string[]; bytes: number } {
  const lines: string[] = [];
  let start = 0;
  for (;;) {
    const newline = chunk.indexOf(0x0a, start);
    const end = newline === -1 ? chunk.length : newline;
    if (newline === -1 && (start === chunk.length || (!whole && end - start < LONGEST_LINE))) break;
    const cut = Math.min(end, start + LONGEST_LINE);
    const line = chunk.toString("utf8", start, cut);
    lines.push(line.endsWith("\r") ? line.slice(0, -1) : line);
    start = cut === newline ? cut + 1 : cut;
  }
  return { lines, bytes: start };
}

/** The lines of the file's last `mostBytes`. */
export async function* lastLines(file: string, mostBytes: number): AsyncGenerator<string> {
  for (let offset = Math.max(0, statSync(file).size - mostBytes); ; ) {
    const stretch = await readStretch(file, offset);
    const { lines, bytes } = splitLines(stretch, stretch.length < STRETCH_BYTES);
    if (bytes === 0) return;
    yield* lines;
    offset += bytes;
  }
}

/** The last line that says something, as far as one can be seen at the end of the file. */
export function lastLine(file: string): string {
  if (!existsSync(file)) return "no output";
  const { size } = statSync(file);
  const descriptor = openSync(file, "r");
  try {
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const bytesRead = readSync(descriptor, tail, 0, tail.length, size - tail.length);
    return tail.toString("utf8", 0, bytesRead).trimEnd().split("\n").at(-1)?.trim() || "no output";
  } finally {
    closeSync(descriptor);
  }
}
