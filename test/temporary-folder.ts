/** Folders for the tests of one file, gone when they have ended. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const made = new Set<string>();

/** A new folder with `name` in its own, for as long as the file's tests run. */
export function temporaryFolder(name = "folder"): string {
  const folder = mkdtempSync(join(tmpdir(), `tidemill-${name}-`));
  made.add(folder);
  return folder;
}

/** Called when the file's own hooks have run: what was open in a folder is closed by then. */
export function removeTemporaryFolders(): void {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
  made.clear();
}
