/** A definition that is no JSON, in the words of the parser AWS uses (Jackson), at the place where it stopped. */
import { describe, expect, it } from "vitest";
import { jsonSyntaxProblem, parseDefinition } from "../../../../engine/index.ts";

const VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

describe("text that is no JSON", () => {
  it.each([
    ['{"a" 1}', "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value", 7],
    ['{"a":}', `Unexpected character ('}' (code 125)): expected a valid value ${VALUES}`, 7],
    ['{"a":1,}', "Unexpected character ('}' (code 125)): was expecting double-quote to start field name", 9],
    ["{a:1}", "Unexpected character ('a' (code 97)): was expecting double-quote to start field name", 3],
    ["[1,]", `Unexpected character (']' (code 93)): expected a valid value ${VALUES}`, 5],
    ["[1 2]", "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries", 5],
    ['[{"a":[1]} 2]', "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries", 13],
    ['{"a":tru}', `Unrecognized token 'tru': was expecting ${VALUES}`, 9],
    ['{"a":01}', "Invalid numeric value: Leading zeroes not allowed", 8],
    ['{"a":-}', "Unexpected character ('}' (code 125)): expected digit (0-9) to follow minus sign", 8],
    ['{"a":"\\x"}', "Unrecognized character escape 'x' (code 120)", 9],
    ['{"a":"x', "Unexpected end-of-input: was expecting closing quote for a string value", 8],
    ['{"a":[', "Unexpected end-of-input: expected close marker for Array (start marker at [Source: (String)", 7],
    ['{"a":1} x', "Unexpected character ('x' (code 120)): expected the end of the definition", 10],
  ])("%s is refused where it breaks", (text, message, column) => {
    const { definition, diagnostics } = parseDefinition(text);
    expect(definition).toBeUndefined();
    expect(diagnostics).toMatchObject([
      {
        severity: "ERROR",
        code: "INVALID_JSON_DESCRIPTION",
        message: expect.stringContaining(message),
        line: 1,
        column,
      },
    ]);
  });

  it("is told of in one line where nobody wants its source quoted, with where an open container began", () => {
    expect(jsonSyntaxProblem('{\n  "a": [1')).toEqual({
      message: "Unexpected end-of-input: expected close marker for Array (start marker at line 2, column 8)",
      line: 2,
      column: 10,
    });
  });
});
