/** model.tar.gz, output.tar.gz and source archives: made from a folder, unpacked without leaving one. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { rename } from "node:fs/promises";

/** An archive that cannot be unpacked safely or at all; the message names it and the entry. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
  readonly code = "ARCHIVE";
}

const KINDS: ReadonlySet<string> = new Set(["File", "OldFile", "ContiguousFile", "Directory", "SymbolicLink", "Link"]);

/** Packs all of `folder` (its entries at the archive's root) into `file`, whole or not at all. */
export async function packFolder(folder: string, file: string): Promise<void> {
  const tar = await import("tar");
  const entries = existsSync(folder) ? readdirSync(folder).sort() : [];
  // Names that start with "@" would be read as archives to include.
  const safe = entries.map((entry) => `./${entry}`);
  const part = `${file}.part`;
  // One entry at a time: side by side, tar waits for ever for a pipe it comes to first, and ends an archive of hard links twice.
  await tar.create(
    { gzip: { level: 6 }, file: part, cwd: folder, portable: true, jobs: 1 },
    safe.length > 0 ? safe : ["."],
  );
  await rename(part, file);
}

/**
 * Unpacks a (gzipped or plain) tar archive into `folder`.
 * @throws ArchiveError when an entry would leave the folder, is a device, or the archive is damaged
 */
export async function unpackArchive(file: string, folder: string): Promise<void> {
  const tar = await import("tar");
  mkdirSync(folder, { recursive: true });
  let refused: string | undefined;
  try {
    await tar.list({
      file,
      strict: true,
      onReadEntry: (entry) => {
        refused ??= unsafe(entry.path, entry.type, entry.linkpath ?? "");
      },
    });
    if (refused === undefined) await tar.extract({ file, cwd: folder, strict: true, preserveOwner: false });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new ArchiveError(`${file} is not a readable tar archive: ${reason}`, { cause: thrown });
  }
  if (refused !== undefined) throw new ArchiveError(`${file} was not unpacked: ${refused}`);
}

function unsafe(path: string, type: string, linkPath: string): string | undefined {
  if (!KINDS.has(type)) return `entry ${path} is a ${type}, expected files, folders and links`;
  if (leaves(path, "")) return `entry ${path} would be written outside of the folder`;
  const base = type === "SymbolicLink" ? path.slice(0, path.lastIndexOf("/") + 1) : "";
  if (linkPath !== "" && leaves(linkPath, base)) return `entry ${path} links to ${linkPath}, outside of the folder`;
  return undefined;
}

/** Whether `path`, seen from `base`, is absolute or climbs above the root. */
function leaves(path: string, base: string): boolean {
  if (path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path)) return true;
  let depth = 0;
  for (const part of `${base}${path}`.split(/[\\/]/)) {
    if (part === "..") depth -= 1;
    else if (part !== "" && part !== ".") depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
