/**
 * Reads Thrift's compact protocol into plain values, as far as a Parquet footer needs it: a struct is a Map by field id.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export type ThriftValue = boolean | bigint | number | Buffer | ThriftValue[] | ThriftStruct;
export type ThriftStruct = Map<number, ThriftValue>;

const STRUCT = 12;

/** @throws RangeError when the bytes end early or hold an unknown type */
export function readStruct(bytes: Buffer): ThriftStruct {
  return new Reader(bytes).struct();
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  struct(): ThriftStruct {
    const fields: ThriftStruct = new Map();
    let id = 0;
    for (;;) {
      const header = this.#byte();
      if (header === 0) return fields;
      const delta = header >> 4;
      id = delta === 0 ? Number(this.#zigzag()) : id + delta;
      const type = header & 0x0f;
      // In a struct a boolean's value is its type; in a list it is a byte.
      fields.set(id, type === 1 || type === 2 ? type === 1 : this.#value(type));
    }
  }

  #value(type: number): ThriftValue {
    switch (type) {
      case 1:
      case 2:
        return this.#byte() === 1;
      case 3:
        return this.#byte();
      case 4:
      case 5:
      case 6:
        return this.#zigzag();
      case 7:
        return this.#take(8).readDoubleLE();
      case 8:
        return this.#take(Number(this.#varint()));
      case 9:
      case 10:
        return this.#list();
      case STRUCT:
        return this.struct();
      default:
        throw new RangeError(`Thrift compact type ${type} at byte ${this.#at} is not one a Parquet footer has`);
    }
  }

  #list(): ThriftValue[] {
    const header = this.#byte();
    const short = header >> 4;
    const size = short === 15 ? Number(this.#varint()) : short;
    if (size > this.#bytes.length) throw new RangeError(`a list of ${size} items does not fit the footer`);
    return Array.from({ length: size }, () => this.#value(header & 0x0f));
  }

  #zigzag(): bigint {
    const raw = this.#varint();
    return (raw >> 1n) ^ -(raw & 1n);
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError(`a varint at byte ${this.#at} is longer than ten bytes`);
  }

  #byte(): number {
    return this.#take(1).readUInt8();
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError(`the footer ends at byte ${this.#bytes.length}, wanted ${end}`);
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
