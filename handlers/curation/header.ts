/** The header of a published file: which of the product's columns it has, in which order, and what else. */
import { type CuratedColumn, type Curation, headerNames } from "./curation.ts";
import { type Delimiter, delimiterOf, type Field, splitLine } from "./lines.ts";
import type { Line } from "./read-lines.ts";
import { RefusedFileError } from "./refused.ts";

const COLUMN_NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const MAX_COLUMNS = 500;
const NUMBER = /^[+-]?\d+([.,]\d+)?$/;
/** Of names in a message. */
const SHOWN = 3;
const SHOWN_LENGTH = 40;

export type HeaderColumn = Readonly<{ name: string; column?: CuratedColumn }>;
export type Header = Readonly<{ delimiter: Delimiter; columns: readonly HeaderColumn[] }>;

/**
 * Reads the header: a column of the product by its own or a raw name, in any order and case; others are kept under their names,
 * so that a renamed or an added column is seen as a change of schema, not as a bad file.
 *
 * @throws {@link RefusedFileError} when it cannot be this product's header
 */
export function readHeader({ text, number }: Line, { columns, quality }: Curation): Header {
  const line = number === 1 ? text.replace(/^\uFEFF/, "") : text;
  const delimiter = delimiterOf(line);
  if (delimiter === undefined) {
    throw new RefusedFileError(
      "the header has one column only; expected names parted by comma, semicolon, tab, bar or space",
      { line: number, column: 1 },
    );
  }
  const fields = splitLine(line, delimiter);
  if (fields.length > MAX_COLUMNS) {
    throw new RefusedFileError(`the header has ${fields.length} columns, expected at most ${MAX_COLUMNS}`, {
      line: number,
      column: fields[MAX_COLUMNS]?.column ?? 1,
    });
  }
  const byName = new Map(
    columns.flatMap((column) => [...headerNames(column)].map((name): [string, CuratedColumn] => [name, column])),
  );
  const found = fields.map(({ text }): HeaderColumn => {
    const column = byName.get(text.toLowerCase());
    return column === undefined ? { name: text.toLowerCase() } : { name: column.name, column };
  });
  refuseOtherProduct(fields, found, { columns, quality }, number);
  refuseBadNames(found, fields, number);
  return { delimiter, columns: found };
}

function refuseOtherProduct(
  fields: readonly Field[],
  found: readonly HeaderColumn[],
  { columns, quality }: Pick<Curation, "columns" | "quality">,
  line: number,
): void {
  const known = new Set(found.flatMap(({ column }) => (column === undefined ? [] : [column.name]))).size;
  if (known >= columns.length * quality.minKnownColumns) return;
  const given = known === 0 && fields.some(({ text }) => NUMBER.test(text));
  const strange = fields.filter((_, index) => found[index]?.column === undefined).slice(0, SHOWN);
  const names = strange.map(({ text }) => JSON.stringify(text.slice(0, SHOWN_LENGTH))).join(", ");
  const expected = columns.slice(0, SHOWN).map(({ name, sources = [] }) => [name, ...sources].join(" or "));
  throw new RefusedFileError(
    `${given ? "there is no header: the first line holds values" : `not a file of this product: the header has ${known} of its ${columns.length} columns, expected at least ${Math.ceil(columns.length * quality.minKnownColumns)}`}; found ${names}, expected names such as ${expected.join(", ")}`,
    { line, column: strange[0]?.column ?? 1 },
  );
}

function refuseBadNames(found: readonly HeaderColumn[], fields: readonly Field[], line: number): void {
  const seen = new Map<string, string>();
  found.forEach(({ name }, index) => {
    const { text, column } = fields[index] ?? { text: name, column: 1 };
    if (name === "") {
      throw new RefusedFileError(
        `column ${index + 1} of ${found.length} has no name; name it, or write the table without it (${index === 0 ? "row names" : "a delimiter at the line's end"})`,
        { line, column },
      );
    }
    if (!COLUMN_NAME.test(name)) {
      throw new RefusedFileError(
        `column name ${JSON.stringify(text.slice(0, 80))} is not letters, digits and underscores (63 at most)`,
        { line, column },
      );
    }
    const before = seen.get(name);
    if (before !== undefined) {
      const as = before === text ? `twice (here as ${text})` : `twice, as ${before} and as ${text}`;
      throw new RefusedFileError(`the header names ${name} ${as}`, { line, column });
    }
    seen.set(name, text);
  });
}
