/** The files of a zip archive, hidden ones left out. */
import { crc32 } from "node:zlib";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { CommandFailure } from "../failure.ts";
import { refusedInput } from "../refused-input.ts";
import { isHidden } from "./find-files.ts";
import { type Budget, tooLarge } from "./part.ts";
import type { Packed } from "./unpack.ts";

const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const ENCRYPTED = 1;
/** Every document of a spreadsheet's formats has one of them. */
const DOCUMENT_PARTS = ["[Content_Types].xml", "META-INF/manifest.xml"];

/** @throws CommandFailure (3) on a broken or encrypted archive, names that lead out of it, and what is no table */
export async function* unzip({ source, key, bytes }: Packed, budget: Budget): AsyncGenerator<Packed> {
  const seen = new Set<string>();
  try {
    // Yauzl refuses names that lead out of the archive.
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: true });
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName;
      if (DOCUMENT_PARTS.includes(name))
        throw refusedInput(source, "a spreadsheet or another document; save the table in it as CSV");
      if (name.endsWith("/") || name.split("/").some(isHidden)) continue;
      const inner = `${source}/${name}`;
      if (seen.has(name)) throw refusedInput(inner, "the archive holds this name twice; pack it again");
      seen.add(name);
      yield { source: inner, key: `${key}/${name}`, bytes: await contentOf(zip, entry, inner, budget) };
    }
  } catch (thrown) {
    if (thrown instanceof CommandFailure) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw refusedInput(source, `a zip archive that cannot be read (${reason}); pack it again`);
  }
  if (seen.size === 0) throw refusedInput(source, "the archive holds no file");
}

async function contentOf(zip: ZipFile, entry: Entry, source: string, budget: Budget): Promise<Buffer> {
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
  if (type !== 0 && type !== REGULAR)
    throw refusedInput(source, "a link or a device, not a file; pack the file itself");
  if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0)
    throw refusedInput(source, "encrypted; pack it without a password");
  const chunks: Buffer[] = [];
  let crc = 0;
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError(`expected bytes of ${source}, found ${typeof chunk}`);
    budget.bytes -= chunk.length;
    if (budget.bytes < 0) throw tooLarge(source);
    crc = crc32(chunk, crc);
    chunks.push(chunk);
  }
  if (crc !== entry.crc32) throw refusedInput(source, "its content is not what was packed (CRC); pack it again");
  return Buffer.concat(chunks);
}
