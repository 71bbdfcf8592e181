/** Manifests name files that may be compressed: gzip is known by its first two bytes. */
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { ItemReaderError } from "./item-reader-error.ts";

export async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const source = chunks[Symbol.asyncIterator]();
  const first = await source.next();
  if (first.done) return;
  const all = joined(first.value, source);
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) return yield* all;
  const gunzip = createGunzip();
  const input = Readable.from(all);
  input.on("error", (error) => gunzip.destroy(error));
  try {
    for await (const chunk of input.pipe(gunzip)) yield chunk as Uint8Array;
  } catch (cause) {
    if (cause instanceof ItemReaderError) throw cause;
    throw new ItemReaderError(`Unable to decompress the file: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

async function* joined(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
