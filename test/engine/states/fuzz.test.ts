/** A sample of the long fuzz (fuzz.long.ts), and what it has found wanting, kept. */
import { expect, it } from "vitest";
import { type JsonValue, parseDefinition, simulate } from "../../../engine/index.ts";
import { fuzzCase } from "./fuzz/fuzz-case.ts";

const CASES = 300;

it("keeps every promise for a sample of random definitions and inputs", async () => {
  const statuses = new Set<string>();
  for (let seed = 1; seed <= CASES; seed += 1) {
    const { status } = await fuzzCase(String(seed)).catch((cause: unknown) => {
      throw new Error(`seed ${seed}`, { cause });
    });
    statuses.add(status);
  }
  expect([...statuses]).toEqual(expect.arrayContaining(["REFUSED", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]));
});

const pass = (fields: { [key: string]: JsonValue }): string =>
  JSON.stringify({ StartAt: "A", States: { A: { Type: "Pass", End: true, ...fields } } });
const jsonata = (expression: string): string => pass({ QueryLanguage: "JSONata", Output: `{% ${expression} %}` });

it.each([
  { what: "a StartAt with a member toString", text: '{"StartAt":{"toString":1},"States":{"A":{"Type":"Succeed"}}}' },
  {
    what: "a service of the name constructor",
    text: pass({ Type: "Task", Resource: "arn:aws:states:::constructor:call" }),
  },
  { what: "a filter with half a regular expression", text: pass({ InputPath: "$[?(@.a =~ /[/)]" }) },
  { what: "a filter of a hundred thousand negations", text: pass({ InputPath: `$[?(${"!".repeat(100_000)}@.a)]` }) },
  { what: "filters in filters", text: pass({ InputPath: `$${"[?(@".repeat(5000)}${"[0])]".repeat(5000)}` }) },
  {
    what: "more nested calls than AWS takes",
    text: pass({ Parameters: { "a.$": `${"States.Array(".repeat(11)}1${")".repeat(11)}` } }),
  },
  { what: "JSONata nested deeper than a stack", text: jsonata(`${"[".repeat(50_000)}1${"]".repeat(50_000)}`) },
])("refuses $what with a diagnostic", ({ text }) => {
  const { definition, diagnostics } = parseDefinition(text);
  expect(definition).toBeUndefined();
  expect(diagnostics).toContainEqual(expect.objectContaining({ severity: "ERROR" }));
});

it.each([
  { language: "JSONPath", text: pass({ Parameters: JSON.parse('{"__proto__.$": "$.a"}') }) },
  { language: "JSONata", text: pass({ QueryLanguage: "JSONata", Output: JSON.parse('{"__proto__": "{% 1 %}"}') }) },
])("keeps a member named __proto__ in a $language template", async ({ text }) => {
  const { output } = await simulate(text, { input: { a: 1 } });
  expect(JSON.stringify(output)).toBe('{"__proto__":1}');
});

it("does not take a method every object has for a JSONata function", async () => {
  expect(await simulate(jsonata("$toString(1)"))).toMatchObject({ error: "States.QueryEvaluationError" });
});

it("appends a hundred thousand items to an array", async () => {
  const { output } = await simulate(jsonata("$count([0, $states.input])"), { input: Array(120_000).fill(0) });
  expect(output).toBe(120_001);
});

it("ends a path that would match more than memory holds", async () => {
  let input: JsonValue = 1;
  for (let depth = 0; depth < 900; depth += 1) input = [input, 1];
  expect(await simulate(pass({ InputPath: "$..*..*..*" }), { input })).toMatchObject({
    error: "States.Runtime",
    cause: expect.stringContaining("matches more than 2000000 values"),
  });
});
