/**
 * Bytes one after another, and numbers as LEB128 varints. Many short runs of bytes are written, so they lie side by side in slabs
 * of memory: a slab of its own for each would cost more than what is written into it.
 */

type Slab = { readonly bytes: Uint8Array; used: number };

const SLAB_BYTES = 16_384;
/** A slab with less left is not written to again. */
const LEAST_LEFT = 1_024;

/** The one to go on with, while nobody writes to it. */
let spare: Slab | undefined;

export class ByteWriter {
  #slab: Slab;
  #bytes: Uint8Array;
  #at: number;

  constructor() {
    this.#slab = spare ?? { bytes: new Uint8Array(SLAB_BYTES), used: 0 };
    spare = undefined;
    this.#bytes = this.#slab.bytes;
    this.#at = this.#slab.used;
  }

  /** Makes sure that `count` more bytes have room: to be called before they are put. */
  reserve(count: number): void {
    if (this.#at + count > this.#bytes.length) this.#move(count);
  }

  /** @param value below 256 */
  putByte(value: number): void {
    this.#bytes[this.#at++] = value;
  }

  /** A number as a varint. @param value not negative; takes up to 8 bytes, up to 5 if below 2 ** 31 */
  put(value: number): void {
    let rest = value;
    // Bit operations hold 32 bits; only a timestamp is larger.
    while (rest >= 0x80000000) {
      this.#bytes[this.#at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      this.#bytes[this.#at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  append(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** What was written. The writer must not be used any more. */
  finish(): Uint8Array {
    const written = this.#bytes.subarray(this.#slab.used, this.#at);
    this.#slab.used = this.#at;
    if (this.#bytes.length - this.#at >= LEAST_LEFT) spare = this.#slab;
    return written;
  }

  #move(count: number): void {
    const written = this.#bytes.subarray(this.#slab.used, this.#at);
    this.#bytes = new Uint8Array(Math.max(SLAB_BYTES, 2 * (written.length + count)));
    this.#bytes.set(written);
    this.#slab = { bytes: this.#bytes, used: 0 };
    this.#at = written.length;
  }
}
