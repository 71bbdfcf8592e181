/**
 * Packs the engine for use outside this repository: `npm run library [FOLDER]` leaves `tidemill-VERSION.tgz` in the folder
 * (`dist` unless given), a package of JavaScript and types whose only dependencies are the engine's own.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = join(import.meta.dirname, "..");
/** What engine/ imports; the test of the package fails where one is missing. */
const DEPENDENCIES = ["croner", "jsonata", "re2js"] as const;

type Manifest = Readonly<{
  name: string;
  version: string;
  description: string;
  license: string;
  dependencies: Readonly<Record<string, string>>;
}>;

const into = resolve(process.argv[2] ?? join(ROOT, "dist"));
const staged = join(into, "library");
rmSync(staged, { recursive: true, force: true });
mkdirSync(staged, { recursive: true });
const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
const project = ["-p", join(ROOT, "tsconfig.library.json"), "--outDir", join(staged, "engine")];
execFileSync(process.execPath, [compiler, ...project], { stdio: "inherit" });
writeFileSync(join(staged, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
cpSync(join(ROOT, "LICENSE"), join(staged, "LICENSE"));
execFileSync("npm", ["pack", "--silent", "--pack-destination", into], { cwd: staged, stdio: "inherit" });

function manifest(): object {
  const { name, version, description, license, dependencies }: Manifest = JSON.parse(
    readFileSync(join(ROOT, "package.json"), "utf8"),
  );
  return {
    name,
    version,
    description,
    license,
    type: "module",
    engines: { node: ">=20" },
    exports: { "./engine": { types: "./engine/index.d.ts", default: "./engine/index.js" } },
    dependencies: Object.fromEntries(DEPENDENCIES.map((dependency) => [dependency, dependencies[dependency]])),
  };
}
