/**
 * Bundles every handler with one esbuild call, each into a folder of its own that is ready to be an asset.
 *
 * Code is split at `import()`, so that a cold start reads only what the first line of work needs; the chunks a handler
 * can reach are copied beside it, so that a change in one handler leaves the assets of the others as they were:
 * `<outdir>/<name>/<name>/index.mjs` and `<outdir>/<name>/chunk-*.mjs`.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Metafile, Plugin } from "esbuild";

/**
 * The handlers: every folder of `root` with an `index.ts`.
 *
 * @param root the folder `handlers/`
 * @returns folder names, sorted
 */
export function discoverHandlers(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, "index.ts")))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Bundles the handlers for the Lambda runtime, dependencies and SDK clients included.
 *
 * @param root the folder `handlers/`
 * @param names folders below it
 * @param outdir an empty folder
 */
export async function bundleHandlers(root: string, names: readonly string[], outdir: string): Promise<void> {
  if (names.length === 0) return;
  const { build } = await import("esbuild");
  const together = join(outdir, ".all");
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: join(root, name, "index.ts"), out: `${name}/index` })),
    outdir: together,
    bundle: true,
    splitting: true,
    metafile: true,
    platform: "node",
    target: "node24",
    format: "esm",
    outExtension: { ".js": ".mjs" },
    mainFields: ["module", "main"],
    conditions: ["module"],
    // Dependencies that are CommonJS still call require for Node's own modules.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    legalComments: "none",
    // Names stay, for stack traces; what a cold start need not read goes.
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: "warning",
    plugins: [httpWithoutFetch],
  });
  for (const name of names) {
    for (const file of reachable(metafile, root, join(together, name, "index.mjs"))) {
      const target = join(outdir, name, relative(together, file));
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(file, target);
    }
  }
}

/**
 * Node's http modules as `require` gives them. An `import` reads all they export, WebSocket among it, for which Node loads its
 * whole fetch: a fifth of a cold start.
 */
const httpWithoutFetch: Plugin = {
  name: "http-without-fetch",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?https?$/ }, ({ path }) => ({ path, namespace: "builtin" }));
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** An output and every chunk it imports, directly or not, at once or later. */
function reachable(metafile: Metafile, root: string, entry: string): string[] {
  const importsOf = new Map(
    Object.entries(metafile.outputs).map(([path, { imports }]) => [
      resolve(root, path),
      imports.filter(({ external }) => external !== true).map((imported) => resolve(root, imported.path)),
    ]),
  );
  const found = new Set([entry]);
  for (const file of found) for (const imported of importsOf.get(file) ?? []) found.add(imported);
  return [...found].sort();
}
