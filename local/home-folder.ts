/** The folder that a home lives in. */
import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { HomeFileError } from "./home-file-error.ts";

/** SQLite opens no longer path, and adds this to that of a home's folder. */
const LONGEST_PATH_BYTES = 512 - "/home.db-journal".length;

/** Makes the folder, and those above it, where they are missing. @throws HomeFileError where there can be none, or nothing be written in it */
export function makeHomeFolder(directory: string): void {
  const bytes = Buffer.byteLength(directory);
  if (bytes > LONGEST_PATH_BYTES)
    throw new HomeFileError(
      `${directory} cannot be a home's folder: its path is ${bytes} bytes long, of ${LONGEST_PATH_BYTES} that a database may have; choose another --home`,
    );
  try {
    make(directory);
    // The system's own words for a folder of somebody else's, and for a file system that is mounted to be read only.
    accessSync(directory, constants.W_OK | constants.X_OK);
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
