/** One digest of everything the cloud assembly is made from. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const INPUTS = ["events", "handlers", "infra", "models", "workflows", "package-lock.json"];
const IGNORED = new Set(["__pycache__", "node_modules", "data"]);

/**
 * Digest of the input files' names and contents, the CDK context, the Node version and, since a model's settings name
 * it, git's HEAD.
 *
 * @param project root of the project
 * @returns SHA-256, hexadecimal
 */
export function inputsDigest(project: string, context: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  const settings = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  hash.update(JSON.stringify([process.version, settings, process.env.CDK_CONTEXT_JSON ?? null, head(project)]));
  for (const input of INPUTS) {
    for (const file of filesBelow(join(project, input))) {
      const content = readFileSync(file);
      hash.update(`${relative(project, file)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex");
}

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => !IGNORED.has(name) && !name.startsWith("."))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)]));
}

/** What HEAD points at, read without starting git; in a worktree too, whose HEAD is its own and whose branches are not. */
function head(project: string): string {
  const own = gitDirectory(join(project, ".git"));
  if (own === undefined) return "";
  const text = readFileSync(join(own, "HEAD"), "utf8").trim();
  const common = join(own, "commondir");
  const shared = existsSync(common) ? resolve(own, readFileSync(common, "utf8").trim()) : own;
  const branch = join(shared, text.replace(/^ref: /, ""));
  return text.startsWith("ref: ") && existsSync(branch) ? readFileSync(branch, "utf8").trim() : text;
}

/** The folder `.git` is, or names where it is a file. */
function gitDirectory(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  if (statSync(path).isDirectory()) return path;
  const named = /^gitdir: (.*)$/m.exec(readFileSync(path, "utf8"))?.[1];
  const directory = named === undefined ? undefined : resolve(path, "..", named);
  return directory !== undefined && existsSync(join(directory, "HEAD")) ? directory : undefined;
}
