import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { InvalidEventPatternError, matches } from "../../../engine/index.ts";

/** AWS refuses a pattern with two asterisks in a row, and one of many pieces that repeat themselves. */
function isTaken(wildcard: string): boolean {
  try {
    matches({ source: [{ wildcard }] }, {});
    return true;
  } catch (thrown) {
    if (thrown instanceof InvalidEventPatternError) return false;
    throw thrown;
  }
}

const wild = (wildcard: string, value: string) => matches({ source: [{ wildcard }] }, { source: value });
/** What a wildcard means, said by a language that has it. */
const meant = (pattern: string, value: string) => new RegExp(`^${pattern.replaceAll("*", "[^]*")}$`).test(value);

describe("a wildcard", () => {
  it.each([
    ["a*b*c", "abc", true],
    ["a*b*c", "a-b-b-c", true],
    ["a*bc*c", "abc", false],
    ["a*b*b*c", "abc", false],
    ["a*b*b*c", "ab-bc", true],
    ["*b*b", "b", false],
    ["ab*ba", "aba", false],
  ])("%s and %s: no letter counts for two pieces (%s)", (pattern, value, holds) => {
    expect(wild(pattern, value)).toBe(holds);
  });

  const letters = fc.array(fc.constantFrom("a", "b"), { maxLength: 8 }).map((all) => all.join(""));
  const pieces = fc.array(fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 2 }), { maxLength: 4 });
  const patterns = fc
    .tuple(pieces, fc.boolean(), fc.boolean())
    .map(([inner, open, end]) => `${open ? "*" : ""}${inner.map((one) => one.join("")).join("*")}${end ? "*" : ""}`)
    .filter(isTaken);

  test.prop([patterns, letters])("means what the same regular expression means", (pattern, value) => {
    expect(wild(pattern, value)).toBe(meant(pattern, value));
  });
});
