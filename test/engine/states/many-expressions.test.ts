/** A definition with very many JSONata expressions: each text is read once, and compiled when an execution comes by it. */
import { describe, expect, it } from "vitest";
import { compile, ExpressionReadings, parseDefinition, simulateCompiled } from "../../../engine/index.ts";

const pass = (output: unknown) =>
  JSON.stringify({
    QueryLanguage: "JSONata",
    StartAt: "A",
    States: { A: { Type: "Pass", Output: output, End: true } },
  });

describe("expressions that are read ahead", () => {
  it("are read once for each text", () => {
    const readings = new ExpressionReadings();
    const definition = pass(["{% 1 %}", { a: "{% 1 %}", b: "{% 2 %}" }, "no expression", "{% $states.result %}"]);
    expect([...readings.ahead(definition)]).toHaveLength(3);
    expect([...readings.ahead(definition)]).toHaveLength(0);
  });

  it.each([
    { what: "broken syntax", output: "{% 1 + %}" },
    { what: "a member the field does not have", output: "{% $states.result & $states.nothing %}" },
    { what: "names at the top level", output: "{% [a, b.c, $$] %}" },
    { what: "nothing wrong", output: "{% $states.input.a %}" },
  ])("change nothing of what is found: $what", ({ output }) => {
    const readings = new ExpressionReadings();
    const definition = pass([output, output]);
    for (const _ of readings.ahead(definition));
    expect(parseDefinition(definition, { readings })).toEqual(parseDefinition(definition));
  });

  it.each([{ definition: "{" }, { definition: "null" }, { definition: `"${"x".repeat(1_048_576)}"` }])(
    "leave what is no definition to whoever judges it",
    ({ definition }) => {
      expect([...new ExpressionReadings().ahead(definition)]).toEqual([]);
    },
  );
});

describe("an expression no execution comes by", () => {
  it("is not compiled", async () => {
    const machine = compile({
      type: "STANDARD",
      source: {
        QueryLanguage: "JSONata",
        StartAt: "A",
        States: { A: { Type: "Pass", End: true }, B: { Type: "Pass", Output: "{% 1 + %}", End: true } },
      },
    });
    expect((await simulateCompiled(machine, {})).status).toBe("SUCCEEDED");
  });
});
