import { describe, expect, it } from "vitest";
import { positionOf } from "../../../../engine/index.ts";

const TEXT = `{
  "Comment": "States { \\"Next\\": [",
  "StartAt": "a/b",
  "States": {
    "a": { "Type": "Succeed" },
    "a/b": {
      "Type": "Choice", "Default": "a",
      "Choices": [ { "Next": "a" },
        { "Next": "b" } ]
    }
  }
}`;

describe("positionOf", () => {
  it.each([
    { location: "", line: 1, column: 1 },
    { location: "/", line: 1, column: 1 },
    { location: "/States/a", line: 5, column: 5 },
    { location: "/States/a/b", line: 6, column: 5 },
    { location: "/States/a/b/Default", line: 7, column: 25 },
    { location: "/States/a/b/Choices[1]", line: 9, column: 9 },
    { location: "/States/a/b/Choices/1/Next", line: 9, column: 11 },
  ])("finds '$location' at $line:$column", ({ location, line, column }) => {
    expect(positionOf(TEXT, location)).toEqual({ line, column });
  });

  it("answers for as much of a location as there is", () => {
    expect(positionOf(TEXT, "/States/a/Next")).toEqual({ line: 5, column: 5 });
    expect(positionOf(TEXT, "/States/a/b/Choices[7]/Next")).toEqual({ line: 8, column: 7 });
  });

  it("takes the last of two members with one name, as parsers do", () => {
    expect(positionOf('{"A": 1,\n"A": 2}', "/A")).toEqual({ line: 2, column: 1 });
  });
});
