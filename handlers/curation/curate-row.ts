/** One row of a published file as the product's table has it, or why it cannot be. */
import { expectation, valueReader } from "./curate-value.ts";
import type { Header } from "./header.ts";
import { fieldTexts, isOpen, splitLine } from "./lines.ts";
import type { Line } from "./read-lines.ts";
import { type Position, RefusedFileError } from "./refused.ts";
import { SEPARATOR } from "./table-text.ts";

/** A row that does not fit its columns: a few of them are left out, many are too many. */
export type Unreadable = Readonly<{ reason: string; position: Position }>;

/**
 * The row's values, parted by {@link SEPARATOR}.
 *
 * @throws {@link RefusedFileError} on a row that is none of this file's: other fields than the header, a huge one
 */
export type RowReader = (line: Line) => string | Unreadable;

/**
 * Reads rows under a header. Where in its line a field begins is looked up only for a row that is not taken.
 *
 * @param order where each of the table's columns is among the header's
 */
export function rowReader({ delimiter, columns }: Header, order: readonly number[], maxFieldLength: number): RowReader {
  const readers = order.map((index) => ({ index, read: valueReader(columns[index]?.column) }));
  return (line) => {
    const texts = fieldTexts(line.text, delimiter);
    const long = texts.findIndex((text) => text.length > maxFieldLength);
    const open = texts.at(-1)?.startsWith('"') === true && isOpen(line.text, delimiter);
    if (long >= 0 || open || texts.length !== columns.length)
      return unfitLine(line, { delimiter, columns }, maxFieldLength);
    const values: string[] = [];
    for (const { index, read } of readers) {
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

/** @throws {@link RefusedFileError} for a field that is too long, wherever the line ends; else for one without an end, or their number */
function unfitLine({ text, number: line }: Line, { delimiter, columns }: Header, maxFieldLength: number): never {
  const fields = splitLine(text, delimiter);
  const long = fields.find((field) => field.text.length > maxFieldLength);
  if (long !== undefined) {
    throw new RefusedFileError(`a field has ${long.text.length} characters, expected at most ${maxFieldLength}`, {
      line,
      column: long.column,
    });
  }
  if (isOpen(text, delimiter)) {
    throw new RefusedFileError("a field in quotes has no end in its line; take line breaks out of fields", {
      line,
      column: fields.at(-1)?.column ?? 1,
    });
  }
  const column = fields[columns.length]?.column ?? text.length + 1;
  const last = fields.length === columns.length + 1 && fields.at(-1)?.text === "" ? "; it ends in a delimiter" : "";
  throw new RefusedFileError(`line ${line} has ${fields.length} fields, the header has ${columns.length}${last}`, {
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
