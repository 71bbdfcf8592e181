/** Variants of the shipped sample, as a producer might publish them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./command.ts";

export const SAMPLE = join(ROOT, "models", "credit-risk", "data", "kredit.asc");

const lines = readFileSync(SAMPLE, "utf8").trimEnd().split(/\r?\n/);
const [header = "", ...rows] = lines;
const AGE = header.split(" ").indexOf("alter");

/** Every hundredth row once more: ten rows of the same distribution. */
export function tenMoreRows(folder: string): string {
  const more = rows.filter((_row, index) => index % 100 === 7);
  return write(folder, "ten-more.asc", [header, ...rows, ...more]);
}

/** Everybody `years` older. */
export function olderCustomers(folder: string, years: number): string {
  return write(folder, `older-${years}.asc`, [header, ...aged(years)]);
}

/** Everybody `years` older, and the rows turned by `turn`: for every `turn` another file, of the same distribution. */
export function turnedCustomers(years: number, turn: number): string {
  const older = aged(years);
  return `${[header, ...older.slice(turn), ...older.slice(0, turn)].join("\n")}\n`;
}

/** One column under another name. */
export function renamedColumn(folder: string): string {
  return write(folder, "renamed.asc", [header.replace("laufzeit", "dauer"), ...rows]);
}

/** The file cut off in the middle of a row. */
export function truncated(folder: string): string {
  const file = join(folder, "truncated.asc");
  const text = readFileSync(SAMPLE);
  writeFileSync(file, text.subarray(0, Math.floor(text.length * 0.8)));
  return file;
}

function aged(years: number): string[] {
  return rows.map((row) => {
    const cells = row.split(" ");
    cells[AGE] = String(Math.min(Number(cells[AGE]) + years, 100));
    return cells.join(" ");
  });
}

function write(folder: string, name: string, content: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, `${content.join("\n")}\n`);
  return file;
}
