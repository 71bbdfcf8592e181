/**
 * Cold import of each deployed bundle: a fresh Node process loads it from the assembly's own asset, and says how long the
 * import took; the middle of several. To reach: 60 ms each. Beside it an empty module, for the floor of the machine.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type BenchResult, median } from "./bench-result.ts";

const ROOT = resolve(import.meta.dirname, "..");
const LIMIT_MS = 60;
const RUNS = 9;

export async function run(): Promise<BenchResult> {
  execFileSync(process.execPath, [join(ROOT, "infra", "synth.ts")], { cwd: ROOT });
  const folder = mkdtempSync(join(tmpdir(), "tidemill-bench-"));
  const empty = join(folder, "empty.mjs");
  writeFileSync(empty, "export const handler = () => undefined;\n");
  const floorMs = coldImport(empty);
  rmSync(folder, { recursive: true });
  const rows = bundles().map(({ name, file }) => ({
    name,
    coldImportMs: coldImport(file),
    floorMs,
    kilobytes: Math.round(statSync(file).size / 1024),
  }));
  const missed = rows
    .filter((row) => row.coldImportMs > LIMIT_MS)
    .map((row) => `${row.name} takes ${row.coldImportMs} ms, at most ${LIMIT_MS}`);
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

function coldImport(file: string): number {
  const script = `const began = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); process.stdout.write(String(performance.now() - began))`;
  const times = Array.from({ length: RUNS }, () =>
    Number(
      execFileSync(process.execPath, ["--input-type=module", "-e", script], {
        encoding: "utf8",
        env: { ...process.env, AWS_REGION: "us-east-1" },
      }),
    ),
  );
  return Math.round(median(times) * 10) / 10;
}
