/** What is published, in the form the product's curation takes: texts. */
import type { CommandFailure } from "../failure.ts";
import { refusedInput } from "../refused-input.ts";

export interface Part {
  /** What a person calls it: the path as typed, and within an archive what it is called there. */
  source: string;
  /** Its object's key below the product's. */
  key: string;
  text: Buffer;
  /** It was Parquet: a line of the text is a row of it, a field a column. */
  cells?: true;
}

/** How much is taken at once, whatever it is packed in. A product's own limits are in its curation.json. */
export const LIMITS = {
  files: 5000,
  /** Of everything, unpacked. */
  bytes: 256 * 1024 * 1024,
  rows: 5_000_000,
  columns: 2000,
  /** Archives within archives. */
  depth: 3,
  /** Of an object's key in S3. */
  keyBytes: 1024,
} as const;

/** What of {@link LIMITS} is left. */
export interface Budget {
  bytes: number;
  files: number;
}

export function tooMany(): CommandFailure {
  return refusedInput(undefined, `more than ${LIMITS.files} files; put their rows into fewer`);
}

/** @param source what a person calls the file that is one too large */
export function tooLarge(source: string): CommandFailure {
  return refusedInput(
    source,
    `more than ${LIMITS.bytes / 1024 ** 2} MB, unpacked, the most that is published at once; publish fewer rows, or have a job of your own write the table into the product's bucket, which starts the lifecycle as well`,
  );
}
