/**
 * Curates what was published, one file or several that are parts of one table: names and values of the product, one form
 * whatever the raw one was.
 *
 *   C1. The same rows give the same bytes, whether they came raw, coded under the product's names, or curated; in one file or several;
 *       whatever the order of their columns.
 *   C2. Curating what was curated changes nothing.
 *   C3. Nothing of an unfit file is kept, nor of those beside it: the first reason to refuse ends the reading.
 */
import { type RowReader, rowReader, type Unreadable } from "./curate-row.ts";
import type { Curation } from "./curation.ts";
import { readHeader } from "./header.ts";
import { PlainRows } from "./plain-rows.ts";
import { type Limits, type Line, lineAt, readBlocks } from "./read-lines.ts";
import { type Position, RefusedFileError } from "./refused.ts";
import { TableText } from "./table-text.ts";

export type PublishedFile = Readonly<{
  /** What a refusal calls it. */
  name: string;
  /** Its length, where that is known before it is read. */
  bytes?: number;
  open: () => Promise<AsyncIterable<Uint8Array>>;
}>;
export type CuratedTable = Readonly<{
  csv: Buffer;
  rows: number;
  unreadableRows: number;
  /** The first row that was left out. */
  firstUnreadable?: Unreadable;
  columns: readonly string[];
}>;

/** What is read so far. */
type Table = {
  /** The first file's, by their names in the table and in its order; the other files have the same. */
  columns: readonly string[] | undefined;
  text: TableText;
  unreadableRows: number;
  firstUnreadable: Unreadable | undefined;
  bytes: number;
};

/** The rows of one file: those that {@link PlainRows} takes, and the others. */
type Rows = Readonly<{ plain: PlainRows; read: RowReader }>;

/**
 * Reads, checks and curates.
 *
 * @param files the parts of the table, in their order in it
 * @param currentRows rows of the product's current version, undefined where there is none
 * @throws {@link RefusedFileError} with file, line and column when one is unfit, or all together are
 */
export async function curateFiles(
  files: readonly PublishedFile[],
  curation: Curation,
  currentRows?: number,
): Promise<CuratedTable> {
  const table: Table = {
    columns: undefined,
    text: new TableText(),
    unreadableRows: 0,
    firstUnreadable: undefined,
    bytes: 0,
  };
  refuseManyBytes(files, curation.quality.maxBytes);
  let end: Position = {};
  for (const file of files) {
    const lastLine = await readFile(file, curation, table, files[0]?.name ?? "").catch((error: unknown) => {
      throw error instanceof RefusedFileError ? error.in(file.name) : error;
    });
    // Where several files fall short, none of them does.
    end = files.length === 1 ? { file: file.name, line: lastLine, column: 1 } : {};
  }
  const { columns = [], text, unreadableRows, firstUnreadable } = table;
  refuseUnreadable(text.rows, unreadableRows, curation.quality.maxUnreadableRows, firstUnreadable);
  refuseFewRows(text.rows, end, curation.quality, currentRows);
  const csv = text.csv(columns);
  const first = firstUnreadable === undefined ? {} : { firstUnreadable };
  return { csv, rows: text.rows, unreadableRows, ...first, columns };
}

/** Before any of it is read. */
function refuseManyBytes(files: readonly PublishedFile[], maxBytes: number): void {
  const bytes = files.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  if (bytes <= maxBytes) return;
  const name = files.length === 1 ? files[0]?.name : undefined;
  throw new RefusedFileError(
    `${name === undefined ? "the files have" : "the file has"} ${bytes} bytes, curation.json allows ${maxBytes} (maxBytes)`,
    name === undefined ? {} : { file: name },
  );
}

