/**
 * Cold import of each deployed bundle: a fresh Node process loads it from the assembly's own asset, and says how long the
 * import took, by the clock and in processor time; the middle of several rounds, each of which takes every bundle once.
 * To reach: 60 ms each. Other work on the machine stretches the clock, so the lesser of the two is judged. Beside it an
 * empty module, for the floor of the machine.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type BenchResult, median } from "./bench-result.ts";
import { kilobytesAtOnce } from "./module-weight.ts";

const ROOT = resolve(import.meta.dirname, "..");
const LIMIT_MS = 60;
const ROUNDS = 9;

export async function run(): Promise<BenchResult> {
  execFileSync(process.execPath, [join(ROOT, "infra", "synth.ts")], { cwd: ROOT });
  const folder = mkdtempSync(join(tmpdir(), "tidemill-bench-"));
  const empty = join(folder, "empty.mjs");
  writeFileSync(empty, "export const handler = () => undefined;\n");
  const modules = [{ name: "(nothing)", file: empty }, ...bundles()];
  const rounds = Array.from({ length: ROUNDS }, () => modules.map(({ file }) => coldImport(file)));
  rmSync(folder, { recursive: true });
  const rows = modules.map(({ name, file }, index) => {
    const imports = rounds.flatMap((round) => round[index] ?? []);
    return {
      name,
      coldImportMs: tenths(median(imports.map(({ wallMs }) => wallMs))),
      processorMs: tenths(median(imports.map(({ processorMs }) => processorMs))),
      kilobytes: name === "(nothing)" ? 0 : kilobytesAtOnce(file),
    };
  });
  const missed = rows
    .map(({ name, coldImportMs, processorMs }) => ({ name, ms: Math.min(coldImportMs, processorMs) }))
    .filter(({ ms }) => ms > LIMIT_MS)
    .map(({ name, ms }) => `${name} takes ${ms} ms, at most ${LIMIT_MS}`);
  return { rows, missed };
}

/** Every Lambda function of the assembly, by its asset's folder and its Handler property. */
function bundles(): { name: string; file: string }[] {
  const assembly = join(ROOT, "cdk.out");
  const found: { name: string; file: string }[] = [];
  for (const template of readdirSync(assembly).filter((file) => file.endsWith(".template.json"))) {
    const {
      Resources,
    }: { Resources: Record<string, { Type: string; Properties: { Handler: string; Code: { S3Key: string } } }> } =
      JSON.parse(readFileSync(join(assembly, template), "utf8"));
    for (const { Type, Properties } of Object.values(Resources)) {
      if (Type !== "AWS::Lambda::Function") continue;
      const path = Properties.Handler.replace(/\.handler$/, "");
      const file = join(assembly, `asset.${Properties.Code.S3Key.replace(".zip", "")}`, `${path}.mjs`);
      if (existsSync(file)) found.push({ name: path.split("/")[0] ?? path, file });
    }
  }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

function coldImport(file: string): { wallMs: number; processorMs: number } {
  const script = `const began = performance.now(), used = process.cpuUsage();
    await import(${JSON.stringify(pathToFileURL(file).href)});
    const { user, system } = process.cpuUsage(used);
    process.stdout.write(JSON.stringify({ wallMs: performance.now() - began, processorMs: (user + system) / 1000 }))`;
  const said = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    env: { ...process.env, AWS_REGION: "us-east-1" },
  });
  const measured: { wallMs: number; processorMs: number } = JSON.parse(said);
  return measured;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
