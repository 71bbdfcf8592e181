/**
 * A predicate as a function of one leaf, made once per rule.
 *
 * Strings are compared with strings and numbers with numbers; nothing is converted. "Ignoring case" compares each letter
 * of the pattern in its lower and upper form, letter by letter, without a locale.
 */
import { parseIpAddress } from "./ip-address.ts";
import type { Predicate, Scalar } from "./predicate.ts";
import { parseWildcard, wildcardTest } from "./wildcard.ts";

export type Test = (value: Scalar) => boolean;

/** The test of `exists: false` is never true: absence is not a property of a leaf. */
export function compilePredicate(predicate: Predicate): Test {
  switch (predicate.kind) {
    case "string":
    case "literal": {
      const expected = predicate.value;
      return (value) => value === expected;
    }
    case "number": {
      const expected = predicate.value ?? Number(predicate.digits);
      return (value) => value === expected;
    }
    case "prefix":
    case "suffix":
      return predicate.ignoreCase
        ? onStrings(ignoringCase(predicate.value, predicate.kind))
        : affix(predicate.kind, predicate.value);
    case "equals-ignore-case":
      return onStrings(ignoringCase(predicate.value, "equals"));
    case "wildcard":
      return wildcardTest(parseWildcard(predicate.value));
    case "range":
      return inRange(predicate);
    case "address":
      return inAddressRange(predicate);
    case "exists":
      return () => predicate.present;
    case "anything-but":
      return anythingBut(predicate);
  }
}

function affix(kind: "prefix" | "suffix", expected: string): Test {
  if (kind === "prefix") return (value) => typeof value === "string" && value.startsWith(expected);
  return (value) => typeof value === "string" && value.endsWith(expected);
}

function inRange({ low, openLow, high, openHigh }: Predicate & { kind: "range" }): Test {
  return (value) =>
    typeof value === "number" && (openLow ? value > low : value >= low) && (openHigh ? value < high : value <= high);
}

function inAddressRange({ family, low, high }: Predicate & { kind: "address" }): Test {
  return (value) => {
    if (typeof value !== "string") return false;
    const address = parseIpAddress(value);
    return address !== undefined && address.family === family && address.bits >= low && address.bits <= high;
  };
}

function anythingBut({ operator, values }: Predicate & { kind: "anything-but" }): Test {
  if (operator === "equals") {
    const excluded = new Set<Scalar>(values);
    return (value) => !excluded.has(value);
  }
  const tests = values.map((value) => compilePredicate(operandOf(operator, String(value))));
  return (value) => !tests.some((test) => test(value));
}

function operandOf(operator: "equals-ignore-case" | "prefix" | "suffix" | "wildcard", value: string): Predicate {
  if (operator === "prefix" || operator === "suffix") return { kind: operator, value, ignoreCase: false };
  return { kind: operator, value };
}

function onStrings(expression: RegExp): Test {
  return (value) => typeof value === "string" && expression.test(value);
}

function ignoringCase(text: string, part: "equals" | "prefix" | "suffix"): RegExp {
  const letters = text.split("").map((letter) => {
    // AWS folds UTF-16 units one by one, and half of a letter beyond 16 bits becomes a question mark.
    if (!letter.isWellFormed()) return "\\?";
    const forms = new Set([letter, letter.toLowerCase(), letter.toUpperCase()]);
    // AWS knows the two forms only, which need not include a title-case letter itself.
    if (letter.toLowerCase() !== letter && letter.toUpperCase() !== letter) forms.delete(letter);
    return `(?:${[...forms].map(escaped).join("|")})`;
  });
  return new RegExp(`${part === "suffix" ? "" : "^"}${letters.join("")}${part === "prefix" ? "" : "$"}`);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
