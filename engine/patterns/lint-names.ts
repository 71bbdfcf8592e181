/** Sources and detail types that no known event has, but which look like one that some has. */
import { closeness } from "./closest-name.ts";
import type { EventVocabulary } from "./event-vocabulary.ts";
import { finding, type LintFinding } from "./lint-finding.ts";
import type { Field } from "./predicate.ts";

// Services publish events that no vocabulary lists, so an unknown name alone is no mistake; one this like a known name is.
const LIKE_SOURCE = 0.8;
const LIKE_DETAIL_TYPE = 0.85;

/** The exact strings a field wants. */
export function exactStrings(field: Field | undefined): string[] {
  return (field?.predicates ?? []).flatMap((predicate) => (predicate.kind === "string" ? [predicate.value] : []));
}

/** Sources that no event has, where one that some has is much like it. */
export function lintSource(field: Field | undefined, vocabulary: EventVocabulary): LintFinding[] {
  const known = new Set(vocabulary.map(({ source }) => source));
  return exactStrings(field).flatMap((source) => {
    if (known.has(source)) return [];
    const meant = likelySource(source, known);
    if (meant === undefined) return [];
    return [finding("UNKNOWN_SOURCE", "source", `no event has ${JSON.stringify(source)}`, JSON.stringify(meant))];
  });
}

/** Detail types that no event of these sources has, or only events of others. @param sources none for any */
export function lintDetailType(
  field: Field | undefined,
  sources: readonly string[],
  vocabulary: EventVocabulary,
): LintFinding[] {
  const ofSources = vocabulary.filter(({ source }) => sources.length === 0 || sources.includes(source));
  const known = new Set(ofSources.map(({ detailType }) => detailType));
  return exactStrings(field).flatMap((detailType) => {
    if (known.has(detailType)) return [];
    const elsewhere = vocabulary.filter((event) => event.detailType === detailType).map(({ source }) => source);
    if (elsewhere.length > 0 && known.size > 0) {
      const wrong = `${JSON.stringify(detailType)} is not an event of ${sources.join(" or ")}, but of ${someOf(elsewhere)}`;
      return elsewhere.length > 3 ? [] : [finding("UNKNOWN_DETAIL_TYPE", "detail-type", wrong)];
    }
    const meant = mostLike(detailType, known, LIKE_DETAIL_TYPE);
    if (meant === undefined) return [];
    const wrong = `no event has ${JSON.stringify(detailType)}`;
    return [finding("UNKNOWN_DETAIL_TYPE", "detail-type", wrong, JSON.stringify(meant))];
  });
}

function likelySource(source: string, known: ReadonlySet<string>): string | undefined {
  const bare = source.toLowerCase().replace(/\.amazonaws\.com$/, "");
  const prefixed = bare.startsWith("aws.") ? bare : `aws.${bare}`;
  if (known.has(bare)) return bare;
  if (known.has(prefixed)) return prefixed;
  if (!bare.startsWith("aws.")) return mostLike(source, known, LIKE_SOURCE);
  const names = [...known].filter((name) => name.startsWith("aws.")).map((name) => name.slice(4));
  const meant = mostLike(bare.slice(4), names, LIKE_SOURCE);
  return meant === undefined ? undefined : `aws.${meant}`;
}

/** The candidate most like `name`, where it is at least so close. */
function mostLike(name: string, candidates: Iterable<string>, least: number): string | undefined {
  let best: string | undefined;
  let highest = least;
  for (const candidate of candidates) {
    const alike = closeness(name, candidate);
    if (alike < highest) continue;
    best = candidate;
    highest = alike;
  }
  return best;
}

function someOf(names: readonly string[]): string {
  return [...new Set(names)].slice(0, 3).join(", ");
}
