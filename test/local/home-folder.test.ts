import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeHomeFolder } from "../../local/home-folder.ts";
import { temporaryFolder } from "../temporary-folder.ts";

describe("a home's folder", () => {
  it("is made with those above it, and taken as it is where it is there", () => {
    const directory = join(temporaryFolder(), "not", "there yet");
    makeHomeFolder(directory);
    makeHomeFolder(directory);
    expect(existsSync(directory)).toBe(true);
  });

  it("is refused where a file has its name, or that of a folder above it", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    for (const directory of [file, join(file, "home")])
      expect(() => makeHomeFolder(directory)).toThrow(
        `${directory} cannot be a home's folder: ${file} is a file; choose another --home`,
      );
  });

  it.runIf(existsSync("/proc/self"))("is refused where a file system takes no folders", () => {
    expect(() => makeHomeFolder("/proc/none/home")).toThrow("/proc/none/home cannot be a home's folder: ENOENT");
  });
});
