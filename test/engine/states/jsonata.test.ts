/** The compiled fast path and the reference evaluator must agree (F1). */
import { fc, test } from "@fast-check/vitest";
import jsonata from "jsonata";
import { describe, expect, it } from "vitest";
import type { Evaluation } from "../../../engine/states/evaluation.ts";
import type { JsonValue } from "../../../engine/states/json.ts";
import { type AstNode, isAstNode } from "../../../engine/states/jsonata/ast.ts";
import { compileExpression } from "../../../engine/states/jsonata/expression.ts";
import { compileFast, LEAVE } from "../../../engine/states/jsonata/fast-path.ts";

function evaluationOf(input: JsonValue, result?: JsonValue): Evaluation {
  return {
    input,
    result,
    context: () => ({ Execution: { Name: "n" } }),
    variable: (name) => (name === "v" ? input : undefined),
    nowMs: Date.UTC(2024, 1, 29, 12),
    random: () => 0.5,
    uuid: () => "u",
  };
}

const NAMES = ["a", "b", "c"] as const;
const scalar = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0.1, 1 / 3, 1e21, 1e-7, -0, 2 ** 53, "", "x", "10", "é\u2028", true, false, null),
);
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: "max" },
    scalar,
    { arbitrary: fc.array(tie("value"), { maxLength: 2 }), weight: 3 },
    {
      arbitrary: fc.dictionary(fc.constantFrom(...NAMES), tie("value"), { maxKeys: 2, noNullPrototype: true }),
      weight: 4,
    },
  ),
}));

