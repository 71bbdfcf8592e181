/** One field of a raw row as the product's column has it. */
import type { CuratedColumn } from "./curation.ts";
import { tidyText } from "./tidy-text.ts";

const INTEGER = /^[+-]?\d{1,15}(\.0+)?$/;
const DECIMAL = /^[+-]?(\d{1,15}(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;

/**
 * The curated value, "" for a missing one.
 *
 * @param column undefined for a column the product does not know, which is kept as it is
 * @returns undefined where the column cannot hold it
 */
function curateValue(text: string, column: CuratedColumn | undefined): string | undefined {
  if (column === undefined) return tidyText(text);
  if (column.missing !== undefined && (text === "" || column.missing.includes(text))) return "";
  switch (column.type) {
    case "categorical":
      return readableValue(text, column.values);
    case "integer":
      return integer(isTruth(column) ? (TRUTH[text.toLowerCase()] ?? text) : text, column);
    case "number":
      return DECIMAL.test(text) && inRange(Number(text), column) ? decimal(Number(text)) : undefined;
    case "text":
      // Nothing, or only white space, is no category.
      return tidyText(text) || undefined;
  }
}

/** Kept at most, so that a column of ever new values takes no memory to speak of. */
const REMEMBERED = 10_000;
/** Longer ones are as good as never seen again. */
const REMEMBERED_LENGTH = 64;

/** {@link curateValue} of one column, which looks at a value that comes again only once. */
export function valueReader(column: CuratedColumn | undefined): (text: string) => string | undefined {
  const known = new Map<string, string>();
  return (text) => {
    const value = known.get(text);
    if (value !== undefined) return value;
    const read = curateValue(text, column);
    if (read !== undefined && known.size < REMEMBERED && text.length <= REMEMBERED_LENGTH) known.set(text, read);
    return read;
  };
}

/** What the column takes, for a message. */
export function expectation(column: CuratedColumn | undefined): string {
  switch (column?.type) {
    case undefined:
      return "text without control characters";
    case "categorical":
      return `one of ${Object.keys(column.values).join(", ")} or their names`;
    case "integer":
      return `a whole number from ${column.min} to ${column.max}`;
    case "number":
      return `a number from ${column.min} to ${column.max}, with a decimal point and no thousands separators`;
    case "text":
      return "text that is not empty";
  }
}

function readableValue(text: string, values: Readonly<Record<string, string>>): string | undefined {
  // A code that was a decimal number on its way, as beside gaps in many a tool.
  const code = Object.hasOwn(values, text) ? text : text.replace(/^([+-]?\d+)\.0+$/, "$1");
  if (Object.hasOwn(values, code)) return values[code];
  const tidy = tidyText(text);
  const named = Object.values(values).find((value) => value === tidy);
  return named ?? truthValue(text, values);
}

/** What a boolean's two values are called where people write them. Digits come last: a code 1 beside a name "no" means no. */
const WORDS: readonly (readonly [yes: string, no: string])[] = [
  ["yes", "no"],
  ["true", "false"],
  ["y", "n"],
  ["t", "f"],
  ["1", "0"],
];

/** The value of a column of Parquet's booleans, or of a tool's that writes them so: by the words of the column that say yes and no. */
function truthValue(text: string, values: Readonly<Record<string, string>>): string | undefined {
  const truth = ["true", "false"].indexOf(text.toLowerCase());
  if (truth === -1) return undefined;
  const spoken = new Map(
    Object.entries(values).flatMap(([code, name]) => [
      [code.toLowerCase(), name],
      [name.toLowerCase(), name],
    ]),
  );
  const words = WORDS.find(([yes, no]) => spoken.has(yes) && spoken.has(no));
  return words === undefined ? undefined : spoken.get(words[truth] ?? "");
}

function integer(text: string, range: Readonly<{ min: number; max: number }>): string | undefined {
  return INTEGER.test(text) && inRange(Number(text), range) ? String(Number(text)) : undefined;
}

const TRUTH: Readonly<Record<string, string>> = { true: "1", false: "0" };

/** Whether it holds 0 and 1 and nothing else: a boolean by another name. */
function isTruth({ min, max }: Readonly<{ min: number; max: number }>): boolean {
  return min === 0 && max === 1;
}

function inRange(value: number, { min, max }: Readonly<{ min: number; max: number }>): boolean {
  return value >= min && value <= max;
}

/** Always with a point or an exponent: a crawler that sees whole numbers first would take the column for whole numbers. */
function decimal(value: number): string {
  const text = String(value === 0 ? 0 : value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
