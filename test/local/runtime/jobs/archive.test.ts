import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { create, list } from "tar";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tarball } from "../../../../infra/tarball.ts";
import { packFolder, unpackArchive } from "../../../../local/runtime/jobs/archive.ts";
import { temporaryFolder } from "./job-fixture.ts";

let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  folder = temporaryFolder("archive");
});
afterEach(() => folder.remove());

describe("packFolder and unpackArchive", () => {
  it("give back what was packed, an entry that starts with @ included", async () => {
    const source = join(folder.path, "source");
    mkdirSync(join(source, "code"), { recursive: true });
    writeFileSync(join(source, "code/inference.py"), "x = 1");
    writeFileSync(join(source, "@odd"), "odd");
    await packFolder(source, join(folder.path, "model.tar.gz"));
    await unpackArchive(join(folder.path, "model.tar.gz"), join(folder.path, "out"));
    expect(readFileSync(join(folder.path, "out/code/inference.py"), "utf8")).toBe("x = 1");
    expect(readFileSync(join(folder.path, "out/@odd"), "utf8")).toBe("odd");
  });

  it("pack a link as a link, and nothing of what it leads to; a pipe not at all", async () => {
    const source = join(folder.path, "source");
    mkdirSync(source);
    writeFileSync(join(folder.path, "secret"), "secret");
    symlinkSync("../secret", join(source, "model.bin"));
    execFileSync("mkfifo", [join(source, "pipe")]);
    await packFolder(source, join(folder.path, "model.tar.gz"));
    const names: string[] = [];
    await list({
      file: join(folder.path, "model.tar.gz"),
      onReadEntry: ({ path, type, size }) => void names.push(`${type} ${path} ${size}`),
    });
    expect(names).toEqual(["SymbolicLink ./model.bin 0"]);
    await expect(unpackArchive(join(folder.path, "model.tar.gz"), join(folder.path, "out"))).rejects.toThrow(
      "entry ./model.bin links to ../secret, outside of the folder",
    );
  });

  it("pack pipes and hard links beside files, whichever is read first", async () => {
    const source = join(folder.path, "source");
    mkdirSync(source);
    writeFileSync(join(source, "a"), "weights".repeat(10_000));
    symlinkSync("a", join(source, "b"));
    linkSync(join(source, "a"), join(source, "c"));
    writeFileSync(join(source, "d"), "last");
    execFileSync("mkfifo", [join(source, "pipe")]);
    for (let round = 0; round < 100; round += 1) await packFolder(source, join(folder.path, "model.tar.gz"));
    await unpackArchive(join(folder.path, "model.tar.gz"), join(folder.path, "out"));
    expect(readdirSync(join(folder.path, "out"))).toEqual(["a", "b", "c", "d"]);
    expect(readFileSync(join(folder.path, "out/c"), "utf8")).toBe("weights".repeat(10_000));
  });

  it("give back zeros, which pack to a thousandth", async () => {
    mkdirSync(join(folder.path, "zeros"));
    writeFileSync(join(folder.path, "zeros/embedding"), Buffer.alloc(32 * 1024 * 1024));
    await packFolder(join(folder.path, "zeros"), join(folder.path, "zeros.tar.gz"));
    await unpackArchive(join(folder.path, "zeros.tar.gz"), join(folder.path, "out"));
    expect(statSync(join(folder.path, "out/embedding")).size).toBe(32 * 1024 * 1024);
  });

  it("pack an empty folder", async () => {
    mkdirSync(join(folder.path, "empty"));
    await packFolder(join(folder.path, "empty"), join(folder.path, "empty.tar.gz"));
    await unpackArchive(join(folder.path, "empty.tar.gz"), join(folder.path, "out"));
  });
});

describe("unpackArchive", () => {
  it.each(["../outside", "/tmp/outside", "a/../../outside"])(
    "refuses the entry %s and unpacks nothing",
    async (path) => {
      const file = join(folder.path, "bad.tar.gz");
      writeFileSync(
        file,
        tarball([
          { path: "fine", content: Buffer.from("fine") },
          { path, content: Buffer.from("x") },
        ]),
      );
      await expect(unpackArchive(file, join(folder.path, "out"))).rejects.toThrow(/would be written outside/);
      expect(() => readFileSync(join(folder.path, "out/fine"))).toThrow();
    },
  );

  it("refuses a link that leads outside", async () => {
    const source = join(folder.path, "source");
    mkdirSync(source);
    symlinkSync("../../etc", join(source, "link"));
    await create({ gzip: true, file: join(folder.path, "bad.tar.gz"), cwd: source }, ["link"]);
    await expect(unpackArchive(join(folder.path, "bad.tar.gz"), join(folder.path, "out"))).rejects.toThrow(/links to/);
  });

  it("names a file that is no archive", async () => {
    writeFileSync(join(folder.path, "x.tar.gz"), "not an archive at all");
    await expect(unpackArchive(join(folder.path, "x.tar.gz"), join(folder.path, "out"))).rejects.toThrow(/x\.tar\.gz/);
  });
});
