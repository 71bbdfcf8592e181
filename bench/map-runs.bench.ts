/**
 * Memory of a distributed map by its number of items: 10,000 keep little more alive than 1,000.
 * A size runs in a process of its own (map-runs-workload.ts); the process's peak also has the items' object, which it puts itself.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { BenchResult } from "./bench-result.ts";
import type { MapRunRow } from "./map-runs-workload.ts";

const FEW = 1_000;
const MANY = 10_000;
/** What 10,000 items may keep alive beyond 1,000. */
const MOST_MORE_MB = 40;

export async function run(): Promise<BenchResult> {
  const file = join(import.meta.dirname, "map-runs-workload.ts");
  const measure = (items: number): MapRunRow =>
    JSON.parse(execFileSync(process.execPath, ["--expose-gc", file, String(items)], { encoding: "utf8" }));
  const [few, many] = [measure(FEW), measure(MANY)];
  const more = many.liveMb - few.liveMb;
  const missed =
    more > MOST_MORE_MB ? [`${more} MB more alive for ${MANY} items than for ${FEW}, at most ${MOST_MORE_MB}`] : [];
  return { rows: [few, many], missed };
}
