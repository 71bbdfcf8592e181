/** The texts in a file, whatever it is packed in: told by its first bytes, not by its name. */
import { basename } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { refusedInput } from "../refused-input.ts";
import type { ParquetReader } from "./parquet.ts";
import { type Budget, LIMITS, type Part, tooLarge, tooMany } from "./part.ts";

export interface Packed {
  source: string;
  key: string;
  bytes: Buffer;
}

type Kind = "gzip" | "zip" | "parquet" | "utf-16le" | "utf-16be" | "text";

const MAGIC: readonly { kind: Kind; bytes: string }[] = [
  { kind: "gzip", bytes: "1f8b" },
  { kind: "zip", bytes: "504b0304" },
  // An archive of nothing.
  { kind: "zip", bytes: "504b0506" },
  { kind: "parquet", bytes: "50415231" },
  // Its footer is encrypted.
  { kind: "parquet", bytes: "50415245" },
  { kind: "utf-16le", bytes: "fffe" },
  { kind: "utf-16be", bytes: "feff" },
];

/** What of the intake's limits is left, and what reads Parquet for all of it; made when the first is met. */
export interface Unpacking {
  budget: Budget;
  parquet: ParquetReader | undefined;
}

/**
 * @param depth how many archives it was taken from
 * @throws CommandFailure (3) on what is broken, encrypted, too large unpacked, or packed too deeply
 */
export async function* unpack(file: Packed, unpacking: Unpacking, depth = 0): AsyncGenerator<Part> {
  const { budget } = unpacking;
  const kind = kindOf(file.bytes);
  if (kind === "text") yield partOf(file, budget);
  else if (kind === "utf-16le" || kind === "utf-16be") yield partOf({ ...file, bytes: asUtf8(file, kind) }, budget);
  else if (kind === "parquet") {
    const { ParquetReader } = await import("./parquet.ts");
    unpacking.parquet ??= new ParquetReader();
    const key = `${file.key}/${stemOf(file.key)}.csv`;
    yield { ...partOf({ ...file, key, bytes: await unpacking.parquet.read(file, budget) }, budget), cells: true };
  } else if (depth === LIMITS.depth) {
    throw refusedInput(file.source, `an archive within ${depth} archives; take the table out of them`);
  } else if (kind === "gzip") {
    const key = `${file.key}/${stemOf(file.key)}`;
    yield* unpack({ source: file.source, key, bytes: await gunzipped(file, budget) }, unpacking, depth + 1);
  } else {
    const { unzip } = await import("./unzip.ts");
    for await (const entry of unzip(file, budget)) yield* unpack(entry, unpacking, depth + 1);
  }
}

function kindOf(bytes: Buffer): Kind {
  const start = bytes.subarray(0, 4).toString("hex");
  return MAGIC.find((magic) => start.startsWith(magic.bytes))?.kind ?? "text";
}

function partOf({ source, key, bytes }: Packed, budget: Budget): Part {
  if (--budget.files < 0) throw tooMany();
  if (Buffer.byteLength(key) > LIMITS.keyBytes / 2)
    throw refusedInput(source, `its name is longer than ${LIMITS.keyBytes / 2} bytes; give it a shorter one`);
  // Of names that hold line breaks, say, logs and policies make something else.
  return { source, key: key.replaceAll(/\p{Cc}/gu, "_"), text: bytes };
}

function asUtf8({ source, bytes }: Packed, encoding: string): Buffer {
  try {
    return Buffer.from(new TextDecoder(encoding, { fatal: true }).decode(bytes));
  } catch {
    throw refusedInput(source, "the file begins as UTF-16 and is not; save it as UTF-8");
  }
}

async function gunzipped({ source, bytes }: Packed, budget: Budget): Promise<Buffer> {
  const unpacked = await promisify(gunzip)(bytes, { maxOutputLength: Math.max(budget.bytes, 1) }).catch(
    (thrown: unknown) => {
      const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
      if (code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(source);
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      throw refusedInput(source, `compressed with gzip, and broken or cut off (${reason}); compress it again`);
    },
  );
  budget.bytes -= unpacked.length;
  return unpacked;
}

/** The name without what tells of the packing. */
function stemOf(key: string): string {
  return basename(key).replace(/\.(gz|gzip|parquet)$/i, "");
}
