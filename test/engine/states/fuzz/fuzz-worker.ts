/**
 * Runs cases in a thread of its own until its CPU time is spent, and says before each which one it is: a case that never ends,
 * or takes the thread with it, is known by its seed.
 */
import { parentPort, workerData } from "node:worker_threads";
import { fuzzCase } from "./fuzz-case.ts";

export type FuzzWork = Readonly<{ firstSeed: number; cpuSeconds: number; seedNow: BigInt64Array }>;
export type FuzzReport = Readonly<{
  cases: number;
  accepted: number;
  events: number;
  statuses: Record<string, number>;
  /** The cases that failed, each with its seed; at most the first ten. */
  failures: readonly string[];
}>;

const MOST_FAILURES = 10;

const { firstSeed, cpuSeconds, seedNow }: FuzzWork = workerData;
const statuses: Record<string, number> = {};
const failures: string[] = [];
let cases = 0;
let accepted = 0;
let events = 0;
process.on("unhandledRejection", (reason) =>
  failures.push(`seed ${seedNow[0]}: unhandled rejection: ${String(reason)}`),
);
while (cpuSpent() < cpuSeconds && failures.length < MOST_FAILURES) {
  const seed = firstSeed + cases;
  Atomics.store(seedNow, 0, BigInt(seed));
  cases += 1;
  try {
    const report = await fuzzCase(String(seed));
    statuses[report.status] = (statuses[report.status] ?? 0) + 1;
    events += report.events;
    if (report.accepted) accepted += 1;
  } catch (thrown) {
    failures.push(`seed ${seed}: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
  }
}
const report: FuzzReport = { cases, accepted, events, statuses, failures };
parentPort?.postMessage(report);

function cpuSpent(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}
