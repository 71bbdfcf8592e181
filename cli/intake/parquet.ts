/**
 * A Parquet file as text: its columns' names, and its rows in the words DuckDB has for their values. From there on it is curated as
 * any text is.
 *
 * DuckDB reads it in a process of its own, with bounds: what a hostile file can break is that process.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { refusedInput } from "../refused-input.ts";
import { REFUSED_CODE } from "./parquet-limits.ts";
import type { Budget } from "./part.ts";
import type { Packed } from "./unpack.ts";

const WITHIN_MS = 120_000;

/** @throws CommandFailure (3) with what is wrong with the file, or the limit it passes */
export async function readParquet({ source, bytes }: Packed, budget: Budget): Promise<Buffer> {
  refuseByMagic(source, bytes);
  const folder = await mkdtemp(join(tmpdir(), "tidemill-parquet-"));
  try {
    const file = join(folder, "table.parquet");
    await writeFile(file, bytes, { mode: 0o600 });
    const text = await readByProcess(file, source, budget);
    budget.bytes -= text.length;
    return text;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function refuseByMagic(source: string, bytes: Buffer): void {
  const [start, end] = [bytes.toString("latin1", 0, 4), bytes.toString("latin1", Math.max(bytes.length - 4, 4))];
  if (start === "PARE" || end === "PARE")
    throw refusedInput(source, "Parquet with an encrypted footer; write it without encryption");
  if (end !== "PAR1")
    throw refusedInput(source, "Parquet that is cut off: it does not end as it begins; write it again");
}

async function readByProcess(file: string, source: string, budget: Budget): Promise<Buffer> {
  const main = join(import.meta.dirname, "parquet-main.ts");
  const child = spawn(process.execPath, [main, file, String(budget.bytes)], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: WITHIN_MS,
    killSignal: "SIGKILL",
  });
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [text, said, code] = await Promise.all([buffer(child.stdout), buffer(child.stderr), closed]);
  if (code === 0) return text;
  if (code === REFUSED_CODE) throw refusedInput(source, said.toString("utf8"));
  throw refusedInput(source, "Parquet that ended the process reading it; write it again, or publish it as CSV");
}
