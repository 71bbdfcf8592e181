/** Random patterns of every operator, and events they have a fair chance to match. */
import { fc } from "@fast-check/vitest";

const names = ["a", "b", "detail.x", "detail.y", "z"];
const word = fc.constantFrom("", "a", "ab", "abc", "b", "AB", "10.0.0.1", "10.0.0.9", "::1");
const number = fc.constantFrom(0, 1, 2.5, -3, 100);
const wildcard = fc.constantFrom("a*", "*b", "*b*", "a*c", "ab", "*");
const affix = fc.constantFrom("a", "ab", "b", "B");

const expression = fc.oneof(
  word,
  number,
  fc.constantFrom(true, false, null),
  affix.map((prefix) => ({ prefix })),
  affix.map((suffix) => ({ suffix })),
  affix.map((value) => ({ prefix: { "equals-ignore-case": value } })),
  affix.map((value) => ({ suffix: { "equals-ignore-case": value } })),
  word.map((value) => ({ "equals-ignore-case": value })),
  wildcard.map((value) => ({ wildcard: value })),
  fc.tuple(fc.constantFrom("<", "<=", ">", ">=", "="), number).map((numeric) => ({ numeric })),
  fc.constant({ numeric: [">=", 0, "<=", 50] }),
  fc.constantFrom("10.0.0.0/29", "10.0.0.0/8", "::/64").map((cidr) => ({ cidr })),
  fc.boolean().map((exists) => ({ exists })),
  fc.oneof(word, number).map((value) => ({ "anything-but": value })),
  fc.constantFrom(["a", "ab"], [0, 1, 100], ["", "AB", "b"]).map((values) => ({ "anything-but": values })),
  fc.tuple(fc.constantFrom("prefix", "suffix", "equals-ignore-case"), affix).map(([operator, value]) => ({
    "anything-but": { [operator]: value },
  })),
  fc.constantFrom("prefix", "suffix", "equals-ignore-case").map((operator) => ({
    "anything-but": { [operator]: ["a", "b"] },
  })),
  wildcard.map((value) => ({ "anything-but": { wildcard: value } })),
  fc.constant({ "anything-but": { wildcard: ["a*", "*c"] } }),
);
const field = fc.array(expression, { minLength: 1, maxLength: 3 });
const plain = fc.dictionary(fc.constantFrom(...names), field, { minKeys: 1, maxKeys: 4 });
/** A pattern, as the value of its JSON. */
export const pattern = fc.oneof(
  { weight: 4, arbitrary: plain },
  {
    weight: 1,
    arbitrary: fc.tuple(plain, plain, plain).map(([outer, first, second]) => ({ ...outer, $or: [first, second] })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(plain, plain, plain, plain)
      .map(([outer, first, second, third]) => ({ $or: [{ ...first, $or: [second, third] }, outer] })),
  },
);

const leaf = fc.oneof(word, number, fc.constantFrom(true, false, null));
const inner = fc.dictionary(fc.constantFrom("x", "y"), fc.oneof(leaf, fc.array(leaf, { maxLength: 3 })), {
  maxKeys: 2,
});
/** An event with some of the fields the patterns ask for, arrays of objects among them. */
export const event = fc.record(
  {
    a: fc.oneof(leaf, fc.array(leaf, { maxLength: 3 })),
    b: leaf,
    detail: fc.oneof(inner, fc.array(inner, { maxLength: 3 })),
    z: leaf,
  },
  { requiredKeys: [] },
);
