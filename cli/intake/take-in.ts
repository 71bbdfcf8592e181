/** Takes in what a person publishes, a file or a folder of files, as the texts that curation reads. */
import { stat } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { CommandFailure } from "../failure.ts";
import { RefusedFile } from "../refused-input.ts";
import { findFiles } from "./find-files.ts";
import { type Budget, LIMITS, type Part } from "./part.ts";
import { readWhole, unreadable } from "./read-file.ts";
import { type Packed, type Unpacking, unpack } from "./unpack.ts";

const READ_AT_ONCE = 16;

export interface TakenIn {
  parts: Part[];
  bytes: number;
  /** What of a folder is not read, in words. */
  leftOut: string[];
}

/** How far the reading is. */
export interface Reading {
  files: number;
  of: number;
  bytes: number;
}

/**
 * @param reading told of each file that is read
 * @throws CommandFailure (2) when there is nothing to read, (3) when what is there cannot be a table, RefusedFile where that is a
 *   file's content; all or nothing is taken
 */
export async function takeIn(path: string, reading: (now: Reading) => void = () => undefined): Promise<TakenIn> {
  const source = shown(path);
  const { files, leftOut } = await filesOf(path, source);
  const unpacking: Unpacking = { budget: { bytes: LIMITS.bytes, files: LIMITS.files }, parquet: undefined };
  const parts: Part[] = [];
  let bytes = 0;
  try {
    let read = 0;
    for await (const packed of packedFiles(files, unpacking.budget)) {
      reading({ files: read++, of: files.length, bytes });
      bytes += packed.bytes.length;
      try {
        for await (const part of unpack(packed, unpacking)) parts.push(part);
      } catch (thrown) {
        throw thrown instanceof CommandFailure && thrown.exitCode === 3 ? new RefusedFile(thrown, packed) : thrown;
      }
    }
  } finally {
    unpacking.parquet?.close();
  }
  return { parts, bytes, leftOut };
}

interface NamedFile {
  path: string;
  source: string;
  key: string;
}

/** The files whole, in order. A few are read at once: of a small one, the waiting is most of it. */
async function* packedFiles(files: readonly NamedFile[], budget: Budget): AsyncGenerator<Packed> {
  const begin = (file: NamedFile): Promise<Packed> => {
    const packed = readWhole(file.path, file.source, budget).then((bytes) => ({ ...file, bytes }));
    // Told when it is its turn, if it comes to that.
    packed.catch(() => undefined);
    return packed;
  };
  const ahead = files.slice(0, READ_AT_ONCE).map(begin);
  const later = files.slice(READ_AT_ONCE).values();
  for (let first = ahead.shift(); first !== undefined; first = ahead.shift()) {
    const packed = await first;
    const { value: next } = later.next();
    if (next !== undefined) ahead.push(begin(next));
    yield packed;
  }
}

async function filesOf(path: string, source: string): Promise<{ files: NamedFile[]; leftOut: string[] }> {
  const found = await stat(path).catch(unreadable(source));
  const name = basename(resolve(path));
  if (found.isFile()) return { files: [{ path, source, key: name }], leftOut: [] };
  if (!found.isDirectory()) throw new CommandFailure(2, `${source} is neither a file nor a folder`);
  const { files, leftOut } = await findFiles(path, source);
  if (files.length === 0) throw new CommandFailure(2, `${source} holds no file to publish`);
  return {
    files: files.map((below) => ({ path: join(path, below), source: `${source}/${below}`, key: `${name}/${below}` })),
    leftOut,
  };
}

/** As one would type it: from here, unless that climbs out. Names may hold what a terminal obeys. */
export function shown(path: string): string {
  const fromHere = relative(process.cwd(), path);
  const short = fromHere.startsWith("..") || fromHere === "" ? path : fromHere;
  return short.replace(/(?<=.)\/+$/, "").replaceAll(/\p{Cc}/gu, "?");
}
