/**
 * Transitions per second of the states engine: durable, through the states service with its store on disk (every start
 * acknowledged after its sync), in memory, the engine alone, and of aws-local-stepfunctions, which keeps nothing.
 *
 * A workload runs in a process of its own (states-workload.ts): first durable alone, for its peak memory, then the three in
 * turns, round after round, so that whatever else the machine does meets all of them. Each figure is the best of its rounds,
 * for other load only ever slows one. To reach: durable 5 times the peer on (a) to (e).
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { BenchResult } from "./bench-result.ts";
import type { WorkloadRow } from "./states-workload.ts";
import { WORKLOADS } from "./states-workloads.ts";

const LEAST_RATIO = 5;
/** Without a figure to reach: its tasks pass through authorisation and dispatch, the peer's are bare functions. */
const UNBOUND = "f:";

/** @param rest letters of the workloads to run; none for all */
export async function run(rest: readonly string[]): Promise<BenchResult> {
  const wanted = WORKLOADS.map(({ name }) => name.slice(0, 1)).filter(
    (letter) => rest.length === 0 || rest.includes(letter),
  );
  const rows = wanted.map(measured);
  const missed = rows
    .filter(({ name, ratio }) => !name.startsWith(UNBOUND) && ratio < LEAST_RATIO)
    .map(({ name, ratio }) => `${name}: ${ratio} times the peer, at least ${LEAST_RATIO}`);
  return { rows, missed };
}

function measured(letter: string): WorkloadRow {
  const file = join(import.meta.dirname, "states-workload.ts");
  const row: WorkloadRow = JSON.parse(execFileSync(process.execPath, [file, letter], { encoding: "utf8" }));
  return row;
}
