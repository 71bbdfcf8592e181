/** Turns the bytes of an upload into lines, refusing what cannot be text before any of it is interpreted. */
import { RefusedFileError } from "./refused.ts";

export type Limits = Readonly<{ maxBytes: number; maxLineLength: number }>;
export type Line = Readonly<{ text: string; number: number }>;

/**
 * Yields the lines of a UTF-8 text, without their ends; blank ones are left out but counted.
 *
 * @param limits `maxBytes` of the whole, `maxLineLength` in characters; reading stops where either is passed
 * @throws {@link RefusedFileError} on a NUL byte, on bytes that are no UTF-8, on a limit passed
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>, limits: Limits): AsyncGenerator<Line> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let total = 0;
  let number = 0;
  for await (const chunk of bytes) {
    total += chunk.length;
    if (total > limits.maxBytes) {
      throw new RefusedFileError(`the file is larger than ${limits.maxBytes} bytes; publish it in parts`, {
        line: number + 1,
      });
    }
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

function decode(
  decoder: InstanceType<typeof TextDecoder>,
  chunk: Uint8Array | undefined,
  rest: string,
  lines: number,
): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new RefusedFileError("the file is not UTF-8 text", { line: lines + 1, column: rest.length + 1 });
  }
}

function checked(text: string, line: number, { maxLineLength }: Limits): string {
  const nul = text.indexOf("\0");
  if (nul >= 0)
    throw new RefusedFileError("the file is binary: found a NUL byte, expected text", { line, column: nul + 1 });
  if (text.length > maxLineLength) {
    throw new RefusedFileError(`line ${line} is longer than ${maxLineLength} characters`, {
      line,
      column: maxLineLength + 1,
    });
  }
  return text;
}
