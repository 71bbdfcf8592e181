/** The files of a published folder: each once, in the order of their names, and what of the folder is left out. */
import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { CommandFailure } from "../failure.ts";
import { refusedInput } from "../refused-input.ts";
import { LIMITS, tooMany } from "./part.ts";
import { unreadable } from "./read-file.ts";

export interface Found {
  /** Relative to the folder, parted by `/`. */
  files: string[];
  /** In words, each. */
  leftOut: string[];
}

/**
 * Hidden files (`.x`, and `_x` as in what Spark writes) are left out, as are links to what lies in the folder itself.
 *
 * @param shown what a person calls the folder
 * @throws CommandFailure (3) on a link that leads out of the folder or nowhere, on pipes, devices and sockets
 */
export async function findFiles(folder: string, shown: string): Promise<Found> {
  const found: Found = { files: [], leftOut: [] };
  await walk(folder, "", { folder: await realpath(folder), shown, found });
  return found;
}

/** Names that Glue's crawlers pass over too. */
export const isHidden = (name: string): boolean => /^[._]/.test(name);

interface Walk {
  folder: string;
  shown: string;
  found: Found;
}

async function walk(path: string, below: string, context: Walk): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(unreadable(join(context.shown, below)));
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    if (isHidden(entry.name)) context.found.leftOut.push(`${name} (hidden)`);
    else if (entry.isDirectory()) await walk(join(path, entry.name), name, context);
    else if (entry.isFile()) addFile(name, context.found);
    else if (entry.isSymbolicLink())
      context.found.leftOut.push(await linkWithin(join(path, entry.name), name, context));
    else throw refusedInput(`${context.shown}/${name}`, `${kindOf(entry)}, not a file; take it out of the folder`);
  }
}

function addFile(name: string, { files }: Found): void {
  if (files.length === LIMITS.files) throw tooMany();
  files.push(name);
}

/** A link to what lies in the folder: that is read where it lies, and read twice its rows would count twice. */
async function linkWithin(path: string, name: string, { folder, shown }: Walk): Promise<string> {
  const source = `${shown}/${name}`;
  const target = await realpath(path).catch(() => undefined);
  if (target === undefined || (await stat(target).catch(() => undefined)) === undefined)
    throw refusedInput(source, "a symbolic link that leads nowhere; take it out of the folder");
  const there = relative(folder, target);
  if (there === ".." || there.startsWith(`..${sep}`)) throw leadsOut(source, target);
  return `${name} (a link to ${there === "" ? "the folder itself" : there})`;
}

function leadsOut(source: string, target: string): CommandFailure {
  return refusedInput(
    source,
    `a symbolic link that leads out of the folder, to ${target}; copy that into the folder, or publish it by its own path`,
  );
}

function kindOf(entry: Dirent): string {
  if (entry.isFIFO()) return "a pipe";
  if (entry.isSocket()) return "a socket";
  return "a device";
}
