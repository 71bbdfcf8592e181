import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JsonValue, simulate } from "../../../engine/index.ts";

const LIMIT = 262_144;
const bytes = (value: JsonValue) => Buffer.byteLength(JSON.stringify(value));

/** Everything whose JSON text is longer than its characters: escapes, lone surrogates, several bytes, long numbers. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.constantFrom("\ud800", "\udc00\ud800", "\u0000\u001f", '"\\/\b', "é€😀"),
);
const { value: anything } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(null, true, false, -0, 1e21),
    fc.array(tie("value"), { maxLength: 6 }),
    fc.dictionary(text, tie("value"), { maxKeys: 6, noNullPrototype: true }),
  ),
}));

/** A value of exactly so many bytes of JSON, `seed` many times over in it. */
function filled(seed: JsonValue, target: number): JsonValue {
  const one = bytes(seed) + 1;
  const items: JsonValue[] = new Array(Math.floor((target - 8) / one)).fill(seed);
  return [...items, "x".repeat(target - bytes([...items, ""]))];
}

const pass = (fields: Record<string, JsonValue>, name = "A") => ({
  StartAt: name,
  States: { [name]: { Type: "Pass", End: true, ...fields } },
});

const nested = (depth: number) => {
  let value: JsonValue = 1;
  for (let level = 0; level < depth; level += 1) value = { a: value };
  return value;
};

describe("the limit of 256 KiB", () => {
  it.each([
    { query: "JSONPath", fields: { Parameters: { "v.$": "$.v" } } },
    { query: "JSONata", fields: { QueryLanguage: "JSONata", Output: { v: "{% $states.input.v %}" } } },
  ])("is met to the byte, whatever the data ($query)", { timeout: 60_000 }, async ({ fields }) => {
    const definition = pass(fields);
    const around = bytes({ v: 0 }) - 1;
    const property = fc.asyncProperty(anything, fc.constantFrom(-1, 0, 1, 2), async (seed, over) => {
      const input = { v: filled(seed, LIMIT - around + over), dropped: true };
      const { status, error } = await simulate(definition, { input });
      expect({ status, error }).toEqual(
        over > 0 ? { status: "FAILED", error: "States.DataLimitExceeded" } : { status: "SUCCEEDED", error: undefined },
      );
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it.each([
    { what: "a state's output", fields: { Parameters: { "x.$": "$..*..*" } } },
    { what: "a variable", fields: { Assign: { "x.$": "$..*..*" } } },
    { what: "filtered descent", fields: { Parameters: { "x.$": "$..[?(@..a)]..a" } } },
  ])("is seen without writing down what shares structure: $what", { timeout: 60_000 }, async ({ fields }) => {
    const { error } = await simulate(pass(fields), { input: nested(400) });
    expect(error).toBe("States.DataLimitExceeded");
  });

  it("holds for a text that could not be written at all", async () => {
    const large = "x".repeat(200_000);
    const copies = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`copy${index}.$`, "$"]));
    const { error, cause } = await simulate(pass({ Parameters: copies }), { input: large });
    expect(error).toBe("States.DataLimitExceeded");
    expect(cause).toBe(
      "The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.",
    );
  });

  it.each([
    {
      what: "a task's parameters",
      state: { Type: "Task", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f" },
      field: "Parameters",
    },
    {
      what: "a Parallel's parameters",
      state: { Type: "Parallel", Branches: [pass({}, "B")] },
      field: "Parameters",
    },
    {
      what: "an iteration's input",
      state: { Type: "Map", ItemsPath: "$.items", ItemProcessor: pass({}, "B") },
      field: "ItemSelector",
    },
  ])("holds for $what", async ({ state, field }) => {
    const end = { ...state, [field]: { "a.$": "$.large", "b.$": "$.large" }, End: true };
    const input = { large: "x".repeat(140_000), items: [1] };
    const { error, cause } = await simulate({ StartAt: "A", States: { A: end } }, { input });
    expect(error).toBe("States.DataLimitExceeded");
    expect(cause).toContain("The state/task 'A' provided parameters with a size exceeding");
  });
});
