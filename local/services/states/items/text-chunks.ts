/** Bytes as text, whole characters a chunk, and as lines. */
import { ItemReaderError } from "./item-reader-error.ts";

// No item may be larger than the payload limit of 256 KiB; some air for spaces and escapes.
const MAX_LINE_CHARACTERS = 4 * 1024 * 1024;

export async function* textOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** @throws ItemReaderError for a line no item can have */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  let open = "";
  for await (const text of textOf(chunks)) {
    const lines = (open + text).split("\n");
    open = lines.pop() ?? "";
    if (open.length > MAX_LINE_CHARACTERS)
      throw new ItemReaderError(`A line of the file is longer than ${MAX_LINE_CHARACTERS} characters.`);
    for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
  if (open !== "") yield open;
}
