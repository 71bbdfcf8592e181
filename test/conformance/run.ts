/**
 * `npm run conformance -- FILE…`: runs recorded behaviour against this project.
 *
 * A corpus file names its kind in `meta.kind`; `kinds/<kind>.ts` exports `run(corpus)`, which answers one result a case.
 * Prints each failure, a table by group, and `N passed, M failed`; exit code 1 if any failed, 2 if a file cannot be run.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CaseResult } from "./case-result.ts";

type Kind = { run(corpus: unknown): AsyncIterable<CaseResult> | Iterable<CaseResult> | Promise<Iterable<CaseResult>> };
type Tally = Record<CaseResult["outcome"], number>;

const files = process.argv.slice(2);
if (files.length === 0) fail("usage: npm run conformance -- FILE…");

const groups = new Map<string, Tally>();
const total: Tally = { passed: 0, failed: 0, skipped: 0 };
for (const file of files) await runFile(file);
print();
process.exit(total.failed > 0 ? 1 : 0);

async function runFile(file: string): Promise<void> {
  const corpus: unknown = JSON.parse(readFileSync(file, "utf8"));
  const kind = kindOf(corpus);
  const module = join(import.meta.dirname, "kinds", `${kind}.ts`);
  if (kind === undefined || !/^[\w.-]+$/.test(kind) || !existsSync(module)) {
    return fail(`${file}: no runner for meta.kind ${JSON.stringify(kind)} in test/conformance/kinds`);
  }
  const runner: Kind = await import(pathToFileURL(module).href);
  for await (const result of await runner.run(corpus)) {
    count(`${kind} ${result.group}`, result.outcome);
    if (result.outcome === "failed") {
      process.stdout.write(`${result.id}: expected ${show(result.expected)} got ${show(result.got)}\n`);
    }
    if (result.outcome === "skipped") process.stdout.write(`${result.id}: skipped, ${show(result.expected)}\n`);
  }
}

function kindOf(corpus: unknown): string | undefined {
  if (typeof corpus !== "object" || corpus === null || !("meta" in corpus)) return undefined;
  const { meta } = corpus;
  if (typeof meta !== "object" || meta === null || !("kind" in meta)) return undefined;
  return typeof meta.kind === "string" ? meta.kind : undefined;
}

function count(group: string, outcome: CaseResult["outcome"]): void {
  const tally = groups.get(group) ?? { passed: 0, failed: 0, skipped: 0 };
  tally[outcome] += 1;
  total[outcome] += 1;
  groups.set(group, tally);
}

function show(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  return text.length > 1500 ? `${text.slice(0, 1500)}…` : text;
}

function print(): void {
  const width = Math.max(...[...groups.keys()].map((name) => name.length), 5);
  process.stdout.write(`\n${"group".padEnd(width)}  passed  failed  skipped\n`);
  for (const [name, { passed, failed, skipped }] of [...groups].sort(([a], [b]) => a.localeCompare(b))) {
    const row = [passed, failed, skipped].map((figure) => String(figure).padStart(6)).join("  ");
    process.stdout.write(`${name.padEnd(width)}  ${row}\n`);
  }
  if (total.skipped > 0) process.stdout.write(`${total.skipped} skipped: they need a real service\n`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
