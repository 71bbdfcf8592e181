/** Paths, intrinsic calls and reference paths where the data are not what they were made for, as AWS was measured to answer. */
import { describe, expect, it } from "vitest";
import { type JsonValue, parseDefinition, simulate } from "../../../engine/index.ts";

const INPUT = { items: [0, 1, 2, 3], people: [{ age: 3 }, { age: 5 }, { name: "Ann" }], text: "x", nothing: null };
const PREFIX = "An error occurred while executing the state 'Only' (entered at the event id #2). ";

function only(state: object): object {
  return { StartAt: "Only", States: { Only: { Type: "Pass", End: true, ...state } } };
}

async function selected(expression: string, input: JsonValue = INPUT): Promise<unknown> {
  const { output, cause } = await simulate(JSON.stringify(only({ Parameters: { "it.$": expression } })), { input });
  return cause ?? (typeof output === "object" && output !== null && "it" in output ? output.it : undefined);
}

describe("a path in a template", () => {
  it.each([
    { path: "$.items[9]", found: null },
    { path: "$.items[-1]", found: 3 },
    { path: "$.items[0,9]", found: [0, null] },
    { path: "$.items[1:-1]", found: [] },
    { path: "$.items[-3:-1]", found: [1, 2] },
    { path: "$.items[:-1]", found: [0, 1, 2] },
    { path: "$.items[0:3:2]", found: [0, 1, 2] },
    { path: "$.text[*]", found: [] },
    { path: "$.items[?(@ > 1)]", found: [] },
    { path: "$.people[?(@.age > 3)].age", found: [5] },
    { path: "$.people[?(!@.age)]", found: [{ name: "Ann" }] },
  ])("$path finds $found", async ({ path, found }) => {
    expect(await selected(path)).toEqual(found);
  });

  it.each(["$.items.length()", "$.items[9].x", "$.text[0]"])(
    "%s finds nothing, which fails the state",
    async (path) => {
      const found = `The JSONPath '${path}' specified for the field 'it.$' could not be found in the input `;
      expect(await selected(path)).toBe(`${PREFIX + found}'${JSON.stringify(INPUT)}'`);
    },
  );

  it.each(["$.items[:]", "$.items[::2]", "$.a b", "$."])("%s is refused when the state machine is made", (path) => {
    const { diagnostics } = parseDefinition(JSON.stringify(only({ Parameters: { "it.$": path } })));
    expect(diagnostics.map(({ location }) => location)).toEqual(["/States/Only/Parameters/it.$"]);
  });

  it.each([{ Parameters: { "it.$": "$" } }, { InputPath: "$.a" }, { OutputPath: "$.a" }])(
    "does not take null: %o",
    async (fields) => {
      const { error, cause } = await simulate(JSON.stringify(only(fields)), { input: null });
      expect({ error, cause }).toEqual({
        error: "States.Runtime",
        cause: `${PREFIX}Unable to apply Path transformation to null or empty input.`,
      });
    },
  );
});

describe("InputPath", () => {
  it.each([
    { path: "$.none", reason: "No results for path: $['none']" },
    { path: "$.none.deep", reason: "Missing property in path $['none']" },
    { path: "$.items.length()", reason: "Property ['length()'] not found in path $['items']" },
    { path: "$.items[9].x", reason: "Property ['x'] not found in path $['items'][9]" },
    { path: "$.text[0]", reason: 'Filter: [0] can only be applied to arrays. Current context is: "x"' },
  ])("says of $path: $reason", async ({ path, reason }) => {
    const { cause } = await simulate(JSON.stringify(only({ InputPath: path })), { input: INPUT });
    expect(cause).toBe(`${PREFIX}Invalid path '${path}' : ${reason}`);
  });
});

describe("an argument of an intrinsic function that finds nothing", () => {
  const input = { other: 1, items: [1, 2] };
  const missing = (path: string) =>
    `The JsonPath argument for the field '${path}' could not be found in the input '${JSON.stringify(input)}'`;

  it.each([
    { call: "States.Format('{}',$.nope)", reason: missing("$.nope") },
    { call: "States.Format('{}', States.Array($.a.b))", reason: missing("$.a.b") },
    { call: "States.ArrayLength($.items[5])", reason: missing("$.items[5]") },
    { call: "States.Format('{}', $$.Nope.Deep)", reason: missing("$.Nope.Deep") },
    {
      call: "States.Format('{}', $.other[0])",
      reason: "Filter: [0] can only be applied to arrays. Current context is: 1",
    },
  ])("fails the state for good, and names the whole text: $call", async ({ call, reason }) => {
    expect(await selected(call, input)).toBe(`${PREFIX}The function '${call}' had the following error: ${reason}`);
  });

  it("is not one that finds null", async () => {
    expect(await selected("States.Format('{}', $.nothing)")).toBe("null");
  });
});

