/**
 * The syntax tree of a JavaScript regular expression (without the `u` and `v` flags), as far as its cost and its form in
 * another engine depend on it.
 *
 * The source must be one that `new RegExp` takes: it is not checked again.
 * Source: https://tc39.es/ecma262/#sec-patterns and its Annex B.1.2
 */
import { readClass, readEscape, UNITS } from "./characters.ts";

export type RegexNode =
  /** One character out of a set, or an assertion that takes none; written as RE2 has it. */
  | Readonly<{ kind: "character" | "assertion"; re2: string }>
  | Readonly<{ kind: "sequence" | "alternatives"; parts: readonly RegexNode[] }>
  | Readonly<{ kind: "group"; open: string; body: RegexNode }>
  | Readonly<{ kind: "repeat"; body: RegexNode; least: number; most: number; lazy: boolean }>
  | Readonly<{ kind: "lookaround"; body: RegexNode }>
  | Readonly<{ kind: "backreference" }>;

/** Groups within groups; the analysis recurses. */
const MOST_NESTED = 200;

/** @returns undefined where groups nest deeper than anyone writes them */
export function parseRegex(source: string): RegexNode | undefined {
  return new Reader(source).alternatives(0);
}

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  alternatives(depth: number): RegexNode | undefined {
    if (depth > MOST_NESTED) return undefined;
    const parts: RegexNode[] = [];
    do {
      const part = this.#sequence(depth);
      if (part === undefined) return undefined;
      parts.push(part);
    } while (this.#take("|"));
    return parts.length === 1 ? parts[0] : { kind: "alternatives", parts };
  }

  #sequence(depth: number): RegexNode | undefined {
    const parts: RegexNode[] = [];
    while (this.#at < this.#source.length && !this.#sees("|") && !this.#sees(")")) {
      const body = this.#term(depth);
      if (body === undefined) return undefined;
      parts.push(this.#repeated(body));
    }
    return { kind: "sequence", parts };
  }

  #term(depth: number): RegexNode | undefined {
    if (this.#take("(")) return this.#group(depth);
    if (this.#take("^")) return { kind: "assertion", re2: "^" };
    if (this.#take("$")) return { kind: "assertion", re2: "$" };
    if (this.#take(".")) return { kind: "character", re2: `[^${UNITS.lineEnds}]` };
    if (this.#sees("[")) {
      const { re2, end } = readClass(this.#source, this.#at);
      this.#at = end;
      return { kind: "character", re2 };
    }
    const boundary = /^\\[bB]/.exec(this.#ahead(2))?.[0];
    if (boundary !== undefined) {
      this.#at += 2;
      return { kind: "assertion", re2: boundary };
    }
    const reference = /^\\(?:[1-9]\d*|k<[^>]*>)/.exec(this.#ahead(100))?.[0];
    if (reference !== undefined) {
      this.#at += reference.length;
      return { kind: "backreference" };
    }
    const { re2, end } = readEscape(this.#source, this.#at, "outside");
    this.#at = end;
    return { kind: "character", re2 };
  }

  #group(depth: number): RegexNode | undefined {
    const around = /^\?<?[=!]/.exec(this.#ahead(3))?.[0];
    const opening = around ?? /^\?(?:[ims-]*:|<[^>]*>)/.exec(this.#ahead(200))?.[0] ?? "";
    this.#at += opening.length;
    const body = this.alternatives(depth + 1);
    this.#take(")");
    if (body === undefined) return undefined;
    if (around !== undefined) return { kind: "lookaround", body };
    // Names are of no use to whoever reads matches by number.
    return { kind: "group", open: opening.endsWith(":") ? `(${opening}` : "(", body };
  }

  #repeated(body: RegexNode): RegexNode {
    const found = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})(\??)/.exec(this.#ahead(40));
    if (found === null) return body;
    const [text, sign, least, comma, most, lazy] = found;
    this.#at += text.length;
    const [from, to] =
      sign === undefined
        ? [Number(least), comma === "" ? Number(least) : most === "" ? Number.POSITIVE_INFINITY : Number(most)]
        : [sign === "+" ? 1 : 0, sign === "?" ? 1 : Number.POSITIVE_INFINITY];
    return { kind: "repeat", body, least: from, most: to, lazy: lazy !== "" };
  }

  #ahead(length: number): string {
    return this.#source.slice(this.#at, this.#at + length);
  }

  #sees(character: string): boolean {
    return this.#source[this.#at] === character;
  }

  #take(character: string): boolean {
    if (!this.#sees(character)) return false;
    this.#at += 1;
    return true;
  }
}
