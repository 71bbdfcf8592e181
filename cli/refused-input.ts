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

/** As compilers tell it, so that an editor finds it. */
export function placeText({ line, row, column }: Place): string {
  if (row !== undefined) return `, row ${row}${column === undefined ? "" : `, column ${column}`}`;
  if (line === undefined) return "";
  return `:${line}${column === undefined ? "" : `:${column}`}`;
}
