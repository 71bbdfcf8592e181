/** The text of a table as it grows: kept as bytes, since a hundred thousand strings would occupy the garbage collector. */

/** Parts the values of an added row; no curated value holds one. */
export const SEPARATOR = "\t";

const COMMA = ",";
const COMMA_BYTE = 0x2c;
const TAB_BYTE = 0x09;
const PENDING_ROWS = 1000;
const PIECE_BYTES = 1 << 20;

export class TableText {
  rows = 0;
  /** Of the piece being written, taken by {@link room}. */
  at = 0;
  #pieces: Buffer[] = [];
  #piece: Buffer = Buffer.alloc(0);
  /** Rows not written yet: many at once are written faster. */
  #pending: string[] = [];
  #separator = COMMA_BYTE;

  /** Parts values: a comma, or a tab once a value holds a comma. */
  get separator(): number {
    return this.#separator;
  }

  /** The piece that has room for a row of `size` bytes from {@link at} on; whoever writes there moves `at` and counts the row. */
  room(size: number): Buffer {
    if (this.#pending.length > 0) this.#write();
    return this.#make(size);
  }

  /** @param row its values, parted by {@link SEPARATOR} */
  add(row: string): void {
    if (row.includes(COMMA)) this.useTabs();
    this.rows++;
    if (this.#pending.push(row) === PENDING_ROWS) this.#write();
  }

  /** From here on, and in what is written, tabs part values: Athena's text format knows no quotes, so nor does this. */
  useTabs(): void {
    if (this.#separator === TAB_BYTE) return;
    if (this.#pending.length > 0) this.#write();
    this.#separator = TAB_BYTE;
    for (const piece of this.#written()) replaceAll(piece, COMMA_BYTE, TAB_BYTE);
  }

  /** Header and rows. */
  csv(names: readonly string[]): Buffer {
    const header = Buffer.from(`${names.join(String.fromCharCode(this.#separator))}\n`);
    return Buffer.concat([header, ...this.#written()]);
  }

  #written(): Buffer[] {
    if (this.#pending.length > 0) this.#write();
    return [...this.#pieces, this.#piece.subarray(0, this.at)];
  }

  /** Adds the rows that wait. */
  #write(): void {
    const rows = `${this.#pending.join("\n")}\n`;
    this.#pending = [];
    const size = Buffer.byteLength(rows);
    const piece = this.#make(size);
    const from = this.at;
    piece.write(rows, from);
    this.at += size;
    if (this.#separator === COMMA_BYTE) replaceAll(piece.subarray(from, this.at), TAB_BYTE, COMMA_BYTE);
  }

  #make(size: number): Buffer {
    if (this.at + size > this.#piece.length) {
      this.#pieces.push(this.#piece.subarray(0, this.at));
      this.#piece = Buffer.allocUnsafe(Math.max(PIECE_BYTES, size));
      this.at = 0;
    }
    return this.#piece;
  }
}

function replaceAll(bytes: Buffer, one: number, by: number): void {
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === one) bytes[at] = by;
}