/** Adds a file's rows to the table. @returns the number of its last line */
async function readFile(file: PublishedFile, curation: Curation, table: Table, first: string): Promise<number> {
  const { quality, columns } = curation;
  const { maxFieldLength, maxRows } = quality;
  const limits = { maxFieldLength, maxLineLength: maxFieldLength * Math.max(64, columns.length * 4) };
  let rows: Rows | undefined;
  let lines = 0;
  let lastLine = 0;
  let isFirst = true;
  for await (const block of readBlocks(counted(await file.open(), table, quality.maxBytes), limits)) {
    for (let at = 0; at < block.length; ) {
      // Loops over bytes are fast once they are compiled: a small file is read sooner by way of strings.
      const plain = isFirst ? undefined : rows?.plain.take(block, at, table.text, maxRows - table.unreadableRows);
      if (plain !== undefined && plain.rows > 0) {
        at = plain.next;
        lines += plain.rows;
        lastLine = lines;
        continue;
      }
      const { line, next } = lineAt(block, at, ++lines, limits);
      at = next;
      if (line.text.trim() === "") continue;
      lastLine = lines;
      if (rows === undefined) rows = rowsUnder(line, { curation, limits, table, first });
      else addRow(line, rows.read, maxRows, table, file.name);
    }
    isFirst = false;
  }
  if (rows === undefined)
    throw new RefusedFileError("the file is empty; expected a header and rows", { line: 1, column: 1 });
  return lastLine;
}

/** What reads the rows under this header. */
function rowsUnder(
  line: Line,
  { curation, limits, table, first }: { curation: Curation; limits: Limits; table: Table; first: string },
): Rows {
  const header = readHeader(line, curation);
  const names = header.columns.map(({ name }) => name);
  table.columns ??= inOrder(names, curation.columns);
  const order = orderOf(table.columns, names, { line, first });
  return { plain: new PlainRows(header, order, limits), read: rowReader(header, order, limits.maxFieldLength) };
}

function addRow(line: Line, readRow: RowReader, maxRows: number, table: Table, file: string): void {
  if (table.text.rows + table.unreadableRows >= maxRows) {
    throw new RefusedFileError(`more than ${maxRows} rows, which curation.json allows (maxRows)`, {
      line: line.number,
    });
  }
  const row = readRow(line);
  if (typeof row === "string") table.text.add(row);
  else {
    table.unreadableRows++;
    table.firstUnreadable ??= { ...row, position: { ...row.position, file } };
  }
}

/** As `curation.json` has them, then by name those it has not: a table is the same whatever the order it came in. */
function inOrder(names: readonly string[], columns: Curation["columns"]): string[] {
  const known = columns.map(({ name }) => name).filter((name) => names.includes(name));
  return [...known, ...names.filter((name) => !known.includes(name)).sort()];
}

/** Where each of the table's columns is in this file. */
function orderOf(
  columns: readonly string[],
  names: readonly string[],
  { line, first }: { line: Line; first: string },
): number[] {
  const lacking = columns.find((name) => !names.includes(name));
  const added = names.find((name) => !columns.includes(name));
  if (lacking !== undefined || added !== undefined) {
    const difference =
      lacking === undefined ? `has ${added}, which ${first} has not` : `lacks ${lacking}, which ${first} has`;
    throw new RefusedFileError(`the header ${difference}; files of one table have the same columns`, {
      line: line.number,
      column: 1,
    });
  }
  return columns.map((name) => names.indexOf(name));
}

async function* counted(bytes: AsyncIterable<Uint8Array>, table: Table, maxBytes: number): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    table.bytes += chunk.length;
    if (table.bytes > maxBytes)
      throw new RefusedFileError(`larger than ${maxBytes} bytes, which curation.json allows (maxBytes)`);
    yield chunk;
  }
}

function refuseUnreadable(readable: number, unreadable: number, limit: number, first: Unreadable | undefined): void {
  if (first === undefined || unreadable < (readable + unreadable) * limit) return;
  throw new RefusedFileError(
    `${unreadable} of ${readable + unreadable} rows are unreadable, fewer than ${limit * 100} % may be; the first: ${first.reason}`,
    first.position,
  );
}

function refuseFewRows(
  rows: number,
  end: Position,
  { minRows, minShareOfCurrentRows }: Curation["quality"],
  currentRows?: number,
): void {
  const found = end.file === undefined ? "the files have" : "the file has";
  if (rows < minRows) throw new RefusedFileError(`${found} ${rows} rows, expected at least ${minRows}`, end);
  if (currentRows !== undefined && rows < currentRows * minShareOfCurrentRows) {
    throw new RefusedFileError(
      `${found} ${rows} rows where the current version has ${currentRows}: below ${minShareOfCurrentRows * 100} % it is taken for a cut file`,
      end,
    );
  }
}
