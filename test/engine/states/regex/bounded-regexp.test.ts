import fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, it } from "vitest";
import { BoundedRegExp } from "../../../../engine/states/regex/bounded-regexp.ts";
import { parseRegex } from "../../../../engine/states/regex/syntax.ts";
import { asRe2 } from "../../../../engine/states/regex/translate.ts";
import { simulate } from "../../../../engine/states/simulate.ts";

const LONG = 100_000;
const HOSTILE = [
  { source: "(a|a)*b", text: "a".repeat(LONG), found: null },
  { source: "(a|aa)+$", text: `${"a".repeat(LONG)}!`, found: null },
  { source: "a*a*a*a*a*b", text: "a".repeat(LONG), found: null },
  { source: "(.*a){20}", text: "b".repeat(LONG), found: null },
  { source: "(.*a){20}", text: "ba".repeat(LONG / 2), found: "ba".repeat(LONG / 2) },
  { source: "(a?){30}a{30}", text: "a".repeat(30), found: "a".repeat(30) },
  { source: "(a+)+$", text: `${"a".repeat(LONG)}!`, found: null },
  { source: "([a-z]+)*=", text: "k".repeat(LONG), found: null },
  { source: "a*b", text: "a".repeat(LONG), found: null },
  { source: "(\\w+\\s?)+!", text: "word ".repeat(LONG / 5), found: null },
];

describe("BoundedRegExp", () => {
  it.each(HOSTILE)(
    "matches /$source/ in a long text, which backtracking would never end on",
    ({ source, text, found }) => {
      expect(new BoundedRegExp(source).exec(text)?.[0] ?? null).toBe(found);
    },
  );

  it("goes on from its last match, gives groups by number and leaves those unset that took no part", () => {
    const regex = new BoundedRegExp("(k|x)=(.*?)(;|$)|(never)", "g");
    const text = "k=v;".repeat(LONG / 4);
    let last: RegExpExecArray | null = null;
    for (let index = 0; index < LONG / 4; index += 1) last = regex.exec(text);
    expect(last && { index: last.index, groups: [...last] }).toEqual({
      index: LONG - 4,
      groups: ["k=v;", "k", "v", ";", undefined],
    });
    expect(regex.exec(text)).toBeNull();
  });

  it.each(["(?=.*a)(?=.*b).*", "(a|b)*\\1", "(?<!x)(a|b)+c"])(
    "matches /%s/, which needs to go back, in a short text",
    (source) => {
      expect(new BoundedRegExp(source).exec("abab")?.[0]).toBe(new RegExp(source).exec("abab")?.[0]);
    },
  );

  it.each([
    { source: "(?=.*a)(?=.*b).*", reason: "looks ahead or behind" },
    { source: "(a|b)*\\1c", reason: "refers back to a group" },
    { source: "(|a)*b", reason: "would rather match nothing" },
    { source: "(a|b)*c{2000}", reason: "invalid repeat count" },
    { source: `${"(".repeat(300)}a*${")".repeat(300)}`, reason: "nest too deeply" },
  ])("refuses a long text for a pattern that $reason", ({ source, reason }) => {
    expect(() => new BoundedRegExp(source).exec("a".repeat(LONG))).toThrow(reason);
  });

  it("finds in linear time what RegExp finds, for random patterns and texts", () => {
    fc.assert(
      fc.property(PATTERN, fc.constantFrom("", "i", "m"), TEXT, (source, flags, text) => {
        const tree = parseRegex(source);
        const linear = tree && RE2JS.compile(asRe2(tree), RE2_FLAGS[flags] ?? 0).matcher(text);
        const found = linear?.find() === true ? { at: linear.start(), text: linear.group(0) } : undefined;
        const native = new RegExp(source, flags).exec(text);
        expect(found).toEqual(native === null ? undefined : { at: native.index, text: native[0] });
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("regular expressions in a state", () => {
  it.each([
    "$contains($states.input.t, /(a|a)*b/)",
    "$count($match($states.input.t, /(a|aa)+$/)) > 0",
    "$replace($states.input.t, /a*a*a*a*a*b/, '') != $states.input.t",
    "$count($split($states.input.t, /(.*a){20}b/)) > 1",
  ])("%s ends", async (expression) => {
    const { output } = await simulate(
      {
        QueryLanguage: "JSONata",
        StartAt: "A",
        States: { A: { Type: "Pass", Output: `{% ${expression} %}`, End: true } },
      },
      { input: { t: `${"a".repeat(LONG)}!` } },
    );
    expect(output).toBe(false);
  });

  it("fails the state with States.QueryEvaluationError where no engine can match", async () => {
    const { error, cause } = await simulate(
      {
        QueryLanguage: "JSONata",
        StartAt: "A",
        States: { A: { Type: "Pass", Output: "{% $match($states.input.t, /(a|b)*\\1c/) %}", End: true } },
      },
      { input: { t: "a".repeat(LONG) } },
    );
    expect(error).toBe("States.QueryEvaluationError");
    expect(cause).toContain("it refers back to a group");
  });

  it("fails the state with States.Runtime where a JSONPath filter asks for it", async () => {
    const { error, cause } = await simulate(
      {
        StartAt: "A",
        States: { A: { Type: "Pass", Parameters: { "x.$": "$.list[?(@.t =~ /(a|b)*\\1c/)]" }, End: true } },
      },
      { input: { list: [{ t: "a".repeat(LONG) }] } },
    );
    expect({ error, cause }).toEqual({ error: "States.Runtime", cause: expect.stringContaining("refers back") });
  });
});

const RE2_FLAGS: Readonly<Record<string, number>> = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE };
const TEXT = fc.string({
  unit: fc.constantFrom("a", "b", "B", "0", " ", "\n", "-", "\u00a0", "]", "\\", "A", "z", "Q", "_"),
  maxLength: 12,
});
const ATOM = fc.constantFrom(
  ..."a b B 0 . ^ $ \\b \\B \\d \\w \\s \\S \\W \\D [ab] [^a] [a-z] [^] [] [\\s0] [^\\S] [\\w-] [-a] [\\]b] \\A \\z \\Q \\x61 \\u0062 \\cJ \\n \\\\ ] - { {, a{,2}".split(
    " ",
  ),
);
const QUANTIFIER = fc.constantFrom("", "", "*", "+", "?", "*?", "+?", "{2}", "{1,}", "{1,2}?");
// Repeated are only patterns that take something: on turns that take nothing the engines differ by design.
const PATTERN = fc
  .array(fc.tuple(ATOM, QUANTIFIER), { minLength: 1, maxLength: 5 })
  .map((terms) => terms.map(([atom, quantifier]) => (/^(?:[\^$]|\\[bB])$/.test(atom) ? atom : atom + quantifier)))
  .chain((terms) =>
    fc.constantFrom(
      terms.join(""),
      terms.join("|"),
      `(${terms.join("|")})${terms[0] ?? ""}`,
      `(?:a${terms.join("|b")})*${terms.at(-1) ?? ""}`,
    ),
  );
