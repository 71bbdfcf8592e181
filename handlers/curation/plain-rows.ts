/**
 * Rows that are plain: ASCII without quotes, each value readable. They go from the bytes of the file to those of the table without a
 * string for each of their fields: a file of 100,000 rows is curated in half the time (decision 0094). Whatever is not plain is
 * left to `rowReader`, which would make the same of a plain row.
 */
import { valueReader } from "./curate-value.ts";
import type { Header } from "./header.ts";
import { KnownValues } from "./known-values.ts";
import type { Limits } from "./read-lines.ts";
import type { TableText } from "./table-text.ts";

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const DELETE = 0x7f;

type Column = Readonly<{
  /** Where it is in the file. */
  index: number;
  read: (text: string) => string | undefined;
  known: KnownValues;
}>;

export class PlainRows {
  readonly #delimiter: number;
  readonly #columns: readonly Column[];
  readonly #limits: Limits;
  /** Of the line being read: where its fields begin and end, in the file's order, and their values, in the table's. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #values: Int32Array;

  /** @param order where each of the table's columns is among the header's */
  constructor({ delimiter, columns }: Header, order: readonly number[], limits: Limits) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#columns = order.map((index) => ({
      index,
      read: valueReader(columns[index]?.column),
      known: new KnownValues(),
    }));
    this.#limits = limits;
    this.#starts = new Int32Array(columns.length);
    this.#ends = new Int32Array(columns.length);
    this.#values = new Int32Array(order.length);
  }

  /**
   * Adds rows to the table, from the line at `at` on, until one is not plain or the table has `maxRows`.
   *
   * @param block whole lines
   * @returns how many, and where the next line begins
   */
  take(block: Buffer, at: number, text: TableText, maxRows: number): { rows: number; next: number } {
    const before = text.rows;
    let next = at;
    while (next < block.length && text.rows < maxRows) {
      const after = this.#split(block, next);
      const size = after < 0 ? -1 : this.#read(block);
      if (size < 0) break;
      this.#write(text, size);
      next = after;
    }
    return { rows: text.rows - before, next };
  }

  /** Finds the fields of a line. @returns where the next one begins, -1 where this one is not plain */
  #split(block: Buffer, from: number): number {
    const delimiter = this.#delimiter;
    let field = 0;
    let start = from;
    let at = from;
    let ends = false;
    for (; !ends; at++) {
      const byte = block[at] ?? LINE_FEED;
      if (byte !== delimiter && byte >= SPACE && byte < DELETE && byte !== QUOTE) continue;
      ends = byte === LINE_FEED || (byte === RETURN && (block[at + 1] ?? LINE_FEED) === LINE_FEED);
      if (!ends && byte !== delimiter) return -1;
      // Spaces that part fields may repeat, and begin or end a line.
      if (delimiter !== SPACE || at > start) {
        if (field === this.#starts.length || at - start > this.#limits.maxFieldLength) return -1;
        this.#trim(block, start, at, field++);
      }
      start = at + 1;
    }
    if (field < this.#starts.length || at - from > this.#limits.maxLineLength) return -1;
    return Math.min(block[at - 1] === RETURN ? at + 1 : at, block.length);
  }

  /** Notes a field without the spaces around it. */
  #trim(block: Buffer, start: number, end: number, field: number): void {
    let from = start;
    let to = end;
    while (from < to && block[from] === SPACE) from++;
    while (to > from && block[to - 1] === SPACE) to--;
    this.#starts[field] = from;
    this.#ends[field] = to;
  }

  /** Finds the fields' values. @returns their bytes together, -1 where one has none or all are missing */
  #read(block: Buffer): number {
    let size = 0;
    let column = 0;
    for (const { index, known, read } of this.#columns) {
      const value = known.find(block, this.#starts[index] ?? 0, this.#ends[index] ?? 0, read);
      if (value < 0) return -1;
      this.#values[column++] = value;
      size += known.length(value);
    }
    return size === 0 ? -1 : size;
  }

  #write(text: TableText, size: number): void {
    let column = 0;
    for (const { known } of this.#columns) if (known.hasComma(this.#values[column++] ?? 0)) text.useTabs();
    const { separator } = text;
    const piece = text.room(size + this.#columns.length);
    let to = text.at;
    column = 0;
    for (const { known } of this.#columns) {
      const value = this.#values[column++] ?? 0;
      const { bytes } = known;
      const start = known.start(value);
      const end = start + known.length(value);
      for (let at = start; at < end; at++) piece[to++] = bytes[at] ?? 0;
      piece[to++] = separator;
    }
    piece[to - 1] = LINE_FEED;
    text.at = to;
    text.rows++;
  }
}
