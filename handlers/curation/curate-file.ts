/**
 * Curates a published file: names and values of the product, one form whatever the raw one was.
 *
 *   C1. The same rows give the same bytes, whether they came raw, coded under the product's names, or curated.
 *   C2. Curating what was curated changes nothing.
 *   C3. Nothing of an unfit file is kept: the first reason to refuse ends the reading.
 */
import { expectation, valueReader } from "./curate-value.ts";
import type { Curation } from "./curation.ts";
import { type Header, readHeader } from "./header.ts";
import { fieldTexts, splitLine } from "./lines.ts";
import { type Line, readLines } from "./read-lines.ts";
import { type Position, RefusedFileError } from "./refused.ts";
import { SEPARATOR, TableText } from "./table-text.ts";

export type CuratedFile = Readonly<{ csv: Buffer; rows: number; unreadableRows: number; columns: readonly string[] }>;
type Unreadable = Readonly<{ reason: string; position: Position }>;

/**
 * Reads, checks and curates a file.
 *
 * @param bytes the file as it arrives
 * @param currentRows rows of the product's current version, undefined where there is none
 * @throws {@link RefusedFileError} with line and column when the file is unfit
 */
export async function curateFile(
  bytes: AsyncIterable<Uint8Array>,
  curation: Curation,
  currentRows?: number,
): Promise<CuratedFile> {
  const { quality, columns } = curation;
  const limits = {
    maxBytes: quality.maxBytes,
    maxLineLength: quality.maxFieldLength * Math.max(64, columns.length * 4),
  };
  let header: Header | undefined;
  let readRow: RowReader | undefined;
  let firstUnreadable: Unreadable | undefined;
  let unreadableRows = 0;
  let lastLine = 0;
  const table = new TableText();
  for await (const line of readLines(bytes, limits)) {
    lastLine = line.number;
    if (header === undefined || readRow === undefined) {
      header = readHeader(line, curation);
      readRow = rowReader(header, quality.maxFieldLength);
      continue;
    }
    if (table.rows + unreadableRows >= quality.maxRows) {
      throw new RefusedFileError(`more than ${quality.maxRows} rows; publish it in parts`, { line: line.number });
    }
    const row = readRow(line);
    if (typeof row === "string") table.add(row);
    else {
      unreadableRows++;
      firstUnreadable ??= row;
    }
  }
  if (header === undefined)
    throw new RefusedFileError("the file is empty; expected a header and rows", { line: 1, column: 1 });
  refuseUnreadable(table.rows, unreadableRows, quality.maxUnreadableRows, firstUnreadable);
  refuseFewRows(table.rows, lastLine, quality, currentRows);
  const names = header.columns.map(({ name }) => name);
  return { csv: table.csv(names.join(SEPARATOR)), rows: table.rows, unreadableRows, columns: names };
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
  line: number,
  { minRows, minShareOfCurrentRows }: Curation["quality"],
  currentRows?: number,
): void {
  if (rows < minRows) throw new RefusedFileError(`the file has ${rows} rows, expected at least ${minRows}`, { line });
  if (currentRows !== undefined && rows < currentRows * minShareOfCurrentRows) {
    throw new RefusedFileError(
      `the file has ${rows} rows where the current version has ${currentRows}: below ${minShareOfCurrentRows * 100} % it is taken for a cut file`,
      { line },
    );
  }
}

type RowReader = (line: Line) => string | Unreadable;

/** Reads rows under a header. Where in its line a field begins is looked up only for a row that is not taken. */
function rowReader({ delimiter, columns }: Header, maxFieldLength: number): RowReader {
  const readers = columns.map(({ column }) => valueReader(column));
  return (line) => {
    const texts = fieldTexts(line.text, delimiter);
    const long = texts.findIndex((text) => text.length > maxFieldLength);
    if (long >= 0 || texts.length !== columns.length) return unfitLine(line, { delimiter, columns }, maxFieldLength);
    const values: string[] = [];
    for (const [index, read] of readers.entries()) {
      const value = read(texts[index] ?? "");
      if (value === undefined) return unfitField(line, { delimiter, columns }, index);
      values.push(value);
    }
    if (values.every((value) => value === "")) {
      return { reason: "every value is missing, expected some", position: { line: line.number, column: 1 } };
    }
    return values.join(SEPARATOR);
  };
}

/** @throws {@link RefusedFileError} for a field that is too long, wherever the line ends */
function unfitLine({ text, number: line }: Line, { delimiter, columns }: Header, maxFieldLength: number): never {
  const fields = splitLine(text, delimiter);
  const long = fields.find((field) => field.text.length > maxFieldLength);
  if (long !== undefined) {
    throw new RefusedFileError(`a field has ${long.text.length} characters, expected at most ${maxFieldLength}`, {
      line,
      column: long.column,
    });
  }
  const column = fields[columns.length]?.column ?? text.length + 1;
  throw new RefusedFileError(`line ${line} has ${fields.length} fields, the header has ${columns.length}`, {
    line,
    column,
  });
}

function unfitField({ text, number: line }: Line, { delimiter, columns }: Header, index: number): Unreadable {
  const { name, column } = columns[index] ?? { name: "" };
  const field = splitLine(text, delimiter)[index] ?? { text: "", column: 1 };
  const reason = `${name} is ${JSON.stringify(field.text.slice(0, 80))}, expected ${expectation(column)}`;
  return { reason, position: { line, column: field.column } };
}
