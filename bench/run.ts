/**
 * `npm run bench -- NAME [--json]`: runs one bench, `bench/<NAME>.bench.ts`, and prints its rows.
 * A bench exports `run(arguments): Promise<BenchResult>`; it fails (exit 1) when a row misses the figure it has to reach.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { BenchResult } from "./bench-result.ts";

const [name, ...rest] = process.argv.slice(2).filter((argument) => argument !== "--json");
const json = process.argv.includes("--json");
const file = join(import.meta.dirname, `${name ?? ""}.bench.ts`);

if (name === undefined || !/^[a-z-]+$/.test(name) || !existsSync(file)) {
  const names = readdirSync(import.meta.dirname)
    .filter((found) => found.endsWith(".bench.ts"))
    .map((found) => found.replace(".bench.ts", ""));
  process.stderr.write(`usage: npm run bench -- NAME [--json]; benches: ${names.join(", ")}\n`);
  process.exit(2);
}
const { run }: { run: (rest: string[]) => Promise<BenchResult> } = await import(file);
const { rows, missed } = await run(rest);
if (json) process.stdout.write(`${JSON.stringify(rows)}\n`);
else console.table(rows);
for (const text of missed) process.stderr.write(`missed: ${text}\n`);
process.exit(missed.length === 0 ? 0 : 1);