describe("an intrinsic function that cannot take its arguments", () => {
  it.each([
    { call: "States.ArrayLength($.text)", name: "ArrayLength" },
    { call: "States.Format('{}', States.MathAdd($.text, 1))", name: "MathAdd" },
    { call: "States.MathAdd(2147483647, 1)", name: "MathAdd" },
    { call: "States.MathAdd(3000000000, 0)", name: "MathAdd" },
    { call: "States.ArrayPartition($.items, 0.6)", name: "ArrayPartition" },
    { call: "States.ArrayRange(1, 1001, 1)", name: "ArrayRange" },
    { call: "States.StringToJson('{')", name: "StringToJson" },
    { call: "States.Hash('x', 'sha-256')", name: "Hash" },
  ])("fails the state for good, and names the function: $call", async ({ call, name }) => {
    const reason = `There was an error while evaluating the intrinsic function: ${call}. Invalid arguments in States.${name}`;
    expect(await selected(call)).toBe(PREFIX + reason);
    const definition = JSON.stringify(only({ Parameters: { "it.$": call } }));
    expect((await simulate(definition, { input: INPUT })).error).toBe("States.Runtime");
  });

  it.each([
    {
      call: "States.ArrayPartition($.items, 2.6)",
      found: [
        [0, 1],
        [2, 3],
      ],
    },
    { call: "States.ArrayRange(5.4, -0.6, -2.4)", found: [5, 3, 1] },
    { call: "States.Base64Decode('!!YW==Jj')", found: "a" },
    { call: "States.Base64Decode('YWI')", found: "ab" },
    { call: "States.Base64Decode(' YWJjZA== ')", found: "abcd" },
  ])("is not one of $call", async ({ call, found }) => {
    expect(await selected(call)).toEqual(found);
  });
});

it("a Pass with the Result null has none", async () => {
  const { output } = await simulate(JSON.stringify(only({ Result: null })), { input: { kept: 1 } });
  expect(output).toEqual({ kept: 1 });
});

it.each([
  { seconds: "1", status: "SUCCEEDED" },
  { seconds: "1.5", status: "FAILED" },
  { seconds: "", status: "FAILED" },
])("SecondsPath that finds the text '$seconds': $status", async ({ seconds, status }) => {
  const state = { Type: "Wait", SecondsPath: "$", End: true };
  expect(await simulate(JSON.stringify(only(state)), { input: seconds })).toMatchObject({ status });
});

describe("a reference path that does not fit the data", () => {
  const conflict = "States.ReferencePathConflict";

  it.each([
    { input: "text", cause: 'Unable to apply ReferencePath $.a.b to input "text"' },
    { input: [1], cause: 'Unable to apply step "a" to input [1]' },
    { input: { a: 5 }, cause: 'Unable to apply step "b" to input {"a":5}' },
  ])("fails the state: a ResultPath of two names, for $input", async ({ input, cause }) => {
    const outcome = await simulate(JSON.stringify(only({ ResultPath: "$.a.b" })), { input });
    expect(outcome).toMatchObject({ error: conflict, cause });
  });

  const each = {
    Type: "Map",
    ItemsPath: "$.found.objects",
    ItemProcessor: { StartAt: "Keep", States: { Keep: { Type: "Pass", End: true } } },
  };

  it("fails a Map whose ItemsPath finds nothing", async () => {
    const { error, cause, history } = await simulate(JSON.stringify(only(each)), { input: { found: { code: 500 } } });
    expect({ error, cause }).toEqual({
      error: conflict,
      cause: 'Unable to apply step "objects" to input {"found":{"code":500}}',
    });
    expect(history.map(({ type }) => type).slice(-2)).toEqual(["MapStateFailed", "ExecutionFailed"]);
  });

  it("can be caught", async () => {
    const Catch = [{ ErrorEquals: [conflict], Next: "Caught" }];
    const states = { Only: { ...each, Catch, Next: "Caught" }, Caught: { Type: "Succeed" } };
    expect(await simulate(JSON.stringify({ StartAt: "Only", States: states }))).toMatchObject({ status: "SUCCEEDED" });
  });
});
