/** What the command says of itself and of calls that cannot be meant; nothing here needs a home. */
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";

const COMMAND = join(import.meta.dirname, "..", "..", "cli", "bin", "tidemill.js");
const COLUMNS = 80;

let folder: string;
beforeAll(() => {
  folder = temporaryFolder("usage");
  mkdirSync(join(folder, "notes"));
  writeFileSync(join(folder, "notes", "mine.txt"), "kept");
  writeFileSync(join(folder, "open.json"), '{"a":\n');
});

function tidemill(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, COLUMNS: String(COLUMNS), NO_COLOR: "1" };
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, ...words], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

/** The commands a help lists, without `help` itself. */
function commandsIn(help: string): string[] {
  const [, listed = ""] = help.split("\nCommands:\n");
  const names = [...(listed.split("\n\n")[0]?.matchAll(/^ {2}([a-z]+)/gm) ?? [])].map(([, name = ""]) => name);
  return names.filter((name) => name !== "help");
}

describe("tidemill --help", () => {
  it("fits 80 columns for every command, with an example", async () => {
    const top = await tidemill("--help");
    const groups = await Promise.all(
      commandsIn(top.stdout).map(async (name) => ({ name, help: (await tidemill(name, "--help")).stdout })),
    );
    const inner = groups.flatMap(({ name, help }) => commandsIn(help).map((below) => [name, below]));
    const helps = await Promise.all(inner.map(async (words) => (await tidemill(...words, "--help")).stdout));
    const all = [top.stdout, ...groups.map(({ help }) => help), ...helps];
    expect(all.length).toBeGreaterThan(25);
    for (const help of all) {
      expect(help).toMatch(/\nExamples?:\n {2}\S/);
      // An example is there to be copied, as one line.
      const lines = help.split(/\nExamples?:\n/)[0]?.split("\n") ?? [];
      expect(lines.filter((line) => line.length > COLUMNS)).toEqual([]);
    }
  });
});

describe("a call that cannot be meant", () => {
  it("leaves a folder as it is that is no output of a synth, also one named from where the user is", async () => {
    const { code, stderr } = await tidemill("synth", "--output", "notes");
    expect(stderr).toContain(`${join(folder, "notes")} is no cloud assembly (it holds mine.txt)`);
    expect(code).toBe(2);
    expect(readdirSync(join(folder, "notes"))).toEqual(["mine.txt"]);
  });

  it.each([
    { words: ["synth", "--output", ""], says: "expected a folder's name" },
    { words: ["synth", "-c", "mlAccount"], says: "expected key=value, such as mlAccount=111122223333" },
    {
      words: ["synth", "-c", "mlAcount=222222222222", "-o", "no-such-context"],
      says: "--context mlAcount=222222222222: expected one of producerAccount, governanceAccount, mlAccount,",
    },
    { words: ["up", "--assembly", ""], says: "expected a folder's name" },
    { words: ["up", "--port", "x"], says: "expected a port, 0 to 65535" },
    { words: ["pubish"], says: "(Did you mean publish?)" },
    { words: ["validate", "nowhere.json"], says: "nowhere.json: no such file" },
    { words: ["simulate", "notes"], says: "notes: a folder; expected a file" },
    {
      words: ["test", "open.json"],
      says: "open.json:2:1: no JSON: Unexpected end-of-input: expected close marker for Object (start marker at line 1, column 1)",
    },
    {
      words: ["simulate", "open.json", "--input", "@open.json"],
      says: "found no JSON: @open.json:2:1: Unexpected end",
    },
  ])("ends with 2: $words", async ({ words, says }) => {
    const { code, stderr } = await tidemill(...words);
    expect(stderr.replace(/\s+/g, " ")).toContain(says);
    expect(code).toBe(2);
  });
});
