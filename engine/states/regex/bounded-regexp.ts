/**
 * Regular expressions of definitions, which come from outside: how many steps a match may take is known before it begins.
 *
 *   B1. Where backtracking is proven to stay below MOST_STEPS for the text at hand, the native engine matches.
 *   B2. Otherwise re2js does, in time linear in the text.
 *   B3. What re2js cannot do is refused, with the reason; never tried in hope.
 */
import type { Matcher } from "re2js";
import { MatchPlan } from "./match-plan.ts";

/** jsonata asks anew at every evaluation, with the pattern of its syntax tree: each is looked into once. */
const plans = new WeakMap<RegExp, MatchPlan>();

/** A regular expression that ends, or says why it does not begin. It matches as RegExp does. */
export class BoundedRegExp extends RegExp {
  readonly #plan: MatchPlan;

  constructor(pattern: string | RegExp, flags?: string) {
    super(pattern, flags);
    const key = typeof pattern === "string" ? this : pattern;
    this.#plan = plans.get(key) ?? new MatchPlan(this);
    plans.set(key, this.#plan);
  }

  /** @throws {UnboundedRegexError} for a text too long for a pattern that only backtracking can match */
  override exec(text: string): RegExpExecArray | null {
    const linear = this.#plan.linearFor(text.length);
    if (linear === undefined) return super.exec(text);
    const from = this.global ? this.lastIndex : 0;
    const matcher = linear.matcher(text);
    const found = from <= text.length && matcher.find(from);
    if (this.global) this.lastIndex = found ? matcher.end() : 0;
    return found ? foundBy(matcher, text) : null;
  }
}

/** For jsonata, which asks for a constructor and only ever calls `new`. */
export const BoundedRegExpConstructor: RegExpConstructor = new Proxy(RegExp, {
  construct: (_native, [pattern, flags]: [string | RegExp, string?]) => new BoundedRegExp(pattern, flags),
});

function foundBy(matcher: Matcher, text: string): RegExpExecArray {
  const found: [string, ...string[]] = [matcher.group(0) ?? ""];
  found.length = matcher.groupCount() + 1;
  for (let group = 1; group < found.length; group += 1) {
    const value = matcher.group(group);
    // A group that took no part stays unset, as in RegExp.
    if (value !== null) found[group] = value;
  }
  return Object.assign(found, { index: matcher.start(), input: text });
}
