/**
 * A Parquet file as text: its columns' names, and its rows in the words DuckDB has for their values. From there on it is curated as
 * any text is.
 *
 * DuckDB reads it in a process of its own, with bounds: what a hostile file can break is that process.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refusedInput } from "../refused-input.ts";
import { ParquetAnswer, type ParquetTask } from "./parquet-messages.ts";
import type { Budget } from "./part.ts";
import type { Packed } from "./unpack.ts";

const MAIN = join(import.meta.dirname, "parquet-main.ts");
const WITHIN_MS = 120_000;

/** Reads files one at a time, in one process: its start takes as long as reading many small ones. */
export class ParquetReader {
  #process: ChildProcess | undefined;

  /** @throws CommandFailure (3) with what is wrong with the file, or the limit it passes */
  async read({ source, bytes }: Packed, budget: Budget): Promise<Buffer> {
    refuseByMagic(source, bytes);
    const folder = await mkdtemp(join(tmpdir(), "tidemill-parquet-"));
    // A Ctrl-C ends the process in the middle of this.
    const leave = () => rmSync(folder, { recursive: true, force: true });
    process.once("exit", leave);
    try {
      const task = { file: join(folder, "table.parquet"), text: join(folder, "table.csv"), maxBytes: budget.bytes };
      await writeFile(task.file, bytes, { mode: 0o600 });
      const { refused, column } = await this.#ask(task, source);
      if (refused !== undefined) throw refusedInput(source, refused, column === undefined ? {} : { column });
      const text = await readFile(task.text);
      budget.bytes -= text.length;
      return text;
    } finally {
      process.off("exit", leave);
      await rm(folder, { recursive: true, force: true });
    }
  }

  close(): void {
    this.#process?.kill("SIGKILL");
  }

  async #ask(task: ParquetTask, source: string): Promise<ParquetAnswer> {
    this.#process ??= fork(MAIN, [], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
    const child = this.#process;
    const asked = new AbortController();
    const late = setTimeout(() => child.kill("SIGKILL"), WITHIN_MS);
    try {
      const answered = once(child, "message", { signal: asked.signal });
      const ended = once(child, "exit", { signal: asked.signal });
      child.send(task);
      const answer = await Promise.race([answered, ended.then(() => undefined)]);
      if (answer !== undefined) return ParquetAnswer.parse(answer[0]);
      this.#process = undefined;
      throw refusedInput(source, "Parquet that ended the process reading it; write it again, or publish it as CSV");
    } finally {
      clearTimeout(late);
      asked.abort();
    }
  }
}

function refuseByMagic(source: string, bytes: Buffer): void {
  const [start, end] = [bytes.toString("latin1", 0, 4), bytes.toString("latin1", Math.max(bytes.length - 4, 4))];
  if (start === "PARE" || end === "PARE")
    throw refusedInput(source, "Parquet with an encrypted footer; write it without encryption");
  if (end !== "PAR1")
    throw refusedInput(source, "Parquet that is cut off: it does not end as it begins; write it again");
}
