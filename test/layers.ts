/**
 * The dependency rule of docs/architecture.md, checked over every import in the tree, and the file-size limit.
 *   L1. engine imports nothing of ours, and of Node and packages only what is pure.
 *   L2. local imports engine and local.
 *   L3. models, workflows, handlers, events, infra never import engine or local.
 *   L4. cli, console see local through local/index.ts (or a small part of it, SMALL_PARTS) and engine through
 *       engine/index.ts.
 *   L5. No source file has more than 400 lines.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");
const FOLDERS = ["models", "handlers", "events", "infra", "engine", "local", "console", "cli", "bench", "test"];
const APP = ["models", "workflows", "handlers", "events", "infra"];
const PURE_PACKAGES = new Set(["jsonata", "croner", "re2js"]);
/** What commands that open no home take of local, for which all of it would take too long to load. */
const SMALL_PARTS = new Set([
  join("local", "running.ts"),
  join("local", "api-models", "task-apis.ts"),
  join("local", "runtime", "jobs", "find-python.ts"),
]);
const MAX_LINES = 400;

const problems = FOLDERS.flatMap((folder) => sourceFiles(join(ROOT, folder))).flatMap(problemsOf);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exit(problems.length === 0 ? 0 : 1);

function sourceFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(ts|js|py)$/.test(name) && !name.includes("node_modules"))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function problemsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const name = relative(ROOT, file);
  const folder = name.split(sep)[0] ?? "";
  const lines = text.split("\n").length;
  const found = lines > MAX_LINES ? [`${name}: ${lines} lines, at most ${MAX_LINES}; find the idea hiding in it`] : [];
  for (const match of text.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)) {
    const problem = importProblem(folder, file, match[1] ?? "");
    if (problem !== undefined) found.push(`${name}: imports ${match[1]}: ${problem}`);
  }
  return found;
}

function importProblem(folder: string, file: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) {
    return folder === "engine" && !PURE_PACKAGES.has(specifier) ? "engine is pure (L1)" : undefined;
  }
  const target = relative(ROOT, resolve(dirname(file), specifier));
  const into = target.split(sep)[0] ?? "";
  if (folder === "engine" && into !== "engine") return "engine imports nothing of ours (L1)";
  if (folder === "local" && into !== "local" && into !== "engine") return "local imports engine only (L2)";
  if (APP.includes(folder) && (into === "engine" || into === "local"))
    return "the app never imports engine or local (L3)";
  if (
    (folder === "cli" || folder === "console") &&
    ["local", "engine"].includes(into) &&
    target !== join(into, "index.ts") &&
    !SMALL_PARTS.has(target)
  ) {
    return `import ${into}/index.ts, its public face (L4)`;
  }
  return undefined;
}
