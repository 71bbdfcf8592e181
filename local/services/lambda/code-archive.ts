/** A folder as a zip, the same bytes for the same files: what GetFunction hands out for code that never was one. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const MADE_ON_UNIX = (3 << 8) | VERSION;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
/** 1 January 1980, the first day a zip knows. */
const FIRST_DAY = 0x21;

/** Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT; folders of less than 4 GB, as functions are. */
export function zipFolder(folder: string): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of filesBelow(folder)) {
    const name = Buffer.from(relative(folder, file).split(sep).join("/"));
    const content = readFileSync(file);
    const packed = deflateRawSync(content);
    const fields = entryFields(content, packed, name);
    const header = Buffer.concat([uint32(LOCAL_HEADER), fields, uint16(0), name]);
    const mode = statSync(file).mode;
    directory.push(
      Buffer.concat([
        ...[uint32(CENTRAL_HEADER), uint16(MADE_ON_UNIX), fields, uint16(0), uint16(0), uint16(0), uint16(0)],
        ...[uint32((mode << 16) >>> 0), uint32(offset), name],
      ]),
    );
    parts.push(header, packed);
    offset += header.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const counts = [uint16(directory.length), uint16(directory.length), uint32(listed.length), uint32(offset)];
  return Buffer.concat([...parts, listed, uint32(END), uint16(0), uint16(0), ...counts, uint16(0)]);
}

/** What an entry's two headers have in common. */
function entryFields(content: Buffer, packed: Buffer, name: Buffer): Buffer {
  return Buffer.concat([
    ...[uint16(VERSION), uint16(UTF8_NAMES), uint16(DEFLATED), uint16(0), uint16(FIRST_DAY)],
    ...[uint32(crc32(content)), uint32(packed.length), uint32(content.length), uint16(name.length)],
  ]);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
