/** What a glance at a value and a pattern, or at a path and an event, tends to miss. Empty where there is nothing to say. */
import type { EventShape } from "./event-shape.ts";
import type { Predicate, Scalar } from "./predicate.ts";
import { compilePredicate } from "./test-predicate.ts";
import { parseWildcard, wildcardTest } from "./wildcard.ts";

/** About a field that has no value in the event. */
export function pathHint(path: string, shape: EventShape): string {
  const kind = shape.at(path);
  if (kind === "object") return " (there is an object here; a pattern sees only the values inside it)";
  if (kind === "empty array") return " (there is an empty array here, which has no value)";
  const names = path.split(".");
  for (let length = names.length - 1; length > 0; length--) {
    const parent = names.slice(0, length).join(".");
    if (shape.at(parent) === "value")
      return ` (${parent} is a value, not an object; a pattern does not look inside it)`;
  }
  const likely = shape.likely(path);
  return likely === undefined ? "" : ` (did you mean ${likely}?)`;
}

/** About values none of which satisfies any of the predicates. */
export function valueHint(predicates: readonly Predicate[], seen: readonly Scalar[]): string {
  for (const value of seen) {
    for (const predicate of predicates) {
      const hint = predicate.kind === "exists" ? existsHint(predicate.present, value) : hintOf(predicate, value);
      if (hint !== undefined) return ` (${hint})`;
    }
  }
  return "";
}

/** The text or digits of a predicate that names one value. */
export function exactText(predicate: Predicate): string | undefined {
  if (predicate.kind === "number") return predicate.digits;
  return predicate.kind === "string" || predicate.kind === "literal" ? String(predicate.value) : undefined;
}

function existsHint(present: boolean, value: Scalar): string | undefined {
  return present || value !== null ? undefined : "null is a value, so the field exists";
}

function hintOf(predicate: Predicate, value: Scalar): string | undefined {
  if (predicate.kind === "anything-but") return undefined;
  const expected = exactText(predicate);
  return expected === undefined ? operatorHint(predicate, value) : exactHint(predicate, expected, value);
}

function exactHint(predicate: Predicate, expected: string, value: Scalar): string | undefined {
  const wanted = predicate.kind === "literal" ? kindOf(predicate.value) : `a ${predicate.kind}`;
  if (kindOf(value) !== wanted && String(value) === expected)
    return `the same text, but ${kindOf(value)} instead of ${predicate.kind === "literal" ? expected : wanted}`;
  if (typeof value !== "string" || predicate.kind !== "string") return undefined;
  if (value.toLowerCase() === expected.toLowerCase()) return "they differ in upper and lower case only";
  if (value.trim() === expected.trim()) return "they differ in spaces at an end only";
  if (expected.includes("*") && isWildcardOf(expected, value))
    return `in a plain text * is a letter like any other; meant is {"wildcard":${JSON.stringify(expected)}}`;
  return undefined;
}

function operatorHint(predicate: Predicate, value: Scalar): string | undefined {
  if (predicate.kind === "range") {
    const isNumber = typeof value === "string" && value.trim() !== "" && compilePredicate(predicate)(Number(value));
    return isNumber ? "a string, and numeric sees numbers only" : undefined;
  }
  if (typeof value !== "string") {
    const isText = value !== null && compilePredicate(predicate)(String(value));
    return isText ? `${kindOf(value)}, and ${predicate.kind} sees strings only` : undefined;
  }
  const isOtherCase =
    predicate.kind === "wildcard"
      ? isWildcardOf(predicate.value.toLowerCase(), value.toLowerCase())
      : (predicate.kind === "prefix" || predicate.kind === "suffix") &&
        compilePredicate({ ...predicate, ignoreCase: true })(value);
  return isOtherCase ? "they differ in upper and lower case only" : undefined;
}

function isWildcardOf(text: string, value: string): boolean {
  try {
    return wildcardTest(parseWildcard(text))(value);
  } catch {
    return false;
  }
}

function kindOf(value: Scalar): string {
  return value === null ? "null" : `a ${typeof value}`;
}
