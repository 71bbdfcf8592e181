/** The text of a table as it grows: kept as bytes, since a hundred thousand strings would occupy the garbage collector. */

/** Parts the values of an added row; no curated value holds one. */
export const SEPARATOR = "\t";

const SEPARATOR_BYTE = 0x09;
const COMMA_BYTE = 0x2c;
const ROWS_A_PIECE = 1000;

export class TableText {
  rows = 0;
  readonly #pieces: Buffer[] = [];
  #pending: string[] = [];

  /** @param row its values, parted by {@link SEPARATOR} */
  add(row: string): void {
    this.rows++;
    this.#pending.push(row);
    if (this.#pending.length === ROWS_A_PIECE) this.#write();
  }

  /**
   * Header and rows, parted by commas, or by tabs where a value holds a comma: Athena's text format knows no quotes, so
   * nor does this. Ends the table.
   */
  csv(header: string): Buffer {
    this.#write();
    const text = Buffer.concat([Buffer.from(`${header}\n`), ...this.#pieces]);
    if (!text.includes(COMMA_BYTE)) {
      for (let at = 0; at < text.length; at++) if (text[at] === SEPARATOR_BYTE) text[at] = COMMA_BYTE;
    }
    return text;
  }

  #write(): void {
    if (this.#pending.length > 0) this.#pieces.push(Buffer.from(`${this.#pending.join("\n")}\n`));
    this.#pending = [];
  }
}
