/** Why one field of a pattern holds or not: the values seen, the tests they failed, and what was most likely meant. */
import { closeness } from "./closest-name.ts";
import type { EventShape } from "./event-shape.ts";
import { exactText, pathHint, valueHint } from "./explain-hint.ts";
import { describePredicate, type Field, type Predicate, type Scalar } from "./predicate.ts";
import { compilePredicate } from "./test-predicate.ts";

/** One field of a pattern, held against one event. */
export interface FieldExplanation {
  /** Names joined by dots, as in `detail.state`. */
  readonly path: string;
  readonly holds: boolean;
  /** Values of the event at the path, at most the first ten; empty when it has none. */
  readonly seen: readonly Scalar[];
  /** How many values there are. */
  readonly seenCount: number;
  /** The field's predicates as written in the pattern, and whether some value satisfies each. */
  readonly tests: readonly { readonly predicate: string; readonly holds: boolean }[];
  /** One sentence: path, values seen, what is wanted, and what was probably meant. */
  readonly reason: string;
  /** 1 where the field holds; else how near the nearest value comes, from 0 (no value here) to below 1. */
  readonly nearness: number;
}

const KEPT_VALUES = 10;
const SHOWN_VALUES = 3;
const OTHER_VALUE = 0.4;
const ALMOST = 0.9;

/** @param seen every value of the event at the field's path */
export function explainField(
  { path, predicates }: Field,
  seen: readonly Scalar[],
  shape: EventShape,
): FieldExplanation {
  const tests = predicates.map((predicate) => ({
    predicate: describePredicate(predicate),
    holds: holdsFor(predicate, seen),
  }));
  const holds = tests.some((test) => test.holds);
  const wanted = tests.map(({ predicate }) => predicate).join(" or ");
  return {
    path,
    holds,
    seen: seen.slice(0, KEPT_VALUES),
    seenCount: seen.length,
    tests,
    reason: `${path}: ${holds ? `${shown(seen)} satisfies ${wanted}` : failure(path, predicates, seen, shape, wanted)}`,
    nearness: holds ? 1 : nearnessOf(predicates, seen),
  };
}

function holdsFor(predicate: Predicate, seen: readonly Scalar[]): boolean {
  if (predicate.kind === "exists") return predicate.present ? seen.length > 0 : seen.length === 0;
  return seen.some(compilePredicate(predicate));
}

function failure(
  path: string,
  predicates: readonly Predicate[],
  seen: readonly Scalar[],
  shape: EventShape,
  wanted: string,
): string {
  if (seen.length > 0)
    return `found ${shown(seen)}, the pattern wants ${wanted}${valueHint(predicates, seen.slice(0, KEPT_VALUES))}`;
  return `the event has no value here, the pattern wants ${wanted}${pathHint(path, shape)}`;
}

function nearnessOf(predicates: readonly Predicate[], seen: readonly Scalar[]): number {
  if (seen.length === 0) return 0;
  if (valueHint(predicates, seen.slice(0, KEPT_VALUES)) !== "") return ALMOST;
  let nearest = OTHER_VALUE;
  for (const value of seen.slice(0, KEPT_VALUES)) {
    for (const predicate of predicates) {
      const expected = exactText(predicate);
      if (expected === undefined || typeof value !== "string") continue;
      nearest = Math.max(nearest, OTHER_VALUE + (ALMOST - OTHER_VALUE) * closeness(expected, value));
    }
  }
  return nearest;
}

function shown(seen: readonly Scalar[]): string {
  if (seen.length === 0) return "no value";
  const more = seen.length > SHOWN_VALUES ? ` and ${seen.length - SHOWN_VALUES} more` : "";
  return `${seen
    .slice(0, SHOWN_VALUES)
    .map((value) => JSON.stringify(value))
    .join(", ")}${more}`;
}
