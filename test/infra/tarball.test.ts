import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { tarball } from "../../infra/tarball.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const files = [
  { path: "train.py", content: Buffer.from("print('train')\n") },
  { path: "package/__init__.py", content: Buffer.alloc(0) },
  { path: "package/block.py", content: Buffer.alloc(512, "#") },
];
let folder: string;
beforeAll(() => {
  folder = temporaryFolder("tarball");
});

describe("tarball", () => {
  it("is what tar unpacks to the same files", () => {
    writeFileSync(join(folder, "source.tar.gz"), tarball(files));
    execFileSync("tar", ["xzf", "source.tar.gz"], { cwd: folder });
    for (const { path, content } of files) expect(readFileSync(join(folder, path))).toEqual(content);
  });

  it("has the same bytes whenever it is made", () => {
    expect(tarball(files)).toEqual(
      tarball(structuredClone(files).map((file) => ({ ...file, content: Buffer.from(file.content) }))),
    );
  });

  it("refuses a path longer than a header holds", () => {
    const path = `${"a".repeat(101)}.py`;
    expect(() => tarball([{ path, content: Buffer.alloc(0) }])).toThrow("longer than the 100 bytes");
  });
});
