/**
 * Glue's built-in CSV classifier: delimiter, header, types.
 * https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html#classifier-builtin-rules
 */
import { columnType, mergeTypes } from "./column-types.ts";
import type { FileSchema } from "./file-schema.ts";

const DELIMITERS = [",", "|", "\t", ";", "\u0001"] as const;
const LONGEST_NAME = 150;
const SAMPLE_ROWS = 1000;
const CONSISTENT = 0.7;

/** `text` holds whole lines only. Undefined when it is not a CSV with at least two columns and two rows. */
export function classifyCsv(text: string): FileSchema | undefined {
  if (text.includes("\u0000")) return undefined;
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  if (lines.length < 2) return undefined;
  const sample = lines.slice(0, SAMPLE_ROWS);
  const delimiter = detectDelimiter(sample);
  if (delimiter === undefined) return undefined;
  const rows = sample.map((line) => splitRow(line, delimiter));
  const [first = [], ...rest] = rows;
  const width = first.length;
  const hasHeader = isHeader(first, rest);
  const typed = rest.reduce<(string | undefined)[]>(
    (types, row) => types.map((type, index) => mergeTypes(type, columnType(row[index] ?? ""))),
    Array.from({ length: width }, (_, index) => (hasHeader ? undefined : columnType(first[index] ?? ""))),
  );
  return {
    classification: "csv",
    columns: typed.map((type, index) => ({
      Name: hasHeader ? uniqueName(first, index) : `col${index}`,
      Type: type ?? "string",
    })),
    records: lines.length - (hasHeader ? 1 : 0),
    bytes: Buffer.byteLength(text),
    csv: { delimiter, hasHeader, quoted: sample.some((line) => line.includes('"')) },
  };
}

function detectDelimiter(lines: readonly string[]): string | undefined {
  const scored = DELIMITERS.map((delimiter) => {
    const widths = lines.map((line) => splitRow(line, delimiter).length);
    const width = widths[0] ?? 1;
    const consistent = widths.filter((one) => one === width).length / widths.length;
    return { delimiter, width, consistent };
  }).filter(({ width, consistent }) => width > 1 && consistent >= CONSISTENT);
  return scored.sort((a, b) => b.consistent - a.consistent || b.width - a.width)[0]?.delimiter;
}

/** A header is all text, short, and the data below it is not. */
function isHeader(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  const named = first.every((name) => name.length < LONGEST_NAME && columnType(name) === "string");
  const differs = rest.some((row) =>
    row.some((value) => {
      const type = columnType(value);
      return type !== undefined && type !== "string";
    }),
  );
  return named && differs && new Set(first).size === first.length;
}

function uniqueName(names: readonly string[], index: number): string {
  return (names[index] ?? "").trim().toLowerCase() || `col${index}`;
}

/** One line into fields; a quoted field may hold the delimiter and doubled quotes. */
function splitRow(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? "";
    if (quoted && char === '"' && line[at + 1] === '"') {
      field += char;
      at++;
    } else if (char === '"') {
      quoted = !quoted;
    } else if (char === delimiter && !quoted) {
      fields.push(field);
      field = "";
    } else {
      field += char;
    }
  }
  return [...fields, field];
}
