/** The thread that reads files while they are written and computes their checksums; see digester.ts. */
import { closeSync, openSync, readSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { type ChecksumAlgorithm, type RunningChecksums, startChecksums } from "./running-checksum.ts";

export type DigestTask =
  | { kind: "start"; id: number; path: string; algorithms: readonly ChecksumAlgorithm[] }
  /** The file holds its first `bytes` bytes. */
  | { kind: "written"; id: number; bytes: number }
  | { kind: "end"; id: number }
  /** The file is given up: no answer. */
  | { kind: "drop"; id: number };

/** To `end`: the checksums in base64, or why there are none. */
export type DigestAnswer = { id: number; checksums: string[] } | { id: number; failure: string };

interface OpenFile {
  file: number;
  at: number;
  running: RunningChecksums;
}

/** Small enough to stay in the processor's cache until it is hashed. */
const memory = Buffer.alloc(256 * 1024);
/** Of each file what is done with it, one after the other. */
const files = new Map<number, Promise<OpenFile>>();

parentPort?.on("message", (task: DigestTask) => {
  if (task.kind === "start") return keep(task.id, start(task.path, task.algorithms));
  const file = files.get(task.id);
  if (file === undefined) return;
  if (task.kind === "written") return keep(task.id, readTo(file, task.bytes));
  files.delete(task.id);
  if (task.kind === "drop") return void file.then(({ file: open }) => closeSync(open)).catch(() => undefined);
  end(file).then(
    (checksums) => answer({ id: task.id, checksums }),
    (thrown) => answer({ id: task.id, failure: String(thrown) }),
  );
});

/** A failure is told at the end. */
function keep(id: number, file: Promise<OpenFile>): void {
  file.catch(() => undefined);
  files.set(id, file);
}

async function start(path: string, algorithms: readonly ChecksumAlgorithm[]): Promise<OpenFile> {
  const running = await startChecksums(algorithms);
  return { file: openSync(path, "r"), at: 0, running };
}

async function readTo(before: Promise<OpenFile>, bytes: number): Promise<OpenFile> {
  const open = await before;
  try {
    while (open.at < bytes) {
      const read = readSync(open.file, memory, 0, Math.min(memory.length, bytes - open.at), open.at);
      if (read === 0) throw new RangeError(`expected ${bytes} bytes in the file, found ${open.at}`);
      open.running.update(memory.subarray(0, read));
      open.at += read;
    }
    return open;
  } catch (thrown) {
    closeSync(open.file);
    throw thrown;
  }
}

async function end(file: Promise<OpenFile>): Promise<string[]> {
  const open = await file;
  closeSync(open.file);
  return await open.running.digest();
}

function answer(message: DigestAnswer): void {
  parentPort?.postMessage(message);
}
