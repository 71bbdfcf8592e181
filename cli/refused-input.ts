/** What `publish` refuses: nothing of it is in the product, and it is not tried again as it is. */
import { CommandFailure } from "./failure.ts";
import type { PublishResult } from "./lifecycle.ts";

/** Where in a file: a text has lines and characters, a table of cells (Parquet) rows and columns. All count from 1. */
export type Place = Readonly<{ line?: number; row?: number; column?: number }>;

/** @param file as one would type it; undefined where all files together are refused */
export function refusedInput(file: string | undefined, reason: string, place: Place = {}, kept = ""): CommandFailure {
  const told = file === undefined ? reason : `${file}${placeText(place)}: ${reason}`;
  const result: PublishResult & { file?: string } & Place = {
    outcome: "refused",
    dataVersion: null,
    reason: told,
    ...(file === undefined ? {} : { file }),
    ...place,
  };
  return new CommandFailure(3, `refused: ${told}${kept}`, result);
}

/** A file whose bytes are at hand, and which is not what it should be: it can be kept for a closer look. */
export class RefusedFile extends CommandFailure {
  /** Its object's key below the product's. */
  readonly key: string;
  readonly bytes: Buffer;

  constructor({ exitCode, message, result }: CommandFailure, file: { key: string; bytes: Buffer }) {
    super(exitCode, message, result);
    this.key = file.key;
    this.bytes = file.bytes;
  }
}

/** As compilers tell it, so that an editor finds it. */
export function placeText({ line, row, column }: Place): string {
  if (row !== undefined) return `, row ${row}${column === undefined ? "" : `, column ${column}`}`;
  if (line === undefined) return column === undefined ? "" : `, column ${column}`;
  return `:${line}${column === undefined ? "" : `:${column}`}`;
}
