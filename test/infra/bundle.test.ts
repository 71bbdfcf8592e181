import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { kilobytesAtOnce } from "../../bench/module-weight.ts";
import { bundleHandlers, discoverHandlers } from "../../infra/bundle.ts";
import { temporaryFolder } from "../temporary-folder.ts";

let root: string;
let outdir: string;
const write = (path: string, text: string) => {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
};

beforeEach(() => {
  root = temporaryFolder("handlers");
  outdir = temporaryFolder("bundles");
  write("shared/greeting.ts", 'export const greeting: string = "hello";');
  write("shared/heavy.ts", "export const weight = 1000;");
  write(
    "first/index.ts",
    'import { greeting } from "../shared/greeting.ts";\nexport const handler = async () => [greeting, (await import("../shared/heavy.ts")).weight];',
  );
  write("second/index.ts", 'import { greeting } from "../shared/greeting.ts";\nexport const handler = () => greeting;');
});

describe("bundleHandlers", () => {
  it("takes a folder with an index.ts for a handler, and no other", () => {
    expect(discoverHandlers(root)).toEqual(["first", "second"]);
  });

  it("makes each handler a folder that runs by itself", async () => {
    await bundleHandlers(root, ["first", "second"], outdir);
    const first = await import(pathToFileURL(join(outdir, "first", "first", "index.mjs")).href);
    const second = await import(pathToFileURL(join(outdir, "second", "second", "index.mjs")).href);
    expect(await first.handler()).toEqual(["hello", 1000]);
    expect(second.handler()).toBe("hello");
  });

  it("has a handler load Node's http without its fetch", async () => {
    const loads = 'process.moduleLoadList.includes("NativeModule internal/deps/undici/undici")';
    write(
      "first/index.ts",
      `import { METHODS } from "node:http";\nimport https from "https";\nexport const handler = () => [METHODS.includes("GET"), typeof https.request, ${loads}];`,
    );
    await bundleHandlers(root, ["first"], outdir);
    const file = pathToFileURL(join(outdir, "first", "first", "index.mjs")).href;
    const script = `const { handler } = await import(${JSON.stringify(file)}); console.log(JSON.stringify(handler()));`;
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
    expect(JSON.parse(said)).toEqual([true, "function", false]);
  });

  it("leaves what a handler cannot reach out of its folder", async () => {
    await bundleHandlers(root, ["first", "second"], outdir);
    const folder = join(outdir, "second");
    const chunks = readdirSync(folder).filter((name) => name.endsWith(".mjs"));
    expect(chunks.some((name) => readFileSync(join(folder, name), "utf8").includes("weight"))).toBe(false);
  });

  it("gives the same bytes each time", async () => {
    const again = temporaryFolder("bundles");
    await bundleHandlers(root, ["first", "second"], outdir);
    await bundleHandlers(root, ["first", "second"], again);
    const names = readdirSync(join(outdir, "first"), { recursive: true, encoding: "utf8" });
    expect(readdirSync(join(again, "first"), { recursive: true, encoding: "utf8" })).toEqual(names);
    for (const name of names.filter((path) => path.endsWith(".mjs"))) {
      expect(readFileSync(join(again, "first", name))).toEqual(readFileSync(join(outdir, "first", name)));
    }
  });

  it("has each handler of the project read no more than 128 KB before its first event", async () => {
    const handlers = resolve(import.meta.dirname, "../../handlers");
    const names = discoverHandlers(handlers);
    await bundleHandlers(handlers, names, outdir);
    const heavy = names.filter((name) => kilobytesAtOnce(join(outdir, name, name, "index.mjs")) > 128);
    expect(names).toContain("gate");
    expect(heavy).toEqual([]);
  });
});
