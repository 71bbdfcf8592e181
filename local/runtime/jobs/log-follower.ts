/**
 * Follows a job's log file and hands its lines to a sink, in order, each at least once, a stretch at a time.
 *
 * A log has no bound, but what is taken of it has: after MOST_TAKEN the sink is told where the rest is, and no more.
 * The offset up to which the sink has taken them lies beside the log, so the next home goes on from there.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { readStretch, STRETCH_BYTES, splitLines } from "./log-lines.ts";
import { watchPath } from "./watch-path.ts";

export type LogSink = (lines: readonly string[]) => void | Promise<void>;

export interface LogFollower {
  /** Hands over what is left, a last line without its newline included, and stops. */
  finish(): Promise<void>;
}

const MOST_TAKEN = 64 * 1024 * 1024;
// A line costs the home more than its text.
const COST_OF_A_LINE = 64;

/** @param mostTaken bytes of lines handed over, each counted with what it costs to keep */
export function followLog(logFile: string, sink: LogSink, mostTaken = MOST_TAKEN): LogFollower {
  const offsetFile = `${logFile}.offset`;
  let offset = existsSync(offsetFile) ? Number(readFileSync(offsetFile, "utf8")) : 0;
  let working: Promise<void> = Promise.resolve();
  let left = mostTaken - offset;
  const take = async (lines: readonly string[], bytes: number) => {
    left -= bytes + COST_OF_A_LINE * lines.length;
    const rest = left < 0 ? [`The log is longer than what is kept here: the rest is in ${logFile}`] : [];
    await sink([...lines, ...rest]);
    offset += bytes;
    writeFileSync(`${offsetFile}.part`, String(offset));
    renameSync(`${offsetFile}.part`, offsetFile);
  };
  const drain = async (whole: boolean) => {
    while (left >= 0 && existsSync(logFile)) {
      const stretch = await readStretch(logFile, offset);
      const { lines, bytes } = splitLines(stretch, whole && stretch.length < STRETCH_BYTES);
      if (bytes === 0) return;
      await take(lines, bytes);
    }
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
  const unwatch = watchPath(logFile, changed);
  changed();
  return {
    async finish() {
      unwatch();
      await working;
      await drain(true);
    },
  };
}
