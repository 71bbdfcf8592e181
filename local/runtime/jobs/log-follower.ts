/**
 * Follows a job's log file and hands its lines to a sink, in order, each at least once.
 *
 * The offset up to which the sink has taken them lies beside the log, so the next home goes on from there.
 */
import { createReadStream, existsSync, readFileSync, renameSync, statSync, watch, writeFileSync } from "node:fs";

export type LogSink = (lines: readonly string[]) => void | Promise<void>;

export interface LogFollower {
  /** Hands over what is left, a last line without its newline included, and stops. */
  finish(): Promise<void>;
}

// A line longer than this is handed over in pieces, as CloudWatch Logs would refuse it whole (256 KB an event).
const LONGEST_LINE = 128 * 1024;

export function followLog(logFile: string, sink: LogSink): LogFollower {
  const offsetFile = `${logFile}.offset`;
  let offset = existsSync(offsetFile) ? Number(readFileSync(offsetFile, "utf8")) : 0;
  let working: Promise<void> = Promise.resolve();
  const drain = async (whole: boolean) => {
    if (!existsSync(logFile) || statSync(logFile).size <= offset) return;
    const { lines, bytes } = splitLines(await readFrom(logFile, offset), whole);
    if (bytes === 0) return;
    await sink(lines);
    offset += bytes;
    writeFileSync(`${offsetFile}.part`, String(offset));
    renameSync(`${offsetFile}.part`, offsetFile);
  };
  let queued = false;
  const changed = () => {
    if (queued) return;
    queued = true;
    working = working.then(() => {
      queued = false;
      return drain(false);
    });
    // A sink that fails now is asked again with the same lines at the next change, and at the end.
    working = working.catch(() => undefined);
  };
  const watcher = existsSync(logFile) ? watch(logFile, { persistent: false }, changed) : undefined;
  watcher?.on("error", () => undefined);
  changed();
  return {
    async finish() {
      watcher?.close();
      await working;
      await drain(true);
    },
  };
}

/** Complete lines of `chunk` and how many bytes they took; with `whole` also what follows the last newline. */
export function splitLines(chunk: Buffer, whole: boolean): { lines: string[]; bytes: number } {
  const lines: string[] = [];
  let start = 0;
  for (;;) {
    const newline = chunk.indexOf(0x0a, start);
    const end = newline === -1 ? chunk.length : newline;
    if (newline === -1 && (start === chunk.length || (!whole && end - start < LONGEST_LINE))) break;
    const cut = Math.min(end, start + LONGEST_LINE);
    const line = chunk.toString("utf8", start, cut);
    lines.push(line.endsWith("\r") ? line.slice(0, -1) : line);
    start = cut === newline ? cut + 1 : cut;
  }
  return { lines, bytes: start };
}

async function readFrom(file: string, offset: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(file, { start: offset })) chunks.push(chunk);
  return Buffer.concat(chunks);
}
