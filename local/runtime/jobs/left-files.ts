/**
 * What a job left in a folder of its own. The folder is the job's making, so it is gone through with care:
 *
 *   F1. Nothing outside of the job's /opt/ml is seen: links are not followed, and a folder that leads elsewhere is refused.
 *   F2. What the job took its own rights away from (mode 000) is made readable: in a container, root reads it.
 *   F3. A name that no S3 key and no portable archive can hold, or a path longer than the system opens, is refused by name.
 */
import { execFile } from "node:child_process";
import { chmod, lstat, readdir, realpath, rm } from "node:fs/promises";
import { join, sep } from "node:path";
import { promisify } from "node:util";
import { CONTAINER_ROOT } from "./container.ts";

/** What was left cannot be taken: the message names it as the job saw it. */
export class LeftFilesError extends Error {
  override readonly name = "LeftFilesError";
  readonly code = "LEFT_FILES";
}

export interface LeftFiles {
  /** Regular files, relative to the folder, sorted. */
  files: string[];
  /** Links, pipes, sockets and devices. */
  others: string[];
}

const run = promisify(execFile);
const READ = 0o400;
const READ_AND_ENTER = 0o500;

/**
 * @param root the job's /opt/ml; @param folder under it; one that is not there is empty
 * @throws LeftFilesError
 */
export async function leftFiles(root: string, folder: string): Promise<LeftFiles> {
  const found: LeftFiles = { files: [], others: [] };
  const shown = `${CONTAINER_ROOT}${folder.slice(root.length)}`;
  if (!(await isOwnFolder(root, folder, shown))) return found;
  const pending = [""];
  for (let below = pending.pop(); below !== undefined; below = pending.pop()) {
    const inside = join(shown, below);
    const entries = await readdir(join(folder, below), { encoding: "buffer" }).catch(named(inside));
    for (const entry of entries) {
      const path = join(below, utf8(entry, inside));
      const info = await lstat(join(folder, path)).catch(named(join(shown, path)));
      if (info.isDirectory()) {
        await allow(join(folder, path), info.mode, READ_AND_ENTER);
        pending.push(path);
      } else if (info.isFile()) {
        await allow(join(folder, path), info.mode, READ);
        found.files.push(path);
      } else found.others.push(path);
    }
  }
  return { files: found.files.sort(), others: found.others.sort() };
}

/** Removes a folder with all that is in it, also what its owner may not enter and what lies too deep for one path. */
export async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    // Unlike Node's, these go down a folder at a time.
    await run("/bin/sh", ["-c", 'chmod -R u+rwX -- "$1"; rm -rf -- "$1"', "sh", folder]);
  }
}

async function isOwnFolder(root: string, folder: string, shown: string): Promise<boolean> {
  const info = await lstat(folder).catch(absent);
  if (info === undefined) return false;
  const real = await realpath(folder).catch(absent);
  const home = await realpath(root);
  if (real === undefined || !`${real}${sep}`.startsWith(`${home}${sep}`))
    throw new LeftFilesError(`${shown} leads out of the job's ${CONTAINER_ROOT}, expected a folder in it`);
  if (!(await lstat(real)).isDirectory()) throw new LeftFilesError(`${shown} is no folder`);
  await allow(real, info.mode, READ_AND_ENTER);
  return true;
}

async function allow(path: string, mode: number, needed: number): Promise<void> {
  if ((mode & needed) !== needed) await chmod(path, mode | needed);
}

function utf8(name: Buffer, folder: string): string {
  const text = name.toString("utf8");
  if (Buffer.from(text, "utf8").equals(name)) return text;
  const escaped = name.toString("latin1").replaceAll(/[^ -~]/g, (one) => `\\x${one.charCodeAt(0).toString(16)}`);
  throw new LeftFilesError(`the file name "${escaped}" in ${folder} is not UTF-8; give it one that is`);
}

/** The system's own message names a path of this machine, at a length that leaves no room for the reason. */
function named(shown: string): (thrown: unknown) => never {
  return (thrown) => {
    const reason = thrown instanceof Error && "code" in thrown ? String(thrown.code) : String(thrown);
    const path = shown.length > 200 ? `${shown.slice(0, 200)}…` : shown;
    throw new LeftFilesError(`${path} cannot be read: ${reason}`, { cause: thrown });
  };
}

function absent(thrown: unknown): undefined {
  if (!isCode(thrown, "ENOENT")) throw thrown;
}

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === code;
}
