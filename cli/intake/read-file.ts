/** A file whole, as it was at one moment. */
import type { BigIntStats } from "node:fs";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { CommandFailure } from "../failure.ts";
import { refusedInput } from "../refused-input.ts";
import { type Budget, tooLarge } from "./part.ts";

/**
 * @param source what a person calls it
 * @throws CommandFailure (3) when it is too large or changes meanwhile, (2) when it cannot be read
 */
export async function readWhole(path: string, source: string, budget: Budget): Promise<Buffer> {
  // Of a pipe or a device put in the file's place meanwhile, the opening would wait for ever.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(unreadable(source));
  try {
    const before = await file.stat({ bigint: true });
    if (!before.isFile()) throw new CommandFailure(2, `${source} is not a file any more; publish it when it is one`);
    if (before.size > BigInt(budget.bytes)) throw tooLarge(source);
    // Before it is read: others may be read meanwhile.
    budget.bytes -= Number(before.size);
    const bytes = await readAll(file, source, Number(before.size));
    const after = await file.stat({ bigint: true });
    if (!same(before, after) || BigInt(bytes.length) !== after.size)
      throw refusedInput(source, "the file changed while it was read; publish it again when nothing writes to it");
    return bytes;
  } finally {
    await file.close();
  }
}

export function unreadable(source: string): (thrown: unknown) => never {
  return (thrown) => {
    const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : String(thrown);
    const reason = REASONS[code] ?? `it cannot be read (${code})`;
    throw new CommandFailure(2, `${source}: ${reason}`);
  };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "permission denied; give yourself the right to read it",
  ELOOP: "a symbolic link that leads to itself",
};

/** To the end, or to one byte more than there should be. */
async function readAll(file: FileHandle, source: string, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size + 1);
  let total = 0;
  for (;;) {
    const { bytesRead } = await file.read(bytes, total, bytes.length - total).catch(unreadable(source));
    total += bytesRead;
    if (bytesRead === 0 || total === bytes.length) return bytes.subarray(0, total);
  }
}

const same = (a: BigIntStats, b: BigIntStats): boolean => a.size === b.size && a.mtimeNs === b.mtimeNs;
