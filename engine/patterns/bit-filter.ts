/**
 * Tells of most hashes that were never added that they were not, by one bit each in an array that stays in the processor's
 * cache. Asked before a map, it spares the look-up in memory of what is not there, which nearly everything is not.
 */

const LEAST_BITS = 256;
const BITS_PER_HASH = 16;

export class BitFilter {
  #bits = new Int32Array(LEAST_BITS / 32);
  #added = 0;

  /** @returns false, and nothing is added, when there are so many that it has to be filled anew, see `refill` */
  add(hash: number): boolean {
    if ((this.#added + 1) * BITS_PER_HASH > this.#bits.length * 32) return false;
    this.#added++;
    this.#set(hash);
    return true;
  }

  /** Starts again with these; makes room for as many more. */
  refill(hashes: readonly number[]): void {
    let bits = LEAST_BITS;
    while (bits < hashes.length * BITS_PER_HASH * 2) bits *= 2;
    this.#bits = new Int32Array(bits / 32);
    this.#added = hashes.length;
    for (const hash of hashes) this.#set(hash);
  }

  mayHave(hash: number): boolean {
    const bit = this.#bitOf(hash);
    return ((this.#bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }

  #set(hash: number): void {
    const bit = this.#bitOf(hash);
    this.#bits[bit >>> 5] = (this.#bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }

  #bitOf(hash: number): number {
    return (hash ^ (hash >>> 15)) & (this.#bits.length * 32 - 1);
  }
}
