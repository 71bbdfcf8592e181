/** Definitions in YAML, as `tidemill validate` sees them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { reportOf } from "../../cli/commands/validate.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { YAML } from "./yaml-definition.ts";

describe("a definition in YAML", () => {
  let folder: string;
  beforeAll(() => {
    folder = temporaryFolder("yaml");
  });

  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it("reads YAML, and names lines and columns of it", () => {
    expect(reportOf(write("ok.asl.yml", YAML), "STANDARD")).toMatchObject({ result: "OK", diagnostics: [] });
    const wrong = YAML.replace("Next: Ship", "Next: Shop").replace("MessageBody", "messageBody");
    const path = write("wrong.asl.yaml", wrong);
    expect(reportOf(path, "STANDARD")).toMatchObject({
      result: "FAIL",
      diagnostics: [
        { location: "/States/Charge/Next", line: 9, column: 5 },
        { location: "/States/Ship/Parameters", line: 13, column: 5 },
        { location: "/States/Ship/Parameters", line: 13, column: 5 },
        { location: "/States/Ship", line: 10, column: 3 },
      ],
    });
  });

  it.each([
    { what: "broken", text: "StartAt: A\nStates: {A: ", line: 2, says: /Flow map/ },
    { what: "two documents", text: "StartAt: A\n---\nStartAt: B\n", line: 2, says: /second document/ },
    { what: "a key twice", text: "StartAt: A\nStartAt: B\n", line: 2, says: /unique/ },
    { what: "a template's tag", text: "StartAt: A\nComment: !Sub x\n", line: 2, says: /!Sub; only a template/ },
    { what: "no number", text: "StartAt: A\nTimeoutSeconds: .inf\n", line: 2, says: /no number in JSON/ },
    { what: "an empty file", text: "# nothing\n", line: 1, says: /empty/ },
    { what: "too many brackets", text: "[".repeat(100_000), line: 1, says: /500 levels/ },
    {
      what: "an alias bomb",
      text: [..."bcdefghi"].reduce(
        (all, name, at) => `${all}${name}: &${name} [${`*${"abcdefgh"[at]},`.repeat(9)}]\n`,
        "a: &a [x]\n",
      ),
      line: 1,
      says: /alias/,
    },
  ])("refuses YAML that is $what", ({ text, line, says }) => {
    expect(reportOf(write("w.asl.yaml", text), "STANDARD")).toMatchObject({
      result: "FAIL",
      diagnostics: [{ code: "INVALID_YAML", line, message: expect.stringMatching(says) }],
    });
  });
});
