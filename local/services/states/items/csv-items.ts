/**
 * Rows of a delimited file as items: every value is text, a short row is filled with "", surplus fields are dropped.
 * As recorded on AWS; blank lines are passed over, a line of delimiters is a row.
 */
import { Readable } from "node:stream";
import { parse } from "csv-parse";
import type { JsonObject } from "../../../../engine/states/index.ts";
import { ItemReaderError } from "./item-reader-error.ts";
import { csvDelimiter, type ReaderConfig } from "./reader-config.ts";

const MAX_HEADER_BYTES = 10 * 1024;

/** @throws ItemReaderError */
export async function* csvItems(
  chunks: AsyncIterable<Uint8Array>,
  config: ReaderConfig,
): AsyncGenerator<JsonObject, void> {
  let headers = config.CSVHeaderLocation === "GIVEN" ? checkHeaders(config.CSVHeaders ?? []) : undefined;
  for await (const row of rows(chunks, csvDelimiter(config))) {
    if (headers === undefined) headers = checkHeaders(row);
    else yield Object.fromEntries(headers.map((name, index) => [name, row[index] ?? ""]));
  }
}

async function* rows(chunks: AsyncIterable<Uint8Array>, delimiter: string): AsyncGenerator<string[], void> {
  const parser = parse({ bom: true, delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: true });
  const source = Readable.from(chunks);
  source.on("error", (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const row of parser) yield row as string[];
  } catch (cause) {
    if (cause instanceof ItemReaderError) throw cause;
    throw new ItemReaderError(`Unable to parse the CSV file: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  } finally {
    source.destroy();
  }
}

function checkHeaders(headers: readonly string[]): readonly string[] {
  if (new Set(headers).size !== headers.length) throw new ItemReaderError("CSV headers cannot contain duplicates.");
  if (Buffer.byteLength(headers.join(",")) > MAX_HEADER_BYTES)
    throw new ItemReaderError(`CSV headers cannot be larger than ${MAX_HEADER_BYTES} bytes.`);
  return headers;
}
