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

  it.each([
    [
      "arn:aws:states:::states:startExecution.sync:2",
      "Express state machine does not support '.sync:2' service integration ",
    ],
    ["arn:aws:states:us-east-1:000000000000:activity:a", "Express state machine does not support Activity ARN"],
  ])("refuses %s also where a distributed Map runs Express executions", (Resource, expected) => {
    const Parameters = { StateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:m" };
    const task = { Type: "Task", Resource, ...(Resource.includes("activity") ? {} : { Parameters }), End: true };
    const over = (ExecutionType: string) => {
      const processor = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType }, StartAt: "T", States: { T: task } };
      return told({ Type: "Map", ItemProcessor: processor, End: true });
    };
    const place = "/States/S/ItemProcessor/States/T/Resource";
    expect(over("EXPRESS")).toEqual([`SCHEMA_VALIDATION_FAILED: ${expected} at ${place}`]);
    expect(over("STANDARD")).toEqual([]);
  });

  it("says 'Next' of a Default that leads nowhere, and does not ask what a loop leaves unreached", () => {
    const choice = { Type: "Choice", Choices: [{ Variable: "$.a", IsNull: true, Next: "S" }], Default: "X" };
    expect(told(choice, {}, { Lost: LOOP })).toEqual([
      "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/S/Default",
      "MISSING_END_STATE: Workflow has no terminal state at nowhere",
    ]);
  });

  it.each([
    [{ Type: "Pass", Parameters: { v: "$.a" } }, "NO_DOLLAR", "/Parameters/v"],
    [{ Type: "Pass", Parameters: { rows: [{ id: "States.UUID()" }] } }, "NO_DOLLAR", "/Parameters/rows[0]/id"],
    [{ Type: "Pass", Parameters: { "v.$": "$.a", w: "costs $.5" } }, undefined, ""],
    [{ Type: "Pass", Result: { v: "$.a" } }, "PASS_RESULT_IS_STATIC", "/Result"],
    [{ Type: "Wait", Timestamp: "$.until" }, "NO_PATH", "/Timestamp"],
  ])("warns of what looks computed and is not: %j", (state, code, place) => {
    const { diagnostics } = parseDefinition(JSON.stringify({ StartAt: "S", States: { S: { ...state, End: true } } }));
    const warnings = diagnostics.filter(({ severity }) => severity === "WARNING");
    expect(warnings.map((found) => [found.code, found.location])).toEqual(
      code === undefined ? [] : [[code, `/States/S${place}`]],
    );
  });

  it("leaves data alone whose names are those of fields", () => {
    const data = { Variable: "x", ErrorPath: 1, Assign: { "a b": 1 }, Next: 3 };
    expect(told({ Type: "Pass", Parameters: data, End: true })).toEqual([]);
    expect(told({ Type: "Pass", Output: data, End: true }, JSONATA)).toEqual([]);
  });

  it.each([
    { TimeoutSeconds: 60, HeartbeatSeconds: 60, refused: true },
    { TimeoutSeconds: 60, HeartbeatSeconds: 59, refused: false },
    { HeartbeatSeconds: 3600, refused: false },
  ])("refuses a heartbeat that the timeout leaves no time for: $TimeoutSeconds, $HeartbeatSeconds", (times) => {
    const { refused, ...seconds } = times;
    const message = "HeartbeatSeconds must be smaller than TimeoutSeconds at /States/S/HeartbeatSeconds";
    expect(told({ Type: "Task", Resource: FUNCTION, ...seconds, End: true })).toEqual(
      refused ? [`SCHEMA_VALIDATION_FAILED: ${message}`] : [],
    );
  });
});

describe("a variable that an inner scope assigns", () => {
  const inner = (name: string) => ({
    StartAt: name,
    States: { [name]: { Type: "Pass", Assign: { v: 1 }, End: true } },
  });
  const refused = (place: string) => [
    `DUPLICATE_VARIABLE_NAME: The variable name 'v' was already defined in a parent scope. at ${place}`,
  ];

  it("is refused when a scope around it assigns one of its name, in a state or in a Choice's rule", () => {
    const parallel = { Type: "Parallel", Branches: [inner("A")], Assign: { "v.$": "$" }, End: true };
    expect(told(parallel)).toEqual(refused("/States/S/Branches[0]/States/A/Assign/v"));
    const map = { Type: "Map", ItemProcessor: inner("A"), Next: "C" };
    const rule = { Variable: "$", IsPresent: true, Next: "D", Assign: { v: 2 } };
    expect(told(map, {}, { C: { Type: "Choice", Choices: [rule] }, D: { Type: "Succeed" } })).toEqual(
      refused("/States/S/ItemProcessor/States/A/Assign/v"),
    );
  });

  it("may have the name of one that a Catch, a sibling or a distributed Map's parent assigns", () => {
    const Catch = [{ ErrorEquals: ["States.ALL"], Assign: { v: 2 }, Next: "T" }];
    const branches = { Type: "Parallel", Branches: [inner("A"), inner("B")], Catch, Next: "T" };
    expect(told(branches, {}, { T: { Type: "Succeed" } })).toEqual([]);
    const processor = { ...inner("A"), ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } };
    expect(told({ Type: "Map", ItemProcessor: processor, Assign: { v: 2 }, End: true })).toEqual([]);
  });
});