const OPERATORS = ["=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "&", "and", "or"] as const;
const path = fc
  .tuple(
    fc.oneof(
      { arbitrary: fc.constantFrom("$states.input", "$v"), weight: 4 },
      fc.constantFrom("$states.result", "$states", "$states.context", "$unset", "$sum"),
    ),
    fc.array(
      fc.tuple(
        fc.oneof({ arbitrary: fc.constantFrom(...NAMES), weight: 9 }, fc.constantFrom("length", "`__proto__`")),
        fc.constantFrom("", "", "", "", "", "", "[]"),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([root, steps]) => [root, ...steps.map(([name, kept]) => name + kept)].join("."));
const literal = fc.oneof(
  fc.constantFrom(
    "0",
    "1",
    "2.5",
    "0.30000000000000004",
    "-1",
    "1e21",
    "0.1",
    "true",
    "false",
    "null",
    '""',
    '"x"',
    '"10"',
    "[]",
    "{}",
  ),
);
/** Expressions of everything the fast path compiles, and of what stands right beside it. */
const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const part = tie("expression");
  return {
    expression: fc.oneof(
      { maxDepth: 4, depthSize: "medium" },
      { arbitrary: path, weight: 6 },
      literal,
      fc
        .tuple(part, fc.constantFrom(...OPERATORS), part)
        .map(([left, operator, right]) => `${left} ${operator} ${right}`),
      part.map((inner) => `(${inner})`),
      part.map((inner) => `-${inner}`),
      fc.tuple(part, part, part).map(([test, yes, no]) => `(${test}) ? (${yes}) : (${no})`),
      fc.tuple(part, part).map(([test, yes]) => `(${test} ? ${yes})`),
      fc.tuple(fc.constantFrom("$exists", "$not", "$count"), part).map(([name, inner]) => `${name}(${inner})`),
      fc.array(part, { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
      fc
        .array(fc.tuple(fc.constantFrom('"a"', '"b"', '"1"', '"__proto__"'), part), { maxLength: 3 })
        .map((members) => `{${members.map(([key, inner]) => `${key}: ${inner}`).join(", ")}}`),
    ),
  };
});

/** undefined for a text that is no expression: `[-[]` and the like can come of the parts. */
function treeOf(text: string): AstNode | undefined {
  try {
    const ast: unknown = jsonata(text).ast();
    return isAstNode(ast) ? ast : undefined;
  } catch {
    return undefined;
  }
}

/** What the reference evaluator answers: the JSON text of it, "nothing", or that it raises an error. */
async function reference(text: string, bound: Record<string, unknown>): Promise<string> {
  try {
    return written(await jsonata(text).evaluate(undefined, bound));
  } catch (thrown) {
    return `error ${String(isAstNode(thrown) && "code" in thrown ? thrown.code : thrown)}`;
  }
}

function written(answer: unknown): string {
  return answer === undefined ? "nothing" : JSON.stringify(answer, (_name, at) => (Object.is(at, -0) ? "-0" : at));
}

describe("the JSONata fast path", () => {
  test.prop([expression, value, fc.option(value, { nil: undefined })], { numRuns: 3_000 })(
    "F1: answers as the evaluator does, or leaves it to the evaluator",
    async (text, input, result) => {
      const ast = treeOf(text);
      const fast = ast === undefined ? undefined : compileFast(ast);
      const got = fast === undefined ? LEAVE : fast(evaluationOf(input, result));
      if (got === LEAVE) return;
      const states = { input, context: { Execution: { Name: "n" } }, ...(result === undefined ? {} : { result }) };
      expect(written(got)).toBe(await reference(text, { states, v: input }));
    },
  );

  it.each([
    { input: [[[{ c: [[]] }]]], found: [] },
    { input: [[[{ c: [[1]] }]]], found: [1] },
    { input: [[{ c: [[1]] }], [[{ c: 2 }]]], found: [1, 2] },
  ])("takes what arrays within arrays have for one sequence: $input", ({ input, found }) => {
    expect(compileExpression("$states.input.c", "Output")(evaluationOf(input))).toEqual(found);
  });

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

describe("$pad", () => {
  it.each([
    { text: "$length($pad('', 131072, 'x') & $pad('', 131073, 'x'))", length: 262_145 },
    { text: "$length($pad($pad('', 131072, 'x'), 262145, 'x'))", length: 262_145 },
    { text: "$length($pad('', 262144, 'é'))", length: 262_144 },
    { text: "$length($pad('', -262144, 'xy'))", length: 262_144 },
  ])("adds up to 262144 characters: $text", async ({ text, length }) => {
    expect(await compileExpression(text, "Output")(evaluationOf({}))).toBe(length);
  });

  it("adds no more, as on AWS", async () => {
    const padded = async () => compileExpression("$length($pad('',262145,'x'))", "Output")(evaluationOf({}));
    await expect(padded()).rejects.toMatchObject({
      detail:
        "The JSONata expression '$length($pad('',262145,'x'))' specified for the field 'Output' threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage",
    });
  });

  test.prop([
    fc.string({ unit: "grapheme" }),
    fc.oneof(fc.integer({ min: -20, max: 20 }), fc.double({ min: -20, max: 20, noNaN: true })),
    fc.oneof(fc.constant(undefined), fc.string({ unit: "grapheme", maxLength: 3 })),
  ])("gives what JSONata's own does", async (text, width, fill) => {
    const call = `$pad(a, b${fill === undefined ? "" : ", c"})`;
    const input = { a: text, b: width, c: fill ?? "" };
    expect(
      await compileExpression(call.replaceAll(/[abc]\b/g, "$states.input.$&"), "Output")(evaluationOf(input)),
    ).toBe(await jsonata(call).evaluate(input));
  });
});

describe("the data an expression is given", () => {
  const steps = [
    "{'a': 1}",
    "[{'a': 1}]",
    ".{'a': 1}",
    ".($f := function($x) { {'a': $x} }; $f(1))",
    "^(a)",
    "^({'a': 1}.a)",
    "[0]",
    "[]",
    ".*",
    ".**",
    ".a",
    "#$i",
    "@$x",
    " ~> |$|{'a': []}|",
    " ~> |*|{'b': 1}, ['c']|",
    " ~> $map(function($x) { $x{'a': $} })",
    " ~> $append([])",
    " ~> $sort(function($l, $r) { true })",
  ] as const;
  const writing = fc
    .tuple(
      fc.constantFrom("$states.input", "$v", "$states", "[$v]", "($clone := function($x) { $x }; $v)"),
      fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
    )
    .map(([root, then, cloning]) => `(${cloning ? "$clone := function($x) { $x }; " : ""}${root}${then.join("")})`);

  test.prop([writing, value], { numRuns: 3_000 })("stay as they are", async (text, input) => {
    if (treeOf(text) === undefined) return;
    const data = structuredClone(input);
    const evaluated = async () => compileExpression(text, "Output")(evaluationOf(data));
    await Promise.allSettled([evaluated()]);
    expect(written(data)).toBe(written(input));
  });
});
