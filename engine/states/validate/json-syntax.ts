/**
 * What is wrong with text that is no JSON, and where, in the words of the parser AWS uses (Jackson).
 *
 * It is asked only once JSON.parse has refused the text, so it reads for the first problem and builds nothing. A stack
 * instead of recursion, because hostile text nests deeply.
 */
const VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const TOKEN = /[\p{ID_Start}$_][\p{ID_Continue}$]*/uy;
const ESCAPES = '"\\/bfnrt';

/** `offset` is where the parser stopped, one after the character at fault; `start` where the container it was in began. */
export type JsonProblem = Readonly<{ message: string; offset: number; start?: number }>;

/** The first problem; for text without one (JSON.parse saw what this does not), the end of the text. */
export function jsonProblem(text: string): JsonProblem {
  return new Scanner(text).scan() ?? { message: "Unexpected end-of-input", offset: text.length };
}

type Open = { readonly kind: "Object" | "Array"; readonly start: number };

class Scanner {
  readonly #text: string;
  #at = 0;
  readonly #open: Open[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  scan(): JsonProblem | undefined {
    this.#space();
    if (this.#at >= this.#text.length) return { message: "No content to map due to end-of-input", offset: 0 };
    let problem = this.#value();
    while (problem === undefined && this.#open.length > 0) problem = this.#afterValue();
    if (problem !== undefined) return problem;
    this.#space();
    return this.#at < this.#text.length ? this.#unexpected("expected the end of the definition") : undefined;
  }

  /** Reads a value whole, or the beginning of a container up to its first value. */
  #value(): JsonProblem | undefined {
    this.#space();
    const character = this.#text[this.#at];
    if (character === undefined) return this.#ended();
    if (character === "{" || character === "[") return this.#opened(character);
    if (character === '"') return this.#string("was expecting closing quote for a string value");
    if (character === "-" || /\d/.test(character)) return this.#number();
    TOKEN.lastIndex = this.#at;
    const token = TOKEN.exec(this.#text)?.[0];
    if (token === undefined) return this.#unexpected(`expected a valid value ${VALUES}`);
    this.#at += token.length;
    if (token === "true" || token === "false" || token === "null") return undefined;
    return { message: `Unrecognized token '${token}': was expecting ${VALUES}`, offset: this.#at };
  }

  #opened(bracket: "{" | "["): JsonProblem | undefined {
    this.#open.push({ kind: bracket === "{" ? "Object" : "Array", start: this.#at });
    this.#at += 1;
    this.#space();
    if (this.#text[this.#at] === (bracket === "{" ? "}" : "]")) {
      this.#at += 1;
      this.#open.pop();
      return undefined;
    }
    return bracket === "{" ? this.#member() : this.#value();
  }

  #member(): JsonProblem | undefined {
    this.#space();
    if (this.#at >= this.#text.length) return this.#ended();
    if (this.#text[this.#at] !== '"') return this.#unexpected("was expecting double-quote to start field name");
    const problem = this.#string("in field name");
    if (problem !== undefined) return problem;
    this.#space();
    if (this.#at >= this.#text.length) return this.#ended();
    if (this.#text[this.#at] !== ":") return this.#unexpected("was expecting a colon to separate field name and value");
    this.#at += 1;
    return this.#value();
  }

  /** After a value: the next one, or the end of its container. */
  #afterValue(): JsonProblem | undefined {
    const open = this.#open.at(-1);
    if (open === undefined) return undefined;
    this.#space();
    const character = this.#text[this.#at];
    if (character === undefined) return this.#ended();
    const close = open.kind === "Object" ? "}" : "]";
    if (character === close) {
      this.#at += 1;
      this.#open.pop();
      return undefined;
    }
    if (character === "}" || character === "]") {
      const message = `Unexpected close marker '${character}': expected '${close}' (for ${open.kind} starting at`;
      return { message, offset: this.#at + 1, start: open.start };
    }
    if (character !== ",") return this.#unexpected(`was expecting comma to separate ${open.kind} entries`);
    this.#at += 1;
    return open.kind === "Object" ? this.#member() : this.#value();
  }

  #string(unended: string): JsonProblem | undefined {
    this.#at += 1;
    for (; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text.charAt(this.#at);
      if (character === '"') {
        this.#at += 1;
        return undefined;
      }
      if (character < " ") {
        const message = `Illegal unquoted character ((CTRL-CHAR, code ${character.charCodeAt(0)})): has to be escaped using backslash to be included in string value`;
        return { message, offset: this.#at + 1 };
      }
      if (character === "\\") {
        this.#at += 1;
        const problem = this.#escape();
        if (problem !== undefined) return problem;
      }
    }
    const what = unended === "in field name" ? ` ${unended}` : `: ${unended}`;
    return { message: `Unexpected end-of-input${what}`, offset: this.#text.length };
  }

  #escape(): JsonProblem | undefined {
    const escaped = this.#text[this.#at];
    if (escaped === undefined || ESCAPES.includes(escaped)) return undefined;
    if (escaped !== "u") {
      const message = `Unrecognized character escape '${escaped}' (code ${escaped.codePointAt(0)})`;
      return { message, offset: this.#at + 1 };
    }
    if (/^[\da-fA-F]{4}/.test(this.#text.slice(this.#at + 1, this.#at + 5))) return undefined;
    this.#at += 1;
    return this.#unexpected("expected a hex-digit for character escape sequence");
  }

  #number(): JsonProblem | undefined {
    NUMBER.lastIndex = this.#at;
    const digits = NUMBER.exec(this.#text)?.[0];
    if (digits === undefined) {
      this.#at += 1;
      return this.#unexpected("expected digit (0-9) to follow minus sign, for valid numeric value");
    }
    if (/^-?0\d/.test(digits))
      return {
        message: "Invalid numeric value: Leading zeroes not allowed",
        offset: this.#at + digits.indexOf("0") + 2,
      };
    this.#at += digits.length;
    return undefined;
  }

  #ended(): JsonProblem {
    const open = this.#open.at(-1);
    const offset = this.#text.length;
    if (open === undefined) return { message: "Unexpected end-of-input", offset };
    return {
      message: `Unexpected end-of-input: expected close marker for ${open.kind} (start marker at`,
      offset,
      start: open.start,
    };
  }

  #unexpected(expected: string): JsonProblem {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    if (this.#at >= this.#text.length) return this.#ended();
    const message = `Unexpected character ('${character}' (code ${character.codePointAt(0)})): ${expected}`;
    return { message, offset: this.#at + 1 };
  }

  #space(): void {
    while (" \t\r\n".includes(this.#text.charAt(this.#at)) && this.#at < this.#text.length) this.#at += 1;
  }
}
