/**
 * Why an event does or does not match a pattern, and which of many rules came nearest.
 *
 *   E1. `matches` is what the matcher answers.
 *   E2. Everything is a plain value: the explanation written as JSON is what a console or a client shows.
 */
import { type CompiledSubRule, compileSubRule, satisfies } from "./compiled-sub-rule.ts";
import { EventLeaves } from "./event-leaves.ts";
import { EventShape } from "./event-shape.ts";
import { explainField, type FieldExplanation } from "./explain-field.ts";
import { FieldTable } from "./field-table.ts";
import { parsePattern } from "./parse-pattern.ts";

/** One alternative of a pattern, field by field. */
export interface SubRuleExplanation {
  readonly matches: boolean;
  /** Fields that hold, of all. */
  readonly held: number;
  readonly fields: readonly FieldExplanation[];
  /** Set when each field holds by itself, but no one choice of array elements satisfies them all. */
  readonly inconsistent?: string;
}

/** What `explain` answers for one pattern. */
export interface Explanation {
  readonly matches: boolean;
  /** 1 for a match; else how near the nearest alternative comes, from 0 to below 1. */
  readonly nearness: number;
  /** The alternatives of `$or`, the nearest to matching first; a pattern without `$or` has one. */
  readonly subRules: readonly SubRuleExplanation[];
}

/** The explanation of one of many rules. */
export interface RuleExplanation<Name> {
  readonly name: Name;
  readonly explanation: Explanation;
}

/** What `explainAll` answers for many rules. */
export interface EventExplanation<Name> {
  /** The rules that match, in the order given. */
  readonly matched: readonly RuleExplanation<Name>[];
  /** The rules that do not, the nearest first; at most as many as asked for. */
  readonly missed: readonly RuleExplanation<Name>[];
  /** How many rules do not match, those left out included. */
  readonly missedCount: number;
}

// Fields that hold in different array elements are as near as it gets.
const INCONSISTENT = 0.95;

/**
 * Each field of the pattern with the values of the event it was tested on, and what failed.
 *
 * @param event the whole event: source, detail-type, detail, …
 * @param pattern as JSON text, or as the value it stands for
 * @throws InvalidEventPatternError
 */
export function explain(event: object, pattern: string | object): Explanation {
  return explainer(event, [[undefined, pattern]])[0]?.explanation ?? { matches: false, nearness: 0, subRules: [] };
}

/**
 * Which of the rules match an event and which do not, the nearest miss first.
 *
 * @param rules name and pattern of each
 * @param limit how many misses to give
 * @throws InvalidEventPatternError
 */
export function explainAll<Name>(
  event: object,
  rules: Iterable<readonly [Name, string | object]>,
  limit = Number.POSITIVE_INFINITY,
): EventExplanation<Name> {
  const all = explainer(event, rules);
  const missed = all.filter(({ explanation }) => !explanation.matches);
  missed.sort((a, b) => b.explanation.nearness - a.explanation.nearness);
  return {
    matched: all.filter(({ explanation }) => explanation.matches),
    missed: missed.slice(0, limit),
    missedCount: missed.length,
  };
}

function explainer<Name>(event: object, rules: Iterable<readonly [Name, string | object]>): RuleExplanation<Name>[] {
  const table = new FieldTable();
  const compiled = [...rules].map(([name, pattern]) => ({
    name,
    subRules: parsePattern(pattern).map((subRule) => compileSubRule(subRule, table)),
  }));
  const leaves = new EventLeaves(table.trie);
  leaves.read(event);
  const shape = new EventShape(event);
  return compiled.map(({ name, subRules }) => ({ name, explanation: explanationOf(subRules, leaves, shape) }));
}

function explanationOf(compiled: readonly CompiledSubRule[], leaves: EventLeaves, shape: EventShape): Explanation {
  const subRules = compiled.map((subRule) => explainSubRule(subRule, leaves, shape));
  subRules.sort((a, b) => nearnessOf(b) - nearnessOf(a));
  const [nearest] = subRules;
  return { matches: nearest?.matches ?? false, nearness: nearest ? nearnessOf(nearest) : 0, subRules };
}

function nearnessOf({ matches, inconsistent, fields }: SubRuleExplanation): number {
  if (matches) return 1;
  if (inconsistent !== undefined) return INCONSISTENT;
  return fields.reduce((sum, { nearness }) => sum + nearness, 0) / fields.length;
}

function explainSubRule(compiled: CompiledSubRule, leaves: EventLeaves, shape: EventShape): SubRuleExplanation {
  const fields = compiled.map(({ field, slot }) =>
    explainField(
      field,
      leaves.at(slot).map(({ value }) => value),
      shape,
    ),
  );
  const held = fields.filter(({ holds }) => holds).length;
  const matches = satisfies(compiled, leaves);
  if (matches || held < fields.length) return { matches, held, fields };
  return { matches, held, fields, inconsistent: inconsistency(fields, shape) };
}

function inconsistency(fields: readonly FieldExplanation[], shape: EventShape): string {
  const arrays = new Set<string>();
  fields.forEach(({ path }, at) => {
    for (const other of fields.slice(at + 1)) {
      for (const array of shape.sharedArrays(path, other.path)) arrays.add(array);
    }
  });
  const where = arrays.size === 0 ? "an array" : [...arrays].join(", ");
  return `each field holds, but in different elements of ${where}; one element must satisfy them all`;
}
