/**
 * Why an event does or does not match a pattern: each field of each sub-rule, with the values seen and the tests that
 * failed; and which of many rules came nearest.
 */
import { compileSubRule, satisfies } from "./compiled-sub-rule.ts";
import { EventLeaves } from "./event-leaves.ts";
import { parsePattern } from "./parse-pattern.ts";
import { PathTrie } from "./path-trie.ts";
import { describePredicate, type Field, type Predicate, type Scalar, type SubRule } from "./predicate.ts";
import { compilePredicate } from "./test-predicate.ts";

export interface FieldExplanation {
  readonly path: string;
  readonly holds: boolean;
  /** Leaves of the event at the path; empty when it has none. */
  readonly seen: readonly Scalar[];
  /** The field's predicates as written, and whether some leaf satisfies each. */
  readonly tests: readonly { readonly predicate: string; readonly holds: boolean }[];
  /** One sentence. */
  readonly reason: string;
}

export interface SubRuleExplanation {
  readonly matches: boolean;
  /** Fields that hold, of all. */
  readonly held: number;
  readonly fields: readonly FieldExplanation[];
  /** Set when each field holds by itself, but no one choice of array elements satisfies them all. */
  readonly inconsistent?: string;
}

export interface Explanation {
  readonly matches: boolean;
  /** The nearest to matching first; a pattern without `$or` has one. */
  readonly subRules: readonly SubRuleExplanation[];
}

export interface NearMiss<Name> {
  readonly name: Name;
  /** Fields of its nearest sub-rule that hold, from 0 to 1. */
  readonly nearness: number;
  readonly explanation: Explanation;
}

const SHOWN_VALUES = 3;

/** @throws InvalidEventPatternError */
export function explain(pattern: string, event: object): Explanation {
  const subRules = parsePattern(pattern).map((subRule) => explainSubRule(subRule, event));
  subRules.sort((a, b) => Number(b.matches) - Number(a.matches) || nearness(b) - nearness(a));
  return { matches: subRules.some(({ matches }) => matches), subRules };
}

/** The rules that do not match, the nearest first. @throws InvalidEventPatternError */
export function nearestMisses<Name>(
  rules: Iterable<readonly [Name, string]>,
  event: object,
  limit = 5,
): NearMiss<Name>[] {
  const misses: NearMiss<Name>[] = [];
  for (const [name, pattern] of rules) {
    const explanation = explain(pattern, event);
    const [nearest] = explanation.subRules;
    if (!explanation.matches && nearest) misses.push({ name, nearness: nearness(nearest), explanation });
  }
  return misses.sort((a, b) => b.nearness - a.nearness).slice(0, limit);
}

function nearness({ held, fields }: SubRuleExplanation): number {
  return held / fields.length;
}

function explainSubRule(subRule: SubRule, event: object): SubRuleExplanation {
  const trie = new PathTrie();
  const compiled = compileSubRule(subRule, trie);
  const leaves = new EventLeaves(trie);
  leaves.read(event);
  const fields = compiled.fields.map(({ field, slot }) =>
    explainField(field, leaves.at(slot)?.map(({ value }) => value) ?? []),
  );
  const held = fields.filter(({ holds }) => holds).length;
  const matches = satisfies(compiled, leaves);
  if (matches || held < fields.length) return { matches, held, fields };
  const inconsistent = "each field holds, but in different elements of an array; one element must satisfy them all";
  return { matches, held, fields, inconsistent };
}

function explainField({ path, predicates }: Field, seen: readonly Scalar[]): FieldExplanation {
  const tests = predicates.map((predicate) => ({
    predicate: describePredicate(predicate),
    holds: holdsFor(predicate, seen),
  }));
  const holds = tests.some((test) => test.holds);
  return { path, holds, seen, tests, reason: reasonOf(path, predicates, seen, holds) };
}

function holdsFor(predicate: Predicate, seen: readonly Scalar[]): boolean {
  if (predicate.kind === "exists") return predicate.present ? seen.length > 0 : seen.length === 0;
  return seen.some(compilePredicate(predicate));
}

function reasonOf(path: string, predicates: readonly Predicate[], seen: readonly Scalar[], holds: boolean): string {
  const wanted = predicates.map(describePredicate).join(" or ");
  if (holds) return `${path}: ${shown(seen)} satisfies ${wanted}`;
  if (seen.length === 0) return `${path}: the event has no value here, the pattern wants ${wanted}`;
  return `${path}: found ${shown(seen)}, the pattern wants ${wanted}${hint(predicates, seen)}`;
}

/** What a glance at value and pattern tends to miss. */
function hint(predicates: readonly Predicate[], seen: readonly Scalar[]): string {
  for (const value of seen) {
    for (const predicate of predicates) {
      if (predicate.kind !== "string" && predicate.kind !== "number" && predicate.kind !== "literal") continue;
      const expected = predicate.kind === "number" ? predicate.digits : String(predicate.value);
      if (typeof value !== typeof (predicate.value ?? null) && String(value) === expected) {
        return ` (the same text, but ${kindOf(value)} instead of ${predicate.kind === "literal" ? expected : `a ${predicate.kind}`})`;
      }
      if (typeof value === "string" && value !== expected && value.toLowerCase() === expected.toLowerCase()) {
        return " (they differ in upper and lower case only)";
      }
    }
  }
  return "";
}

function shown(seen: readonly Scalar[]): string {
  if (seen.length === 0) return "no value";
  const more = seen.length > SHOWN_VALUES ? ` and ${seen.length - SHOWN_VALUES} more` : "";
  return (
    seen
      .slice(0, SHOWN_VALUES)
      .map((value) => JSON.stringify(value))
      .join(", ") + more
  );
}

function kindOf(value: Scalar): string {
  return value === null ? "null" : `a ${typeof value}`;
}
