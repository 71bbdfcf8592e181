/**
 * `npm test`: types, lint and layers, then every test; ends with the line `N passed, N failed`.
 * `npm run test:long` runs the long proofs (`*.long.ts`) instead of the quick ones.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startVitest, type Vitest } from "vitest/node";

const long = process.argv.includes("--long");
const filters = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));

// Everything the run makes is in one folder, so that also a run that is broken off leaves nothing.
const temporary = mkdtempSync(join(tmpdir(), "tidemill-tests-"));
chmodSync(temporary, 0o755);
process.env.TMPDIR = temporary;
process.once("exit", () => rmSync(temporary, { recursive: true, force: true }));
let running: Vitest | undefined;
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, async () => {
    await running?.close();
    process.exit(code);
  });
}

let passed = 0;
let failed = 0;
/** What this system cannot run, such as namespaces outside of Linux. */
let skipped = 0;

if (!long && filters.length === 0) {
  check("types", ["node_modules/typescript/bin/tsc", "--noEmit"]);
  check("lint", ["node_modules/@biomejs/biome/bin/biome", "check", "."]);
  check("layers", ["test/layers.ts"]);
}
const vitest = await startVitest("test", filters, {
  watch: false,
  include: [long ? "test/**/*.long.ts" : "test/**/*.test.ts"],
  reporters: ["default", { onInit }],
});
for (const module of vitest.state.getTestModules()) {
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === "passed") passed++;
    else if (state === "skipped") skipped++;
    else failed++;
  }
  // A file that fails to load has no tests, and must not pass for it.
  if (module.errors().length > 0) failed++;
}
failed += vitest.state.getUnhandledErrors().length;
await vitest.close();
process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

function onInit(vitest: Vitest): void {
  running = vitest;
}

function check(name: string, args: string[]): void {
  const result = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (result.status === 0) passed++;
  else failed++;
  process.stdout.write(`${name}: ${result.status === 0 ? "ok" : "failed"}\n`);
}
