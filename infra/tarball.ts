/** A gzipped tar archive whose bytes depend on its files alone: no times, owners or machine-dependent headers. */
import { gzipSync } from "node:zlib";

export type ArchivedFile = Readonly<{ path: string; content: Buffer }>;

const BLOCK = 512;

/**
 * Packs files into a `.tar.gz`, in the order given.
 *
 * Format: POSIX ustar, https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
 *
 * @throws RangeError when a path is longer than the 100 bytes of a plain ustar header
 */
export function tarball(files: readonly ArchivedFile[]): Buffer {
  const blocks = files.flatMap(({ path, content }) => [header(path, content.length), padded(content)]);
  const archive = gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 9 });
  // Byte 9 of a gzip stream names the operating system: "unknown" everywhere, so that the bytes are the same everywhere.
  archive[9] = 0xff;
  return archive;
}

function header(path: string, size: number): Buffer {
  if (Buffer.byteLength(path) > 100) {
    throw new RangeError(`${path}: its path is longer than the 100 bytes an archive takes; shorten it`);
  }
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, "0")}\0`;
  block.write(path, 0);
  block.write(octal(0o644, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  block.write("        ", 148);
  block.write("0", 156);
  block.write("ustar\x0000", 257);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${checksum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function padded(content: Buffer): Buffer {
  const rest = content.length % BLOCK;
  return rest === 0 ? content : Buffer.concat([content, Buffer.alloc(BLOCK - rest)]);
}
