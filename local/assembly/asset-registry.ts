/**
 * The assembly's assets on disk: `<home>/assets/<hash>` (a folder for zip assets, `<hash>.<ext>` for files), found again by
 * the bucket and key a template names them with.
 */
import {
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { extname, join } from "node:path";
import type { AssetRegistry } from "../define-service.ts";
import { AssemblyError } from "./assembly-error.ts";
import { isInside } from "./path-inside.ts";

export interface WritableAssetRegistry extends AssetRegistry {
  /**
   * Copies the asset at `source` (a file, or a folder for packaging "zip") and answers `bucket` and `key` with the copy.
   * An asset of the same hash is not copied again.
   */
  add(asset: { hash: string; source: string; root: string; bucket: string; key: string }): string;
}

/** Opens the registry of the home in `directory`. */
export function createAssetRegistry(directory: string): WritableAssetRegistry {
  const folder = join(directory, "assets");
  const indexPath = join(folder, "index.json");
  let index = readIndex(indexPath);
  return {
    locate(bucket, key) {
      // A miss may be an asset that another registry of the same home has added since.
      if (!index.has(`${bucket}/${key}`)) index = readIndex(indexPath);
      const name = index.get(`${bucket}/${key}`);
      return name === undefined ? undefined : join(folder, name);
    },
    add({ hash, source, root, bucket, key }) {
      const name = lstatSync(realpathSync(source)).isDirectory() ? hash : hash + extname(source);
      const target = join(folder, name);
      index = readIndex(indexPath);
      if (!existsSync(target)) copyWhole(source, target, root);
      if (index.get(`${bucket}/${key}`) !== name) {
        index.set(`${bucket}/${key}`, name);
        writeWhole(indexPath, JSON.stringify(Object.fromEntries(index)));
      }
      return target;
    },
  };
}

// The copy appears under its name only when whole: a process killed half-way leaves a ".part" nobody reads.
function copyWhole(source: string, target: string, root: string): void {
  const part = `${target}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(join(target, ".."), { recursive: true });
  if (lstatSync(realpathSync(source)).isDirectory()) {
    cpSync(source, part, { recursive: true, dereference: true, filter: (from) => refuseOutside(from, root) });
  } else {
    copyFileSync(source, part);
  }
  renameSync(part, target);
}

function refuseOutside(path: string, root: string): boolean {
  const real = realpathSync(path);
  if (isInside(realpathSync(root), real)) return true;
  throw new AssemblyError(
    "AssetRefused",
    `the asset file ${path} is a link to ${real}, outside ${root}; an assembly may only hold its own files`,
  );
}

function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.part`, text);
  renameSync(`${path}.part`, path);
}

/** A damaged index is as good as none: an apply that misses assets puts them there again. */
function parsedOr(otherwise: object, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}

function readIndex(path: string): Map<string, string> {
  if (!existsSync(path)) return new Map();
  const json = parsedOr({}, readFileSync(path, "utf8"));
  return new Map(Object.entries(typeof json === "object" && json !== null ? json : {}).map(([k, v]) => [k, String(v)]));
}
