import { describe, expect, it } from "vitest";
import { createTerminal, fold, table } from "../../cli/terminal.ts";

const HEADER = ["STATUS", "NAME"];
const ROWS = [
  ["RUNNING", "a-rather-long-name"],
  ["OK", "b"],
];

describe("table", () => {
  it("has columns as wide as their widest cell", () => {
    expect(table(HEADER, ROWS, 80)).toBe(["STATUS   NAME", "RUNNING  a-rather-long-name", "OK       b"].join("\n"));
  });

  it("puts its last column below where it is wider than the terminal", () => {
    const lines = ["STATUS", "  NAME", "RUNNING", "  a-rather-long-name", "OK", "  b"];
    expect(table(HEADER, ROWS, 26)).toBe(lines.join("\n"));
  });

  it("is a header alone without rows", () => {
    expect(table(HEADER, [], 80)).toBe("STATUS  NAME");
  });
});

describe("a terminal", () => {
  const written = (isTTY: boolean) => {
    const texts: string[] = [];
    const write = (text: string) => texts.push(text) > 0;
    const terminal = createTerminal({ isTTY, columns: 80, write });
    terminal.live("working");
    terminal.fresh();
    terminal.line("interrupted");
    return texts.join("");
  };

  it("begins a line anew, over the live line and what a Ctrl-C has left there", () => {
    expect(written(true)).toBe("working\r\u001b[2Kinterrupted\n");
  });

  it("has no such line elsewhere", () => {
    expect(written(false)).toBe("interrupted\n");
  });
});

describe("fold", () => {
  it.each([
    { what: "a line that fits as it is", text: "  one two", width: 9, lines: ["  one two"] },
    { what: "between words, the rest further in", text: "one two three", width: 8, lines: ["one two", "  three"] },
    {
      what: "below an indented line further in than it",
      text: "    one two six",
      width: 12,
      lines: ["    one two", "      six"],
    },
    { what: "no word", text: "see arn:aws:states:us-east-1", width: 10, lines: ["see", "  arn:aws:states:us-east-1"] },
    { what: "each of several lines", text: "one two\nsix ten", width: 6, lines: ["one", "  two", "six", "  ten"] },
  ])("breaks $what", ({ text, width, lines }) => {
    expect(fold(text, width).split("\n")).toEqual(lines);
  });
});
