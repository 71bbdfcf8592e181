/** Paths an assembly names: only what lies inside its root may be read. */
import { existsSync, realpathSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { AssemblyError } from "./assembly-error.ts";

/**
 * `path`, relative to `base`, as an absolute path inside `root`, links followed.
 * @throws AssemblyError AssetRefused when it leads outside.
 */
export function pathInside(root: string, base: string, path: string): string {
  const full = resolve(base, path);
  if (!isInside(root, full)) throw refused(root, path, full);
  // A link inside the assembly may still point out of it.
  if (existsSync(full)) {
    const real = realpathSync(full);
    if (!isInside(realpathSync(root), real)) throw refused(root, path, real);
  }
  return full;
}

/** Whether `path` is `root` or below it; both absolute. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function refused(root: string, path: string, leadsTo: string): AssemblyError {
  return new AssemblyError(
    "AssetRefused",
    `the assembly names "${path}", which leads to ${leadsTo}, outside ${root}; an assembly may only name its own files`,
  );
}
