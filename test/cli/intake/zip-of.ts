/** A zip archive made byte for byte, so that it may be a wrong one. */
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipEntry {
  name: string;
  content: string | Uint8Array;
  /** Of Unix, such as 0o120777 for a link. */
  mode?: number;
  /** The general purpose bits, such as 1 for encrypted. */
  flags?: number;
  /** Default: that of the content. */
  crc?: number;
  /** What it is said to unpack to. Default: the content's size. */
  size?: number;
  /** Sizes and offset in the zip64 extra field. */
  zip64?: boolean;
}

const MAX_32 = 0xffff_ffff;

export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const content = Buffer.from(entry.content);
    const packed = deflateRawSync(content, { level: 1 });
    const name = Buffer.from(entry.name);
    const fields = headerFields(entry, content, packed, name);
    const local = Buffer.concat([Buffer.from("504b0304", "hex"), fields, u16(0), name, packed]);
    const extra = entry.zip64 === true ? zip64Extra(content.length, packed.length, offset) : Buffer.alloc(0);
    central.push(
      Buffer.concat([
        Buffer.from("504b0102", "hex"),
        u16(0x0314),
        entry.zip64 === true
          ? Buffer.concat([fields.subarray(0, 14), u32(MAX_32), u32(MAX_32), u16(name.length)])
          : fields,
        u16(extra.length),
        u16(0),
        u16(0),
        u16(0),
        u32((entry.mode ?? 0o100644) * 0x10000),
        u32(entry.zip64 === true ? MAX_32 : offset),
        name,
        extra,
      ]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  return Buffer.concat([
    ...locals,
    directory,
    Buffer.from("504b0506", "hex"),
    u16(0),
    u16(0),
    u16(entries.length),
    u16(entries.length),
    u32(directory.length),
    u32(offset),
    u16(0),
  ]);
}

/** From the version needed to the length of the name. */
function headerFields({ flags = 0, crc, size }: ZipEntry, content: Buffer, packed: Buffer, name: Buffer): Buffer {
  const sizes = [u32(crc ?? crc32(content)), u32(packed.length), u32(size ?? content.length)];
  return Buffer.concat([u16(45), u16(flags), u16(8), u16(0), u16(0x21), ...sizes, u16(name.length)]);
}

function zip64Extra(size: number, packed: number, offset: number): Buffer {
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  for (const [index, value] of [size, packed, offset].entries()) extra.writeBigUInt64LE(BigInt(value), 4 + index * 8);
  return extra;
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
