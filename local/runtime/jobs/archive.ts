/** model.tar.gz, output.tar.gz and source archives: made from a folder, unpacked without leaving one. */
import { createWriteStream, existsSync, mkdirSync, readdirSync } from "node:fs";
import { rename, statfs } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

/** An archive that cannot be unpacked safely or at all; the message says why, naming the entry. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
  readonly code = "ARCHIVE";
}

/** What is read of an archive at once is unpacked at once, to up to a thousand times its size; others wait meanwhile. */
const READ_BYTES = 64 * 1024;
/** Models are numbers that hardly shrink: the default, 6, takes twice as long to save a fifteenth. */
const GZIP_LEVEL = 3;
const PACKED_BYTES = 256 * 1024;
/** The home writes too. */
const KEPT_FREE_BYTES = 256 * 1024 * 1024;
const KINDS: ReadonlySet<string> = new Set(["File", "OldFile", "ContiguousFile", "Directory", "SymbolicLink", "Link"]);

/** Packs all of `folder` (its entries at the archive's root) into `file`, whole or not at all. */
export async function packFolder(folder: string, file: string): Promise<void> {
  const tar = await import("tar");
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  // Names that start with "@" would be read as archives to include.
  const safe = names.map((name) => `./${name}`);
  const part = `${file}.part`;
  // One entry at a time: side by side, tar waits for ever for a pipe it comes to first, and ends an archive of hard links twice.
  const entries = tar.create({ cwd: folder, portable: true, jobs: 1 }, safe.length > 0 ? safe : ["."]);
  // Not by tar's own gzip, which would compress on the event loop.
  await pipeline(entries, createGzip({ level: GZIP_LEVEL, chunkSize: PACKED_BYTES }), createWriteStream(part));
  await rename(part, file);
}

/**
 * Unpacks a (gzipped or plain) tar archive into `folder`.
 * @throws ArchiveError when an entry would leave the folder, is a device, the archive is damaged, or the disk too small for it
 */
export async function unpackArchive(file: string, folder: string): Promise<void> {
  const tar = await import("tar");
  mkdirSync(folder, { recursive: true });
  const reading = { file, strict: true, maxReadSize: READ_BYTES, maxDecompressionRatio: Number.POSITIVE_INFINITY };
  let refused: string | undefined;
  let bytes = 0;
  try {
    await tar.list({
      ...reading,
      onReadEntry: (entry) => {
        refused ??= unsafe(entry.path, entry.type, entry.linkpath ?? "");
        bytes += entry.size;
      },
    });
    refused ??= await tooLarge(bytes, folder);
    if (refused === undefined) await tar.extract({ ...reading, cwd: folder, preserveOwner: false });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new ArchiveError(`${basename(file)} is not a readable tar archive: ${reason}`, { cause: thrown });
  }
  if (refused !== undefined) throw new ArchiveError(`${basename(file)} was not unpacked: ${refused}`);
}

/** A few kilobytes may unpack to more than there is. */
async function tooLarge(bytes: number, folder: string): Promise<string | undefined> {
  const { bavail, bsize } = await statfs(folder);
  const room = bavail * bsize - KEPT_FREE_BYTES;
  if (bytes <= room) return undefined;
  return `its files take ${bytes} bytes, and the disk has room for ${Math.max(0, room)}`;
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
