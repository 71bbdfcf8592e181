/** Definitions nobody means well with: each gets AWS's answer or a limit in words, soon and without exhausting the stack. */
import { describe, expect, it } from "vitest";
import { type JsonObject, type JsonValue, parseDefinition, simulate } from "../../../engine/index.ts";

const PASS = { Type: "Pass", End: true };
const flow = (states: JsonObject): JsonObject => ({ StartAt: Object.keys(states)[0] ?? "", States: states });
const text = (states: JsonObject, language = "JSONPath") =>
  JSON.stringify({ QueryLanguage: language, ...flow(states) });
const made = (count: number, entry: (index: number) => readonly [string, JsonObject]): JsonObject =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => entry(index)));

const nested = (depth: number) => {
  let inner = flow({ Leaf: PASS });
  for (let level = 0; level < depth; level += 1)
    inner = flow({ [`P${level}`]: { Type: "Parallel", Branches: [inner], End: true } });
  return JSON.stringify(inner);
};
const codes = (definition: string) => parseDefinition(definition).diagnostics.map(({ code }) => code);

describe("a definition that nests deeply", { timeout: 60_000 }, () => {
  it("runs as deep as its text may nest", async () => {
    expect((await simulate(nested(240))).status).toBe("SUCCEEDED");
  });

  it.each([
    { what: "Parallel in Parallel, 1,000 times", definition: nested(1_000), code: "TOO_DEEPLY_NESTED" },
    {
      what: "a Result of 100,000 arrays",
      definition: text({ A: PASS }).replace('"Type"', `"Result":${"[".repeat(100_000)}${"]".repeat(100_000)},"Type"`),
      code: "TOO_DEEPLY_NESTED",
    },
    { what: "a million brackets", definition: "[".repeat(1_000_000), code: "TOO_DEEPLY_NESTED" },
    {
      what: "brackets in a path",
      definition: text({ A: { ...PASS, InputPath: `$${"[".repeat(400_000)}` } }),
      code: "SCHEMA_VALIDATION_FAILED",
    },
    {
      what: "filters in filters",
      definition: text({ A: { ...PASS, InputPath: `$${"[?(@.a".repeat(100_000)}${")]".repeat(100_000)}` } }),
      code: "SCHEMA_VALIDATION_FAILED",
    },
    {
      what: "calls in calls",
      definition: text({
        A: { ...PASS, Parameters: { "a.$": `${"States.Array(".repeat(70_000)}${")".repeat(70_000)}` } },
      }),
      code: "SCHEMA_VALIDATION_FAILED",
    },
    {
      what: "parentheses of an expression",
      definition: text({ A: { ...PASS, Output: `{% ${"(".repeat(400_000)}1${")".repeat(400_000)} %}` } }, "JSONata"),
      code: "INVALID_JSONATA_EXPRESSION",
    },
    {
      what: "signs of an expression",
      definition: text({ A: { ...PASS, Output: `{% ${"-".repeat(400_000)}1 %}` } }, "JSONata"),
      code: "INVALID_JSONATA_EXPRESSION",
    },
  ])("is refused in words: $what", ({ definition, code }) => {
    expect(codes(definition)).toEqual([code]);
  });
});

describe("a definition that is long", { timeout: 60_000 }, () => {
  it.each([
    {
      what: "10,000 states that are wrong",
      states: made(10_000, (n) => [`S${n}`, { Type: "Pass", Next: `S${(n + 1) % 10_000}`, Bogus: 1 }]),
      problems: 10_001,
    },
    { what: "20,000 states nothing leads to", states: made(20_000, (n) => [`S${n}`, PASS]), problems: 19_999 },
  ])("has all its diagnostics, and the first of them a line: $what", ({ states, problems }) => {
    const { diagnostics } = parseDefinition(text(states));
    expect(diagnostics).toHaveLength(problems);
    expect(diagnostics[0]?.line).toBe(1);
  });

  it("has 8,000 branches beside 20,000 variables", () => {
    const Assign = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`v${n}`, 1]));
    const Branches = Array.from({ length: 8_000 }, (_, n) =>
      flow({ [`B${n}`]: n === 7_999 ? { ...PASS, Assign: { v5: 1 } } : PASS }),
    );
    const definition = text({ A: { Type: "Pass", Assign, Next: "P" }, P: { Type: "Parallel", Branches, End: true } });
    expect(parseDefinition(definition).diagnostics.map(({ location }) => location)).toEqual([
      "/States/P/Branches[7999]/States/B7999/Assign/v5",
    ]);
  });

  it("runs 8,000 branches, and fails them with the last", async () => {
    const branches = (last: JsonObject) =>
      text({
        P: {
          Type: "Parallel",
          End: true,
          Branches: Array.from({ length: 8_000 }, (_, n) => flow({ [`B${n}`]: n === 7_999 ? last : PASS })),
        },
      });
    expect((await simulate(branches(PASS))).history).toHaveLength(16_006);
    expect(await simulate(branches({ Type: "Fail", Error: "Last" }))).toMatchObject({
      status: "FAILED",
      error: "Last",
    });
  });

  it.each([
    { items: 800_000, error: "States.Runtime", says: "maximum number of history events (25000)" },
    { items: 1_000_000, error: "States.QueryEvaluationError", says: "memory limit exceeded" },
  ])("maps $items items until a limit ends it", async ({ items, error, says }) => {
    const map = { Type: "Map", Items: `{% [1..${items}] %}`, ItemProcessor: flow({ I: PASS }), End: true };
    const result = await simulate(text({ M: map }, "JSONata"));
    expect(result).toMatchObject({ status: "FAILED", error });
    expect(result.cause).toContain(says);
  });
});

describe("names that mean something to the language the engine is written in", () => {
  const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "\ud800", "\u0000", "valueOf"];

  it.each(NAMES)("are names like any other: states, members and paths of '%s'", async (name) => {
    const named = JSON.stringify(name);
    const template = `{${JSON.stringify(`${name}.$`)}:${JSON.stringify(`$['${name}']`)}}`;
    const start = `"Start":{"Type":"Pass","Parameters":${template},"Next":${named}}`;
    const definition = `{"StartAt":"Start","States":{${start},${named}:{"Type":"Pass","End":true}}}`;
    const input: JsonValue = JSON.parse(`{${named}:{"in":1}}`);
    const { status, output, path } = await simulate(definition, { input });
    expect({ status, path, output: JSON.stringify(output) }).toEqual({
      status: "SUCCEEDED",
      path: ["Start", name],
      output: JSON.stringify(input),
    });
  });

  it.each(["__proto__", "constructor", "toString"])("are variables like any other: '%s'", async (name) => {
    const assign: JsonObject = JSON.parse(`{${JSON.stringify(name)}:7}`);
    const states = { A: { Type: "Pass", Assign: assign, Next: "B" }, B: { ...PASS, Output: `{% $${name} %}` } };
    expect(await simulate(text(states, "JSONata"))).toMatchObject({ status: "SUCCEEDED", output: 7 });
  });

  it.each(["__proto__", "constructor", "toString"])("are no member of what does not have them: '%s'", async (name) => {
    const jsonpath = await simulate(text({ A: { ...PASS, Parameters: { "a.$": `$.${name}` } } }));
    expect(jsonpath).toMatchObject({ status: "FAILED", error: "States.Runtime" });
    const jsonata = await simulate(text({ A: { ...PASS, Output: `{% $exists($states.input.${name}) %}` } }, "JSONata"));
    expect(jsonata).toMatchObject({ status: "SUCCEEDED", output: false });
  });
});
