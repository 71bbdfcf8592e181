/** Explanations as lines of text for a terminal. */
import type { EventExplanation, Explanation, SubRuleExplanation } from "./explain.ts";

/** How many alternatives of a pattern that does not match are written out. */
const SHOWN_ALTERNATIVES = 3;

/**
 * An explanation in lines: a verdict, then each field of the alternative that matches, or of the nearest ones.
 *
 * @param name of the rule
 */
export function explanationText(name: string, { matches, subRules }: Explanation): string {
  const shown = subRules.slice(0, matches ? 1 : SHOWN_ALTERNATIVES);
  const lines = shown.flatMap((subRule, at) => alternativeLines(subRule, at, subRules.length));
  const more = matches ? 0 : subRules.length - shown.length;
  if (more > 0) lines.push(`  and ${more} more alternative${more === 1 ? "" : "s"}, further off`);
  return [`${name}: ${matches ? "matches" : `does not match${heldText(subRules)}`}`, ...lines].join("\n");
}

/** The rules an event matched, each in one line, then those it missed in full, the nearest first. */
export function eventExplanationText<Name>({ matched, missed, missedCount }: EventExplanation<Name>): string {
  const parts = matched.map(({ name }) => `${String(name)}: matches`);
  if (matched.length === 0) parts.push(missedCount === 0 ? "there are no rules" : "no rule matches");
  for (const { name, explanation } of missed) parts.push(explanationText(String(name), explanation));
  const more = missedCount - missed.length;
  if (more > 0)
    parts.push(`and ${more} more rule${more === 1 ? "" : "s"} that ${more === 1 ? "does" : "do"} not match`);
  return parts.join("\n");
}

function heldText([nearest]: readonly SubRuleExplanation[]): string {
  if (nearest === undefined) return "";
  return ` (${nearest.held} of ${nearest.fields.length} fields hold)`;
}

function alternativeLines({ fields, inconsistent }: SubRuleExplanation, at: number, of: number): string[] {
  const lines = of > 1 ? [`  alternative of $or${at === 0 ? ", the nearest" : ""}:`] : [];
  // What failed is what one looks for.
  const sorted = [...fields.filter(({ holds }) => !holds), ...fields.filter(({ holds }) => holds)];
  for (const { holds, reason } of sorted) lines.push(`  ${holds ? "✓" : "✗"} ${reason}`);
  if (inconsistent !== undefined) lines.push(`  ✗ ${inconsistent}`);
  return lines;
}
