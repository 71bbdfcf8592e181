import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { compile, matches } from "../../../engine/patterns/index.ts";
import { event, pattern } from "./arbitrary.ts";

describe("compile", () => {
  test.prop([fc.array(pattern, { minLength: 1, maxLength: 40 }), fc.array(event, { minLength: 1, maxLength: 5 })], {
    numRuns: 1000,
  })("M1: the index answers what checking every rule in turn answers", (patterns, events) => {
    const rules = patterns.map((rule, id) => [id, JSON.stringify(rule)] as const);
    const matcher = compile(rules);
    for (const one of events) {
      const naive = rules.filter(([, text]) => matches(text, one)).map(([id]) => id);
      expect(matcher.match(one).sort((x, y) => x - y)).toEqual(naive);
    }
  });

  test.prop([fc.array(fc.tuple(fc.nat(15), fc.option(pattern)), { maxLength: 60 }), event])(
    "M2: after any adds, replacements and removals it is as if built anew",
    (changes, one) => {
      const matcher = compile<number>();
      const kept = new Map<number, string>();
      for (const [id, change] of changes) {
        if (change === null) {
          expect(matcher.remove(id)).toBe(kept.delete(id));
        } else {
          kept.set(id, JSON.stringify(change));
          matcher.add(id, JSON.stringify(change));
        }
      }
      expect(matcher.size).toBe(kept.size);
      expect(matcher.match(one).sort()).toEqual(compile(kept).match(one).sort());
    },
  );

  it("splits a value common to many rules by their other fields, and finds each of them", () => {
    const matcher = compile<number>();
    for (let id = 0; id < 500; id++) {
      matcher.add(
        id,
        JSON.stringify({ source: ["shop"], detail: { order: [`o-${id}`], total: [{ numeric: [">", id] }] } }),
      );
    }
    expect(matcher.match({ source: "shop", detail: { order: "o-77", total: 78 } })).toEqual([77]);
    expect(matcher.match({ source: "shop", detail: { order: "o-77", total: 77 } })).toEqual([]);
  });

  it("checks a wildcard in full when it is found by its end, because many share its beginning", () => {
    const matcher = compile<string>();
    for (const id of ["one", "two", "three"]) matcher.add(id, '{"a":[{"prefix":"ab"}]}');
    matcher.add("wildcard", '{"a":[{"wildcard":"ab*yz"}]}');
    expect(matcher.match({ a: "xyz" })).toEqual([]);
    expect(matcher.match({ a: "abyz" }).sort()).toEqual(["one", "three", "two", "wildcard"]);
  });

  it("keeps a rule when its replacement is refused", () => {
    const matcher = compile([["rule", '{"a":[1]}']]);
    expect(() => matcher.add("rule", '{"a":1}')).toThrow('"a" must be an object or an array');
    expect(matcher.match({ a: 1 })).toEqual(["rule"]);
  });
});

describe("matches", () => {
  const elements = {
    list: [
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ],
  };

  it.each([
    { title: "one element satisfies both fields", pattern: { list: { a: [1], b: [2] } }, expected: true },
    { title: "two elements would be needed", pattern: { list: { a: [1], b: [4] } }, expected: false },
    {
      title: "the field is absent in the chosen element only",
      pattern: { list: { a: [1], c: [{ exists: false }] } },
      expected: true,
    },
    { title: "a dotted name is one more level", pattern: { "list.a": [3] }, expected: true },
  ])("answers $expected when $title", ({ pattern: rule, expected }) => {
    expect(matches(JSON.stringify(rule), elements)).toBe(expected);
  });

  it.each([
    { text: "Straße", value: "STRASSE", expected: true },
    { text: "STRASSE", value: "straße", expected: false },
    { text: "Ⱥb", value: "ⱥB", expected: true },
    { text: "ὈΔΥΣΣΕΎΣ", value: "ὀδυσσεύσ", expected: true },
    { text: "ὈΔΥΣΣΕΎΣ", value: "ὀδυσσεύς", expected: false },
    { text: "ok 👍", value: "OK 👍", expected: false },
    { text: "ok 👍", value: "OK ??", expected: true },
  ])("folds the case of $text unit by unit, as AWS does: $value is $expected", ({ text, value, expected }) => {
    const forms = [
      { "equals-ignore-case": text },
      { prefix: { "equals-ignore-case": text } },
      { suffix: { "equals-ignore-case": text } },
    ];
    for (const form of forms) expect(matches(JSON.stringify({ a: [form] }), { a: value })).toBe(expected);
    expect(matches(JSON.stringify({ a: [{ "anything-but": forms[0] }] }), { a: value })).toBe(!expected);
    expect(compile(forms.map((form) => [form, JSON.stringify({ a: [form] })])).match({ a: value })).toHaveLength(
      expected ? forms.length : 0,
    );
  });

  it("answers quickly although the choices from independent arrays are a billion", () => {
    const many = (name: string) => Array.from({ length: 1000 }, (_, index) => ({ [name]: index }));
    const one = { a: many("x"), b: many("x"), c: many("x"), d: { x: "no" } };
    const any = [{ exists: true }];
    expect(matches(JSON.stringify({ a: { x: any }, b: { x: any }, c: { x: any }, d: { x: ["yes"] } }), one)).toBe(
      false,
    );
  });
});
