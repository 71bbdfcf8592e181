import { describe, expect, it } from "vitest";
import { parseDefinition } from "../../../../engine/index.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:work";
const told = (state: object, more: object = {}, others: object = {}) =>
  parseDefinition(JSON.stringify({ StartAt: "S", ...more, States: { S: state, ...others } })).diagnostics.map(
    ({ code, message, location }) => `${code}: ${message} at ${location || "nowhere"}`,
  );
const JSONATA = { QueryLanguage: "JSONata" };
const LOOP = { Type: "Pass", Next: "S" };

describe("a diagnostic", () => {
  it.each([
    [{ Type: "Pass", Catch: [], End: true }, "SCHEMA_VALIDATION_FAILED: Field 'Catch' is not supported at /States/S"],
    [
      { Type: "Pass", Output: 1, End: true },
      "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/S",
    ],
    [LOOP, "MISSING_END_STATE: Workflow has no terminal state at nowhere"],
    [
      { Type: "Task", Resource: FUNCTION, TimeoutSecondsPath: "$$.Execution.Input.n", End: true },
      "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path at /States/S/TimeoutSecondsPath",
    ],
    [
      { Type: "Task", Resource: FUNCTION, Retry: [{ ErrorEquals: ["States.ALL", "A"] }], End: true },
      "SCHEMA_VALIDATION_FAILED: States.ALL must appear alone and at end of list at /States/S/Retry[0]/ErrorEquals",
    ],
  ])("of %j is in AWS's words and place", (state, expected) => {
    expect(told(state)).toEqual([expected]);
  });

  it.each([
    ["1 +", "INVALID_JSONATA_EXPRESSION: Unexpected end of expression"],
    ["phone", "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported."],
    ["$states.errorOutput", "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.errorOutput' does not exist."],
  ])("refuses the expression %s", (expression, expected) => {
    const state = { Type: "Pass", Output: { v: `{% ${expression} %}` }, End: true };
    expect(told(state, JSONATA)).toEqual([`${expected} at /States/S/Output/v`]);
  });

  it("says 'Next' of a Default that leads nowhere, and does not ask what a loop leaves unreached", () => {
    const choice = { Type: "Choice", Choices: [{ Variable: "$.a", IsNull: true, Next: "S" }], Default: "X" };
    expect(told(choice, {}, { Lost: LOOP })).toEqual([
      "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/S/Default",
      "MISSING_END_STATE: Workflow has no terminal state at nowhere",
    ]);
  });

  it("leaves data alone whose names are those of fields", () => {
    const data = { Variable: "x", ErrorPath: 1, Assign: { "a b": 1 }, Next: 3 };
    expect(told({ Type: "Pass", Parameters: data, End: true })).toEqual([]);
    expect(told({ Type: "Pass", Output: data, End: true }, JSONATA)).toEqual([]);
  });
});
