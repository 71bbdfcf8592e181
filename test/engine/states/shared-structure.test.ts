/** Values that say gigabytes in a few kilobytes of memory: no text of them is begun that nobody can read. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../engine/index.ts";
import { simulate } from "../../../engine/index.ts";
import { jsonWithin, MAX_CAUSE, shownJson } from "../../../engine/states/shown.ts";

/** An expression whose value holds itself twice, thirty times over. */
const DOUBLED = `($d := ['x']; ${"$d := [[$d], [$d]]; ".repeat(30)}$d)`;
const LAMBDA = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };
const FLOW = { StartAt: "In", States: { In: { Type: "Pass", End: true } } };
const DISTRIBUTED = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...FLOW };
const MEMORY = "Expression evaluation memory limit exceeded: Check for excessive memory usage";

const jsonata = (state: object) =>
  JSON.stringify({ QueryLanguage: "JSONata", StartAt: "A", States: { A: { End: true, ...state } } });
const jsonpath = (state: object) => JSON.stringify({ StartAt: "A", States: { A: { End: true, ...state } } });

/** `$..*..*` of it has every part of every part. */
const nested = (depth: number) => {
  let value: JsonValue = 1;
  for (let level = 0; level < depth; level += 1) value = { a: value };
  return value;
};

describe("an expression whose value says too much", () => {
  it.each([
    { field: "Output", state: { Type: "Pass", Output: `{% ${DOUBLED} %}` } },
    { field: "a Wait's Seconds", state: { Type: "Wait", Seconds: `{% ${DOUBLED} %}` } },
    { field: "a Wait's Timestamp", state: { Type: "Wait", Timestamp: `{% ${DOUBLED} %}` } },
    { field: "a Fail's Cause", state: { Type: "Fail", Cause: `{% ${DOUBLED} %}`, End: undefined } },
    {
      field: "TimeoutSeconds",
      state: { ...LAMBDA, Arguments: { FunctionName: "f" }, TimeoutSeconds: `{% ${DOUBLED} %}` },
    },
    { field: "Items", state: { Type: "Map", Items: `{% {'a': ${DOUBLED}} %}`, ItemProcessor: FLOW } },
    {
      field: "MaxConcurrency",
      state: { Type: "Map", Items: [1], MaxConcurrency: `{% ${DOUBLED} %}`, ItemProcessor: FLOW },
    },
    {
      field: "ToleratedFailureCount",
      state: { Type: "Map", Items: [1], ToleratedFailureCount: `{% ${DOUBLED} %}`, ItemProcessor: DISTRIBUTED },
    },
    { field: "text of it", state: { Type: "Pass", Output: `{% $length($string(${DOUBLED})) %}` } },
    { field: "text joined to it", state: { Type: "Pass", Output: `{% $length('' & ${DOUBLED}) %}` } },
    { field: "a comparison", state: { Type: "Pass", Output: `{% ${DOUBLED} = ${DOUBLED} %}` } },
    { field: "a name made of it", state: { Type: "Pass", Output: `{% {${DOUBLED}: 1} %}` } },
    {
      field: "one made by functions",
      state: {
        Type: "Pass",
        Output: `{% ($d := [1]; ${"$d := $zip($d, $d); ".repeat(30)}${"$d := $map([1, 2], function($n) { $d }); ".repeat(30)}$string($d)) %}`,
      },
    },
  ])("fails its state at once: $field", async ({ state }) => {
    const { status, error, cause } = await simulate(jsonata(state));
    expect({ status, error }).toEqual({ status: "FAILED", error: "States.QueryEvaluationError" });
    expect(cause).toContain(MEMORY);
  });

  it("is not one that only holds much", async () => {
    const held = "($all := [1..20000]; $pairs := $map($all, function($n) { [$n, $n] }); $count($pairs))";
    const { status, output } = await simulate(jsonata({ Type: "Pass", Output: `{% ${held} %}` }));
    expect({ status, output }).toEqual({ status: "SUCCEEDED", output: 20_000 });
  });
});

describe("paths that find the same parts again and again", () => {
  it.each([
    { name: "States.JsonToString", state: { Type: "Pass", Parameters: { "x.$": "States.JsonToString($..*..*)" } } },
    { name: "States.Hash", state: { Type: "Pass", Parameters: { "x.$": "States.Hash($..*..*, 'MD5')" } } },
    { name: "States.Format", state: { Type: "Pass", Parameters: { "x.$": "States.Format('{}', $..*..*)" } } },
    {
      name: "an argument of the wrong type",
      state: { Type: "Pass", Parameters: { "x.$": "States.MathAdd($..*..*, 1)" } },
    },
    {
      name: "a path that finds nothing",
      state: { Type: "Pass", InputPath: "$..*..*", Parameters: { "x.$": "$.none" } },
    },
    { name: "a wait for it", state: { Type: "Wait", InputPath: "$..*..*", SecondsPath: "$" } },
    { name: "a place in it", state: { Type: "Map", InputPath: "$..*..*", ItemsPath: "$.x", ItemProcessor: FLOW } },
  ])("end in a cause that can be read: $name", async ({ state }) => {
    const { status, cause = "" } = await simulate(jsonpath(state), { input: nested(400) });
    expect(status).toBe("FAILED");
    expect(cause.length).toBeGreaterThan(50);
    expect(cause.length).toBeLessThanOrEqual(MAX_CAUSE);
  });
});

describe("States.ArrayUnique", () => {
  const unique = (list: JsonValue) =>
    simulate(jsonpath({ Type: "Pass", Parameters: { "x.$": "States.ArrayLength(States.ArrayUnique($))" } }), {
      input: list,
    });

  it("takes the same values once, whatever the order of their members", async () => {
    const list = [{ a: 1, b: [2] }, { b: [2], a: 1 }, 0, -0, "0", [["members", 1]], { members: 1 }, null, [null], []];
    const { output } = await unique(list);
    expect(output).toEqual({ x: 8 });
  });

  it("looks at each of many once", { timeout: 20_000 }, async () => {
    const { output } = await unique(Array.from({ length: 20_000 }, (_, n) => ({ n })));
    expect(output).toEqual({ x: 20_000 });
    const parts = simulate(jsonpath({ Type: "Pass", Parameters: { "x.$": "States.ArrayUnique($..*..*)" } }), {
      input: nested(400),
    });
    expect((await parts).error).toBe("States.DataLimitExceeded");
  });
});

describe("the text a cause shows", () => {
  const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.constantFrom<JsonValue>(null, true, -0, 1e21, 0.1, "\ud800", '"\\\u0000'),
      fc.array(tie("value"), { maxLength: 5 }),
      fc.dictionary(fc.string({ maxLength: 5 }), tie("value"), { maxKeys: 5, noNullPrototype: true }),
    ),
  }));

  it("is the JSON text, or its beginning", () => {
    const property = fc.property(value, fc.nat(80), (any, most) => {
      const whole = JSON.stringify(any);
      expect(jsonWithin(any, most)).toBe(whole.length > most ? undefined : whole);
      const shown = shownJson(any, most);
      if (whole.length <= most) expect(shown).toBe(whole);
      else expect(shown.length).toBe(most);
      // A string that is cut ends in the quote of its cut text.
      expect(whole.startsWith(shown.slice(0, -1))).toBe(true);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it("is made of data however deep", () => {
    const deep: JsonValue = JSON.parse(`${"[".repeat(200_000)}${"]".repeat(200_000)}`);
    expect(shownJson(deep)).toBe("[".repeat(MAX_CAUSE));
  });
});
