/** Which files a command means by the paths it is given: files as they are, and what lies in folders. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { CommandFailure } from "../failure.ts";

/** What definitions are called; the first is looked for first. */
export const DEFINITION_ENDINGS = [".asl.json", ".asl.yaml", ".asl.yml"] as const;
/** For messages: which names a definition may have. */
export const DEFINITION_NAMES = DEFINITION_ENDINGS.map((ending) => `*${ending}`).join(", ");
const SKIPPED = new Set(["node_modules", "cdk.out"]);

/** The name without its ending; undefined for a file that is called as no definition is. */
export function definitionStem(name: string): string | undefined {
  const ending = DEFINITION_ENDINGS.find((each) => name.endsWith(each));
  return ending === undefined ? undefined : name.slice(0, -ending.length);
}

/**
 * @param wanted whether a file of a folder is meant, by its name; a file given by its own path always is
 * @throws {CommandFailure} 2 for a path that is not there
 */
export function findFiles(paths: readonly string[], wanted: (name: string) => boolean): string[] {
  return [...new Set(paths.flatMap((path) => (isFolder(path) ? filesIn(path, wanted) : [path])))];
}

function isFolder(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new CommandFailure(2, `${path}: no such file or folder`);
  return found.isDirectory();
}

function filesIn(folder: string, wanted: (name: string) => boolean): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) || entry.name.startsWith(".") ? [] : filesIn(path, wanted);
    return wanted(entry.name) ? [path] : [];
  });
}
