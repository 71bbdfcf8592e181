/** $distinct and $sort are ours, and have to answer as the evaluator's own. */
import { fc, it as property } from "@fast-check/vitest";
import jsonata from "jsonata";
import { describe, expect, it } from "vitest";
import { type JsonValue, simulate } from "../../../engine/index.ts";

const ours = async (expression: string, a: JsonValue) => {
  const Output = `{% $string({"is": ${expression}}) %}`;
  const states = {
    A: { Type: "Pass", Assign: { a: "{% $states.input %}" }, Next: "B" },
    B: { Type: "Pass", Output, End: true },
  };
  const { output, cause } = await simulate({ QueryLanguage: "JSONata", StartAt: "A", States: states }, { input: a });
  return typeof output === "string" ? output : cause;
};
const theirs = async (expression: string, a: JsonValue): Promise<unknown> =>
  await jsonata(`$string({"is": ${expression}})`).evaluate(null, { a });

const scalar = fc.oneof(
  fc.integer({ min: -2, max: 2 }),
  fc.constantFrom("", "a", "1", "null", "[1]"),
  fc.boolean(),
  fc.constant(null),
);
const value = fc.letrec<{ any: JsonValue }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    scalar,
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "length", "0"), tie("any"), { maxKeys: 3 }),
  ),
})).any;

describe("$distinct", () => {
  property.prop([fc.array(value, { minLength: 1, maxLength: 12 })])("answers as the evaluator's own", async (list) => {
    expect(await ours("$distinct($a)", list)).toEqual(await theirs("$distinct($a)", list));
    expect(await ours("$distinct($a.a)", list)).toEqual(await theirs("$distinct($a.a)", list));
  });

  it.each(["$count($distinct([$sum, $sum, $max]))", "$distinct(1)", "[$distinct($a)]", "$a.$distinct($)"])(
    "of what is no list of data: %s",
    async (expression) => {
      expect(await ours(expression, [[1, 1], [2]])).toEqual(await theirs(expression, [[1, 1], [2]]));
    },
  );
});

describe("$sort", () => {
  const record = fc.record({ k: fc.integer({ min: 0, max: 3 }), id: fc.nat(9) });
  property.prop([fc.array(fc.integer()), fc.array(fc.string()), fc.array(record, { minLength: 1 })])(
    "answers as the evaluator's own, also with a comparator that contradicts itself",
    async (numbers, texts, records) => {
      for (const [expression, list] of [
        ["[$sort($a)]", numbers],
        ["[$sort($a)]", texts],
        ["$sort($a, function($x, $y) { $x.k > $y.k })", records],
        ["$sort($a, function($x, $y) { $x.id % 2 = 0 })", records],
      ] as const)
        expect(await ours(expression, list)).toEqual(await theirs(expression, list));
    },
  );

  it("refuses to order what has no order", async () => {
    expect(await ours("$sort($a)", [1, "a"])).toMatch(/D3070: .*sort function/);
  });
});

describe("a payload full of items", () => {
  const items = Array.from({ length: 20_000 }, (_, index) => ({ id: index % 15_000 }));

  it.each([
    { expression: "$count($distinct($a))", is: 15_000 },
    { expression: "$sort($a.id)[19999]", is: 14_999 },
    { expression: "$sort($a, function($x, $y) { $x.id > $y.id })[19999].id", is: 14_999 },
  ])("is dealt with: $expression", async ({ expression, is }) => {
    expect(await ours(expression, items)).toBe(JSON.stringify({ is }));
  });
});
