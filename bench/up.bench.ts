/**
 * `tidemill up` on an unchanged assembly, as a user starts it: from the start of the process to its ready line, and what
 * the idle home holds of resident memory with every process it keeps, before it did anything and after a whole lifecycle
 * ran in it and went idle. Pages that processes share are counted for each of them.
 * To reach: ready below 2 s, idle memory below 200 MB, both times. The lifecycle part waits out the idle time of workers.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type BenchResult, median } from "./bench-result.ts";
import { ROOT, startHome, tidemill } from "./home-process.ts";

const RUNS = 7;
const MOST_MS = 2000;
const MOST_MB = 200;
const SETTLE_MS = 2000;
/** Idle workers and the query process end after 60 s, and 5 s later the home gives their memory back. */
const IDLE_MS = 80_000;

export async function run(): Promise<BenchResult> {
  const home = mkdtempSync(join(tmpdir(), "tidemill-bench-"));
  try {
    // The first start applies the assembly and fills the cache of compiled code; it is another measurement.
    await (await startHome(home)).stop();
    const times: number[] = [];
    const idle: number[] = [];
    for (let index = 0; index < RUNS; index++) {
      const started = await startHome(home);
      times.push(started.readyMs);
      await pause(SETTLE_MS);
      idle.push(started.residentMb());
      await started.stop();
    }
    const afterLifecycleMb = await afterLifecycle(home);
    const readyMs = median(times);
    const idleMb = median(idle);
    const missed: string[] = [];
    if (readyMs >= MOST_MS) missed.push(`up takes ${readyMs} ms, below ${MOST_MS} is to reach`);
    if (Math.max(idleMb, afterLifecycleMb) >= MOST_MB)
      missed.push(`the idle home holds ${Math.max(idleMb, afterLifecycleMb)} MB, below ${MOST_MB} is to reach`);
    return { rows: [{ name: "up, unchanged assembly", readyMs, idleMb, afterLifecycleMb, runs: RUNS }], missed };
  } finally {
    rmSync(home, { recursive: true });
  }
}

async function afterLifecycle(home: string): Promise<number> {
  const started = await startHome(home);
  tidemill(home, "publish", "credit-card", join(ROOT, "models", "credit-risk", "data", "kredit.asc"));
  await pause(IDLE_MS);
  const residentMb = started.residentMb();
  await started.stop();
  return residentMb;
}
