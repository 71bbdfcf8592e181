import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inputsDigest } from "../../infra/inputs-digest.ts";
import { commitOf } from "../../infra/load-inputs.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const MODEL = join("models", "churn");

function git(cwd: string, ...args: string[]): string {
  const who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...who, ...args], { cwd, encoding: "utf8" }).trim();
}

function write(project: string, path: string, content: string): void {
  mkdirSync(join(project, path, ".."), { recursive: true });
  writeFileSync(join(project, path), content);
}

function committed(): string {
  const project = temporaryFolder("commit");
  write(project, join(MODEL, "model.ts"), "1");
  write(project, "workflows/train-model.asl.json", "{}");
  git(project, "init", "-q");
  git(project, "add", "-A");
  git(project, "commit", "-qm", "all");
  return project;
}

const found = (project: string): string => commitOf(project, { directory: join(project, MODEL) });

describe("the commit a package names", () => {
  it("is the one that is checked out, whatever it changed", () => {
    const project = committed();
    write(project, "README.md", "new");
    git(project, "add", "-A");
    git(project, "commit", "-qm", "a word");
    expect(found(project)).toBe(git(project, "rev-parse", "HEAD"));
  });

  it.each([join(MODEL, "train.py"), "workflows/train-model.asl.json", "handlers/gate/index.ts"])(
    "says that %s is not as committed",
    (path) => {
      const project = committed();
      write(project, path, "edited");
      expect(found(project)).toBe(`${git(project, "rev-parse", "HEAD")}+modified`);
    },
  );

  it("takes no notice of what makes no model", () => {
    const project = committed();
    write(project, "notes.txt", "mine");
    expect(found(project)).toBe(git(project, "rev-parse", "HEAD"));
  });

  it("is unknown without a history, also within another project's", () => {
    const outer = committed();
    const inner = join(outer, "unpacked");
    write(inner, join(MODEL, "model.ts"), "1");
    write(inner, "workflows/train-model.asl.json", "{}");
    expect(found(inner)).toBe("unknown");
    const alone = temporaryFolder("no-history");
    write(alone, join(MODEL, "model.ts"), "1");
    expect(found(alone)).toBe("unknown");
  });
});

describe("the digest of what the app is made from", () => {
  it.each(["clone", "worktree"])("changes with the commit, in a %s", (kind) => {
    const clone = committed();
    const project = kind === "clone" ? clone : join(temporaryFolder("worktree"), "beside");
    if (project !== clone) git(clone, "worktree", "add", "-q", project);
    const before = inputsDigest(project, {});
    expect(inputsDigest(project, {})).toBe(before);
    git(project, "commit", "-q", "--allow-empty", "-m", "nothing");
    expect(inputsDigest(project, {})).not.toBe(before);
  });
});
