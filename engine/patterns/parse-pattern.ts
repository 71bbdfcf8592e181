/**
 * An event pattern's text to the sub-rules it stands for, refused where AWS refuses it and with AWS's words.
 *
 *   P1. `$or` multiplies: each sub-rule so far is continued by each branch.
 *   P2. A field given again replaces what was asked of it before, also inside `$or`; objects given again are joined.
 *   P3. A dot in a name is the same as one more level.
 *   P4. A pattern that multiplies to more than 1,000 sub-rules is refused before they are made.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html
 */

import { interned } from "./interned.ts";
import { InvalidEventPatternError } from "./invalid-event-pattern-error.ts";
import { JsonTokens } from "./json-tokens.ts";
import { parseFieldPredicates } from "./parse-predicates.ts";
import type { Predicate, SubRule } from "./predicate.ts";
import { WILDCARD_COMPLEXITY_LIMIT, wildcardComplexity } from "./wildcard-complexity.ts";

/** AWS's limit of combinations; each `$or` multiplies, so that a short pattern could stand for more than memory holds. */
const MOST_SUB_RULES = 1_000;

type Branch = Map<string, readonly Predicate[]>;

// Words of the match language, now and reserved: `$or` around them is most likely meant inside a field.
const RESERVED_INSIDE_OR: ReadonlySet<string> = new Set(
  (
    "exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr html = < <= > >= regex " +
    "not-wildcard not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range " +
    "ip-address-in-range ip-address-not-in-range"
  ).split(" "),
);

/**
 * @param pattern as JSON text, or the value such a text stands for
 * @throws InvalidEventPatternError
 */
export function parsePattern(pattern: string | object): readonly SubRule[] {
  const tokens = new JsonTokens(typeof pattern === "string" ? pattern : JSON.stringify(pattern));
  if (tokens.next() !== "{") throw tokens.fail("Filter is not an object");
  const branches = parseObject(tokens, [], "", false);
  const subRules = branches.map(toSubRule);
  for (const { fields } of subRules) {
    for (const { predicates } of fields) refuseTooComplex(predicates);
  }
  return subRules;
}

function parseObject(
  tokens: JsonTokens,
  before: readonly Branch[],
  prefix: string,
  insideOr: boolean,
): readonly Branch[] {
  let branches = before;
  let empty = true;
  for (let token = tokens.expect(); token !== "}"; token = tokens.expect()) {
    empty = false;
    const name = tokens.text();
    if (name === "$or") {
      branches = parseOr(tokens, branches, prefix);
      continue;
    }
    if (insideOr && RESERVED_INSIDE_OR.has(name)) {
      throw tokens.fail(`${name} is Ruler reserved fieldName which cannot be used inside $or.`);
    }
    const path = interned(`${prefix}${name}`);
    const value = tokens.expect();
    if (value === "{") branches = parseObject(tokens, branches, `${path}.`, insideOr);
    else if (value === "[") branches = withField(branches, path, parseFieldPredicates(tokens));
    else throw tokens.fail(`"${name}" must be an object or an array`);
  }
  if (empty) throw tokens.fail("Empty objects are not allowed");
  return branches;
}

function parseOr(tokens: JsonTokens, before: readonly Branch[], prefix: string): Branch[] {
  if (tokens.expect() !== "[") throw tokens.fail("It must be an Array followed with $or.");
  const branches: Branch[] = [];
  let alternatives = 0;
  for (let token = tokens.expect(); token !== "]"; token = tokens.expect()) {
    alternatives++;
    if (token !== "{") throw tokens.fail("Only JSON object is allowed in array of $or relationship.");
    branches.push(...parseObject(tokens, before, prefix, true));
    if (branches.length > MOST_SUB_RULES) {
      throw tokens.fail(
        `$or makes more than ${MOST_SUB_RULES} combinations - use fewer $or beside each other, or several rules`,
      );
    }
  }
  if (alternatives < 2) throw tokens.fail("There must have at least 2 Objects in $or relationship.");
  return branches;
}

function withField(branches: readonly Branch[], path: string, predicates: readonly Predicate[]): Branch[] {
  const continued = branches.length === 0 ? [new Map<string, readonly Predicate[]>()] : branches;
  return continued.map((branch) => new Map(branch).set(path, predicates));
}

function toSubRule(branch: Branch): SubRule {
  const fields = [...branch].map(([path, predicates]) => ({ path, predicates }));
  // Code unit order, as AWS walks event and pattern in step.
  fields.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { fields };
}

function refuseTooComplex(predicates: readonly Predicate[]): void {
  const wildcards = predicates.flatMap((predicate): readonly string[] => {
    if (predicate.kind === "wildcard") return [predicate.value];
    const negated = predicate.kind === "anything-but" && predicate.operator === "wildcard";
    return negated ? predicate.values.map(String) : [];
  });
  if (wildcards.length === 0 || wildcardComplexity(wildcards) < WILDCARD_COMPLEXITY_LIMIT) return;
  throw new InvalidEventPatternError(
    "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character",
  );
}
