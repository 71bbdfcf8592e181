import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** Kilobytes a bundled module has the runtime read at once: its own and those of the chunks it imports, `import()` left out. */
export function kilobytesAtOnce(file: string): number {
  const found = new Set([file]);
  let bytes = 0;
  for (const path of found) {
    const text = readFileSync(path, "utf8");
    bytes += Buffer.byteLength(text);
    for (const [, imported = ""] of text.matchAll(/(?:from|import)\s*"(\.[^"]+)"/g)) {
      found.add(resolve(dirname(path), imported));
    }
  }
  return Math.round(bytes / 1024);
}
