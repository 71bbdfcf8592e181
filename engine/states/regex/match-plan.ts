/** Which engine matches a pattern in a text of a given length; worked out once for every pattern. */
import { RE2JS, RE2JSException } from "re2js";
import { mostSteps } from "./cost.ts";
import { parseRegex, type RegexNode } from "./syntax.ts";
import { asRe2, NotLinear } from "./translate.ts";

/** Some tens of milliseconds of backtracking. */
const MOST_STEPS = 10_000_000;

/** A match that would have to go back too often. */
export class UnboundedRegexError extends Error {
  override readonly name = "UnboundedRegexError";
}

export class MatchPlan {
  readonly #pattern: RegExp;
  readonly #tree: RegexNode | undefined;
  #linear: RE2JS | undefined;
  /** The longest text known to be safe for backtracking, and the shortest known not to be. */
  #safeLength = -1;
  #unsafeLength = Number.POSITIVE_INFINITY;

  constructor(pattern: RegExp) {
    this.#pattern = pattern;
    this.#tree = parseRegex(pattern.source);
  }

  /**
   * The engine for a text too long to backtrack in; undefined where RegExp itself is safe.
   * @throws {UnboundedRegexError}
   */
  linearFor(length: number): RE2JS | undefined {
    if (length <= this.#safeLength) return undefined;
    if (length < this.#unsafeLength && this.#tree !== undefined && mostSteps(this.#tree, length) <= MOST_STEPS) {
      this.#safeLength = length;
      return undefined;
    }
    this.#unsafeLength = Math.min(this.#unsafeLength, length);
    this.#linear ??= this.#compile(length);
    return this.#linear;
  }

  #compile(length: number): RE2JS {
    const { ignoreCase, multiline } = this.#pattern;
    try {
      if (this.#tree === undefined) throw new NotLinear("its groups nest too deeply");
      const flags = (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (multiline ? RE2JS.MULTILINE : 0);
      return RE2JS.compile(asRe2(this.#tree), flags);
    } catch (cause) {
      if (!(cause instanceof NotLinear || cause instanceof RE2JSException)) throw cause;
      throw new UnboundedRegexError(
        `The regular expression ${String(this.#pattern)} may take too many steps in a text of ${length} characters, and no other way to match it is known: ${cause.message}; write it without that, or match a shorter text`,
        { cause },
      );
    }
  }
}
