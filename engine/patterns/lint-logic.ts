/** Patterns that match nothing, or ask nothing, whatever the events are like. */
import { finding, type LintFinding } from "./lint-finding.ts";
import { describePredicate, type Field, type Predicate } from "./predicate.ts";

/** What the predicates of one field, of which one must hold, say together. */
export function lintAlternatives({ path, predicates }: Field): LintFinding[] {
  return [...negations(path, predicates), ...bounds(path, predicates), ...presence(path, predicates)];
}

/** Fields that want a value where another of them wants an object. */
export function lintNesting(fields: readonly Field[]): LintFinding[] {
  const wanting = fields.filter(({ predicates }) => !predicates.some(isAbsence));
  return wanting.flatMap(({ path }) => {
    const inner = wanting.find((other) => other.path.startsWith(`${path}.`));
    if (inner === undefined) return [];
    return [finding("NEVER_MATCHES", path, `a value is wanted here, and an object that has ${inner.path}`)];
  });
}

/** `[{"anything-but":"a"},{"anything-but":"b"}]`: each lets the other's value through. */
function negations(path: string, predicates: readonly Predicate[]): LintFinding[] {
  const everything = predicates.find(
    (predicate) =>
      predicate.kind === "anything-but" && predicate.operator === "wildcard" && predicate.values.includes("*"),
  );
  const found: LintFinding[] = [];
  if (everything !== undefined) {
    found.push(finding("NEVER_MATCHES", path, `${describePredicate(everything)} excludes every string`));
  }
  const equal = predicates.flatMap((predicate) =>
    predicate.kind === "anything-but" && predicate.operator === "equals" ? [predicate] : [],
  );
  const [first] = equal;
  if (first === undefined) return found;
  const values = [...new Set(equal.flatMap((predicate) => predicate.values))];
  const excludedByAll = values.filter((value) => equal.every((predicate) => predicate.values.includes(value)));
  if (equal.length > 1 && excludedByAll.length === 0) {
    const suggestion = JSON.stringify({ "anything-but": values });
    const wrong = "one of the anything-but must hold, and any value satisfies one of them";
    found.push(finding("MATCHES_EVERYTHING", path, wrong, suggestion));
  }
  const undone = predicates.find((predicate) => predicate.kind === "string" && excludedByAll.includes(predicate.value));
  if (undone !== undefined) {
    const wrong = `${describePredicate(undone)} or ${describePredicate(first)} is satisfied by every value`;
    found.push(finding("MATCHES_EVERYTHING", path, wrong));
  }
  return found;
}

/** `[{"numeric":[">",0]},{"numeric":["<",10]}]`: every number satisfies one of them. */
function bounds(path: string, predicates: readonly Predicate[]): LintFinding[] {
  const ranges = predicates.flatMap((predicate) => (predicate.kind === "range" ? [predicate] : []));
  const above = ranges.find(({ low, high }) => high === Number.POSITIVE_INFINITY && Number.isFinite(low));
  const below = ranges.find(({ low, high }) => low === Number.NEGATIVE_INFINITY && Number.isFinite(high));
  if (above === undefined || below === undefined) return [];
  const meets = above.low < below.high || (above.low === below.high && !(above.openLow && below.openHigh));
  if (!meets) return [];
  const wrong = "one of the ranges must hold, and any number is in one of them";
  const both = `{"numeric":${above.text.slice(0, -1)},${below.text.slice(1)}}`;
  return [finding("MATCHES_EVERYTHING", path, wrong, above.low < below.high ? both : undefined)];
}

function presence(path: string, predicates: readonly Predicate[]): LintFinding[] {
  const absent = predicates.some(isAbsence);
  const present = predicates.some((predicate) => predicate.kind === "exists" && predicate.present);
  if (absent && present)
    return [finding("MATCHES_EVERYTHING", path, "it may exist or not, so that nothing is asked of it")];
  const other = predicates.find((predicate) => predicate.kind !== "exists");
  if (!present || other === undefined) return [];
  const wrong = `any value satisfies {"exists":true}, so that ${describePredicate(other)} asks nothing`;
  return [finding("MATCHES_EVERYTHING", path, wrong, describePredicate(other))];
}

function isAbsence(predicate: Predicate): boolean {
  return predicate.kind === "exists" && !predicate.present;
}
