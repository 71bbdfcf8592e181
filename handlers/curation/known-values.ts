/**
 * The values of one column that came before, found by their bytes: a table of a hundred thousand rows has a few thousand
 * different ones, and no text is made of those that come again.
 *
 * An open-addressed hash table (linear probing, FNV-1a). Full at its largest, it forgets everything: a column of ever new
 * values takes no memory to speak of.
 */
const FIRST_ENTRIES = 64;
const MOST_ENTRIES = 8192;
const FIRST_BYTES = 1024;
const MOST_BYTES = 512 * 1024;
const COMMA = ",";
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Of an entry, among {@link KnownValues.#entries}. */
const WIDTH = 5;
const HASH = 0;
const RAW = 1;
const RAW_LENGTH = 2;
const VALUE = 3;
const VALUE_LENGTH = 4;

export class KnownValues {
  /** The values' bytes, and those of what they were read from. */
  bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #commas = false;
  #used = 0;
  #count = 0;
  #entries = new Int32Array(FIRST_ENTRIES * WIDTH);
  /** Twice as many as entries: each is an entry's number from 1, or 0. */
  #slots = new Int32Array(FIRST_ENTRIES * 2);

  /**
   * What the bytes of `line` from `from` to `to` become.
   *
   * @param read asked where they were not seen before; undefined where they have no value
   * @returns the entry, for {@link start} and {@link length} until the next call; -1 where there is no value
   */
  find(line: Buffer, from: number, to: number, read: (text: string) => string | undefined): number {
    let hash = FNV_OFFSET;
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ (line[at] ?? 0), FNV_PRIME);
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = (this.#slots[slot] ?? 0) - 1;
      if (entry < 0) break;
      if (this.#is(entry, hash, line, from, to)) return entry;
    }
    const value = read(line.toString("latin1", from, to));
    return value === undefined ? -1 : this.#add(hash, line.subarray(from, to), value);
  }

  start(entry: number): number {
    return this.#entries[entry * WIDTH + VALUE] ?? 0;
  }

  length(entry: number): number {
    return this.#entries[entry * WIDTH + VALUE_LENGTH] ?? 0;
  }

  hasComma(entry: number): boolean {
    if (!this.#commas) return false;
    const start = this.start(entry);
    return this.bytes.subarray(start, start + this.length(entry)).includes(COMMA);
  }

  #is(entry: number, hash: number, line: Buffer, from: number, to: number): boolean {
    const field = entry * WIDTH;
    if (this.#entries[field + HASH] !== hash || this.#entries[field + RAW_LENGTH] !== to - from) return false;
    const raw = this.#entries[field + RAW] ?? 0;
    for (let at = from; at < to; at++) if (line[at] !== this.bytes[raw + at - from]) return false;
    return true;
  }

  #add(hash: number, raw: Uint8Array, value: string): number {
    const length = Buffer.byteLength(value);
    const needed = raw.length + length;
    const full = this.#count === MOST_ENTRIES || this.#used + needed > Math.max(MOST_BYTES, needed);
    if (full) this.#forget();
    if (this.#count * WIDTH === this.#entries.length) this.#grow();
    if (this.#used + needed > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.#used + needed));
      larger.set(this.bytes.subarray(0, this.#used));
      this.bytes = larger;
    }
    this.bytes.set(raw, this.#used);
    this.bytes.write(value, this.#used + raw.length);
    this.#commas ||= value.includes(COMMA);
    const entry = this.#count++;
    this.#entries.set([hash, this.#used, raw.length, this.#used + raw.length, length], entry * WIDTH);
    this.#used += needed;
    this.#place(entry, hash);
    return entry;
  }

  #place(entry: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry + 1;
  }

  #grow(): void {
    const entries = new Int32Array(this.#entries.length * 2);
    entries.set(this.#entries);
    this.#entries = entries;
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let entry = 0; entry < this.#count; entry++) this.#place(entry, this.#entries[entry * WIDTH + HASH] ?? 0);
  }

  #forget(): void {
    this.#slots.fill(0);
    this.#count = 0;
    this.#used = 0;
  }
}
