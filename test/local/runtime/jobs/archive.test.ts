import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { create, list } from "tar";
import { beforeEach, describe, expect, it } from "vitest";
import { tarball } from "../../../../infra/tarball.ts";
import { packFolder, unpackArchive } from "../../../../local/runtime/jobs/archive.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

let folder: string;

beforeEach(() => {
  folder = temporaryFolder("archive");
});

describe("packFolder and unpackArchive", () => {
  it("give back what was packed, an entry that starts with @ included", async () => {
    const source = join(folder, "source");
    mkdirSync(join(source, "code"), { recursive: true });
    writeFileSync(join(source, "code/inference.py"), "x = 1");
    writeFileSync(join(source, "@odd"), "odd");
    await packFolder(source, join(folder, "model.tar.gz"));
    await unpackArchive(join(folder, "model.tar.gz"), join(folder, "out"));
    expect(readFileSync(join(folder, "out/code/inference.py"), "utf8")).toBe("x = 1");
    expect(readFileSync(join(folder, "out/@odd"), "utf8")).toBe("odd");
  });

  it("pack a link as a link, and nothing of what it leads to; a pipe not at all", async () => {
    const source = join(folder, "source");
    mkdirSync(source);
    writeFileSync(join(folder, "secret"), "secret");
    symlinkSync("../secret", join(source, "model.bin"));
    execFileSync("mkfifo", [join(source, "pipe")]);
    await packFolder(source, join(folder, "model.tar.gz"));
    const names: string[] = [];
    await list({
      file: join(folder, "model.tar.gz"),
      onReadEntry: ({ path, type, size }) => void names.push(`${type} ${path} ${size}`),
    });
    expect(names).toEqual(["SymbolicLink ./model.bin 0"]);
    await expect(unpackArchive(join(folder, "model.tar.gz"), join(folder, "out"))).rejects.toThrow(
      "entry ./model.bin links to ../secret, outside of the folder",
    );
  });

  it("pack pipes and hard links beside files, whichever is read first", async () => {
    const source = join(folder, "source");
    mkdirSync(source);
    writeFileSync(join(source, "a"), "weights".repeat(10_000));
    symlinkSync("a", join(source, "b"));
    linkSync(join(source, "a"), join(source, "c"));
    writeFileSync(join(source, "d"), "last");
    execFileSync("mkfifo", [join(source, "pipe")]);
    for (let round = 0; round < 100; round += 1) await packFolder(source, join(folder, "model.tar.gz"));
    await unpackArchive(join(folder, "model.tar.gz"), join(folder, "out"));
    expect(readdirSync(join(folder, "out"))).toEqual(["a", "b", "c", "d"]);
    expect(readFileSync(join(folder, "out/c"), "utf8")).toBe("weights".repeat(10_000));
  });

  it("give back zeros, which pack to a thousandth", async () => {
    mkdirSync(join(folder, "zeros"));
    writeFileSync(join(folder, "zeros/embedding"), Buffer.alloc(32 * 1024 * 1024));
    await packFolder(join(folder, "zeros"), join(folder, "zeros.tar.gz"));
    await unpackArchive(join(folder, "zeros.tar.gz"), join(folder, "out"));
    expect(statSync(join(folder, "out/embedding")).size).toBe(32 * 1024 * 1024);
  });

  it("pack an empty folder", async () => {
    mkdirSync(join(folder, "empty"));
    await packFolder(join(folder, "empty"), join(folder, "empty.tar.gz"));
    await unpackArchive(join(folder, "empty.tar.gz"), join(folder, "out"));
  });
});

describe("unpackArchive", () => {
  it.each(["../outside", "/tmp/outside", "a/../../outside"])(
    "refuses the entry %s and unpacks nothing",
    async (path) => {
      const file = join(folder, "bad.tar.gz");
      writeFileSync(
        file,
        tarball([
          { path: "fine", content: Buffer.from("fine") },
          { path, content: Buffer.from("x") },
        ]),
      );
      await expect(unpackArchive(file, join(folder, "out"))).rejects.toThrow(/would be written outside/);
      expect(() => readFileSync(join(folder, "out/fine"))).toThrow();
    },
  );

  it("refuses a link that leads outside", async () => {
    const source = join(folder, "source");
    mkdirSync(source);
    symlinkSync("../../etc", join(source, "link"));
    await create({ gzip: true, file: join(folder, "bad.tar.gz"), cwd: source }, ["link"]);
    await expect(unpackArchive(join(folder, "bad.tar.gz"), join(folder, "out"))).rejects.toThrow(/links to/);
  });

  it("names a file that is no archive", async () => {
    writeFileSync(join(folder, "x.tar.gz"), "not an archive at all");
    await expect(unpackArchive(join(folder, "x.tar.gz"), join(folder, "out"))).rejects.toThrow(/x\.tar\.gz/);
  });
});
