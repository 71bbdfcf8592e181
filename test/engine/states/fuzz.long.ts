/**
 * An hour of CPU of random definitions × random inputs (fuzz-case.ts says what must hold).
 * TIDEMILL_FUZZ_CPU_SECONDS: how long; TIDEMILL_FUZZ_SEED: the first seed, to run one case again.
 */
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import type { FuzzReport, FuzzWork } from "./fuzz/fuzz-worker.ts";

const CPU_SECONDS = Number(process.env.TIDEMILL_FUZZ_CPU_SECONDS ?? 3600);
const FIRST_SEED = Number(process.env.TIDEMILL_FUZZ_SEED ?? 1);
/** A case takes some seconds of CPU at most; one that is not over by then hangs. */
const HANG_CPU_MS = 60_000;
/** One that waits for what never comes takes none. Beside other work a case may wait long for its turn. */
const HANG_MS = 1_200_000;

it(
  "keeps every promise for random definitions and inputs",
  async () => {
    const report = await fuzz(FIRST_SEED, CPU_SECONDS);
    process.stdout.write(`fuzz from seed ${FIRST_SEED}: ${JSON.stringify(report)}\n`);
    expect(report.failures).toEqual([]);
    expect(report.accepted).toBeGreaterThan(report.cases / 4);
  },
  // Other work on the machine may take most of the time.
  CPU_SECONDS * 1000 * 10 + HANG_MS,
);

function fuzz(firstSeed: number, cpuSeconds: number): Promise<FuzzReport> {
  const seedNow = new BigInt64Array(new SharedArrayBuffer(8));
  const work: FuzzWork = { firstSeed, cpuSeconds, seedNow };
  const worker = new Worker(new URL("./fuzz/fuzz-worker.ts", import.meta.url), { workerData: work });
  return new Promise((resolve, reject) => {
    let last = { seed: -1n, since: Date.now(), cpuMs: 0 };
    const watch = setInterval(async () => {
      const seed = Atomics.load(seedNow, 0);
      const { user, system } = await worker.cpuUsage();
      const cpuMs = (user + system) / 1000;
      if (seed !== last.seed) last = { seed, since: Date.now(), cpuMs };
      else if (cpuMs - last.cpuMs > HANG_CPU_MS || Date.now() - last.since > HANG_MS)
        end(() => reject(new Error(`seed ${seed} hangs`)));
    }, 1000);
    const end = (settle: () => void) => {
      clearInterval(watch);
      void worker.terminate();
      settle();
    };
    worker.on("message", (report: FuzzReport) => end(() => resolve(report)));
    worker.on("error", (cause) => end(() => reject(new Error(`seed ${Atomics.load(seedNow, 0)} crashes`, { cause }))));
  });
}
