/** The package that `npm run library` makes, as a project that installed it sees it: the examples of its reference, typed and run. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const INSTALLED = join(ROOT, "node_modules");
const TIMEOUT_MS = 120_000;
const examples = [
  ...readFileSync(join(ROOT, "docs", "reference", "engine.md"), "utf8").matchAll(
    /## ([^\n]+)\n(?:(?!\n## ).)*?```ts\n(.*?)```/gs,
  ),
].map(([, title = "", code = ""], index) => ({ title, code, name: `example-${index}` }));
const TSCONFIG = { compilerOptions: { strict: true, module: "nodenext", target: "es2023", types: ["node"] } };
let consumer: string;

beforeAll(() => {
  consumer = temporaryFolder("consumer");
  execFileSync(process.execPath, [join(ROOT, "infra", "library.ts"), consumer]);
  const packed = readdirSync(consumer).find((name) => name.endsWith(".tgz")) ?? "";
  const own = join(consumer, "node_modules", "tidemill");
  mkdirSync(own, { recursive: true });
  execFileSync("tar", ["xzf", join(consumer, packed), "--strip-components=1", "-C", own]);
  const { dependencies } = manifest();
  for (const name of [...Object.keys(dependencies), "@types/node", "undici-types"]) {
    const at = join(consumer, "node_modules", name);
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(join(INSTALLED, name), at);
  }
  rmSync(join(consumer, "library"), { recursive: true });
  writeFileSync(join(consumer, "package.json"), '{"type":"module"}');
  writeFileSync(join(consumer, "tsconfig.json"), JSON.stringify(TSCONFIG));
  for (const { name, code } of examples) writeFileSync(join(consumer, `${name}.ts`), code);
}, TIMEOUT_MS);

function manifest(): { dependencies: Record<string, string>; exports: object } {
  return JSON.parse(readFileSync(join(consumer, "node_modules", "tidemill", "package.json"), "utf8"));
}

/** What Node says that runs those arguments in the consumer's folder: nothing, if all is well. */
function said(args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: consumer, encoding: "utf8" });
  return stdout + stderr;
}

describe("the engine as an installed package", () => {
  it("passes tsc in a strict project, declarations and all, and its examples run", { timeout: TIMEOUT_MS }, () => {
    expect(examples.length).toBeGreaterThan(4);
    expect(said([join(INSTALLED, "typescript", "bin", "tsc")])).toBe("");
    for (const { name, title } of examples) expect(`${title}: ${said([`${name}.js`])}`).toBe(`${title}: `);
  });

  it("is JavaScript that brings only what the engine needs", () => {
    expect(Object.keys(manifest().dependencies).sort()).toEqual(["croner", "jsonata", "re2js"]);
    const files = readdirSync(join(consumer, "node_modules", "tidemill"), { recursive: true, encoding: "utf8" });
    expect(files.filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))).toEqual([]);
  });
});
