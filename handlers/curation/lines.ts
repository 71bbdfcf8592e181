/** Lines of a delimited text, and the fields of one line with where they begin. */
export type Delimiter = "," | ";" | "\t" | "|" | " ";
export type Field = Readonly<{ text: string /** 1-based character position in the line. */; column: number }>;

const DELIMITERS: readonly Delimiter[] = [",", ";", "\t", "|", " "];

/** The delimiter a header is written with: the first of comma, semicolon, tab, bar, space that occurs in it. */
export function delimiterOf(header: string): Delimiter | undefined {
  return DELIMITERS.find((delimiter) => header.trim().includes(delimiter));
}

/**
 * Splits a line. Spaces may repeat; other delimiters part fields each, and a field in double quotes may hold them
 * (RFC 4180, without line breaks inside quotes).
 */
export function splitLine(line: string, delimiter: Delimiter): Field[] {
  if (delimiter === " ")
    return [...line.matchAll(/\S+/g)].map((match) => ({ text: unquoted(match[0]), column: match.index + 1 }));
  const fields: Field[] = [];
  let start = 0;
  let inQuotes = false;
  for (let at = 0; at <= line.length; at++) {
    if (inQuotes && at < line.length) {
      if (line[at] !== '"') continue;
      if (line[at + 1] === '"') at++;
      else inQuotes = false;
      continue;
    }
    // A quote within a field is a character as any other: 5" pipe.
    if (line[at] === '"' && line.slice(start, at).trim() === "") {
      inQuotes = true;
      continue;
    }
    if (at < line.length && line[at] !== delimiter) continue;
    fields.push({ text: unquoted(line.slice(start, at).trim()), column: start + 1 });
    start = at + 1;
  }
  return fields;
}

/** The fields of {@link splitLine} without their positions, for the many lines that need none. */
export function fieldTexts(line: string, delimiter: Delimiter): string[] {
  if (line.includes('"')) return splitLine(line, delimiter).map(({ text }) => text);
  if (delimiter === " ") return line.trim().split(/\s+/);
  return line.split(delimiter).map((field) => field.trim());
}

/** Whether the line's last field begins in quotes and has no end: it goes on in the next line, which is not read so. */
export function isOpen(line: string, delimiter: Delimiter): boolean {
  if (delimiter === " ") return false;
  const last = line.slice((splitLine(line, delimiter).at(-1)?.column ?? 1) - 1).trim();
  if (!last.startsWith('"')) return false;
  // Every quote but the first either ends the field or is one of two.
  return (last.match(/"/g)?.length ?? 0) % 2 === 1;
}

/** Writes a row as a CSV line, quoting what needs it. */
export function csvLine(values: readonly string[]): string {
  return values.map((value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(",");
}

function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}
