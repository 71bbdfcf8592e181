/** The folder that a home lives in. */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { HomeFileError } from "./home-file-error.ts";

/** Makes the folder, and those above it, where they are missing. @throws HomeFileError where there can be none */
export function makeHomeFolder(directory: string): void {
  try {
    make(directory);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HomeFileError(`${directory} cannot be a home's folder: ${why}; choose another --home`, { cause });
  }
}

/** One folder after the other: where a file system takes none, as /proc, Node's own `recursive` tries for ever. */
function make(directory: string): void {
  if (!existsSync(directory)) {
    if (dirname(directory) !== directory) make(dirname(directory));
    makeUnlessThere(directory);
  }
  if (!statSync(directory).isDirectory()) throw new Error(`${directory} is a file`);
}

/** Another process may make it at the same time. */
function makeUnlessThere(directory: string): void {
  try {
    mkdirSync(directory);
  } catch (thrown) {
    if (!existsSync(directory)) throw thrown;
  }
}
