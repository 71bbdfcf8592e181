/** The compiled fast path and the reference evaluator must agree (F1). */
import { fc, test } from "@fast-check/vitest";
import jsonata from "jsonata";
import { describe, expect, it } from "vitest";
import type { Evaluation } from "../../../engine/states/evaluation.ts";
import type { JsonValue } from "../../../engine/states/json.ts";
import { isAstNode } from "../../../engine/states/jsonata/ast.ts";
import { compileExpression } from "../../../engine/states/jsonata/expression.ts";
import { compileFast, LEAVE } from "../../../engine/states/jsonata/fast-path.ts";

function evaluationOf(input: JsonValue): Evaluation {
  return {
    input,
    context: () => ({ Execution: { Name: "n" } }),
    variable: (name) => (name === "v" ? input : undefined),
    random: () => 0.5,
    uuid: () => "u",
  };
}

const EXPRESSIONS = [
  "$states.input",
  "$states.input.a",
  "$states.input.a.b",
  "$states.input.a.b.c",
  "$v.a.b",
  "$exists($states.input.a)",
  "$states.input.a = $states.input.b",
  "$states.input.a != 1",
  '{"x": $states.input.a, "y": [$states.input.b, 1, [2]]}',
  "$states.input.a > 0 ? 'more' : 'less'",
  "$states.input.a & '-' & $states.input.b",
  "$count($states.input.a)",
  "$states.input.a + 1",
  "($states.input.a)",
];
const leaf = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.boolean(), fc.constantFrom("", "x"), fc.constant(null));
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value"), { maxKeys: 3 }),
  ),
}));

describe("the JSONata fast path", () => {
  test.prop([fc.constantFrom(...EXPRESSIONS), value], { numRuns: 400 })(
    "answers as the evaluator does",
    async (text, input) => {
      const ast: unknown = jsonata(text).ast();
      const fast = isAstNode(ast) ? compileFast(ast) : undefined;
      expect(fast).toBeDefined();
      const got = fast?.(evaluationOf(input));
      if (got === LEAVE) return;
      const states = { input, context: { Execution: { Name: "n" } } };
      const wanted: unknown = await jsonata(text).evaluate(undefined, { states, v: input });
      expect(got === undefined ? undefined : JSON.parse(JSON.stringify(got))).toEqual(
        wanted === undefined ? undefined : JSON.parse(JSON.stringify(wanted)),
      );
    },
  );

  it.each([
    { text: "$states.input.a", sync: true },
    { text: "$states.input.a > 1 and $states.input.b = 'x'", sync: true },
    { text: "$sum($states.input.a)", sync: false },
  ])("costs no promise for $text: $sync", ({ text, sync }) => {
    const answer = compileExpression(text, "Output")(evaluationOf({ a: 2, b: "x" }));
    expect(answer instanceof Promise).toBe(!sync);
  });

  it("ends an endless recursion with an error of the state", async () => {
    const answer = compileExpression("($f := function($x){ 1 + $f($x) }; $f(1))", "Output")(evaluationOf(1));
    await expect(answer).rejects.toMatchObject({ error: "States.QueryEvaluationError", location: "Output" });
  });

  it("has no $eval", async () => {
    await expect(compileExpression("$eval('1')", "Output")(evaluationOf(1))).rejects.toMatchObject({
      error: "States.QueryEvaluationError",
    });
  });
});
