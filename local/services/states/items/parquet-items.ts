/** Rows of a Parquet file as items. DuckDB reads a file on disk row group by row group, so the object is spooled to one first. */
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { JsonValue } from "../../../../engine/states/index.ts";
import { ItemReaderError } from "./item-reader-error.ts";

/** @throws ItemReaderError */
export async function* parquetItems(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<JsonValue, void> {
  const folder = mkdtempSync(join(tmpdir(), "tidemill-items-"));
  try {
    const file = join(folder, "items.parquet");
    await pipeline(chunks, createWriteStream(file));
    yield* rowsOf(file);
  } catch (cause) {
    if (cause instanceof ItemReaderError) throw cause;
    throw new ItemReaderError(`Unable to read the Parquet file: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function* rowsOf(file: string): AsyncGenerator<JsonValue, void> {
  // Loaded when first needed: few workflows read Parquet.
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    const path = file.replaceAll("'", "''");
    const result = await connection.stream(`SELECT to_json(items)::VARCHAR FROM read_parquet('${path}') AS items`);
    for await (const rows of result.yieldRows()) for (const [text] of rows) yield JSON.parse(String(text));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
