/**
 * A streaming JSON reader whose errors, places and laziness are those of the parser AWS uses (Jackson), so that a broken
 * pattern is refused with the text AWS gives.
 *
 *   T1. A string's content is read only when asked for: an error about its kind comes before one about its content.
 *   T2. A place is the position after the last character consumed, both line and column from 1.
 *   T3. What follows the outermost value is not read.
 *   T4. With a field's name the beginning of its value is read, too: a scalar whole, a string to its opening quote. The
 *       place of an error about the name is therefore behind that.
 */
import { interned } from "./interned.ts";
import { InvalidEventPatternError } from "./invalid-event-pattern-error.ts";
import { describeChar } from "./json-char.ts";
import { readNumber } from "./json-number.ts";
import { readStringContent } from "./json-string.ts";

export type TokenKind = "{" | "}" | "[" | "]" | "field" | "string" | "number" | "true" | "false" | "null";

/** What the reader needs to know of one open object or array. */
interface Scope {
  close: "}" | "]";
  start: number;
  entries: number;
}

/** The parser's own limit of levels. */
const DEEPEST = 1000;
const SHOWN_SOURCE = 500;
const VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
const WORD = /[\p{ID_Continue}$\u200c\u200d]+/uy;
const SPACE = /[ \t\r\n]*/y;
const COMMENT =
  "maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)";

export class JsonTokens {
  readonly #source: string;
  readonly #scopes: Scope[] = [];
  #at = 0;
  #text = "";
  /** T1: a string was announced but its content not read. */
  #unread = false;
  /** T4: the value that comes next, and the text of a scalar. */
  #ahead: { readonly kind: TokenKind; readonly text: string } | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  /** The next token, or undefined at the end of an empty source. @throws InvalidEventPatternError */
  next(): TokenKind | undefined {
    if (this.#ahead !== undefined) return this.#announced(this.#ahead);
    if (this.#unread) this.text();
    this.#skipSpace();
    const scope = this.#scopes.at(-1);
    const char = this.#source[this.#at];
    if (char === undefined) {
      if (scope === undefined) return undefined;
      const opened = `${kindOf(scope)} (start marker at ${this.#place(scope.start)})`;
      throw this.fail(`Unexpected end-of-input: expected close marker for ${opened}`);
    }
    if (char === "}" || char === "]") return this.#close(char);
    if (scope === undefined) return this.#value(char);
    if (scope.entries++ > 0) this.#comma(scope);
    const first = this.#source[this.#at];
    if (first === undefined) throw this.fail(`Unexpected end-of-input within/between ${kindOf(scope)} entries`);
    return scope.close === "}" ? this.#field(first) : this.#value(first);
  }

  /** The next token inside a value; the end of the source cannot follow here. */
  expect(): TokenKind {
    const token = this.next();
    if (token === undefined) throw this.fail("Unexpected end-of-input");
    return token;
  }

  /** Name of a field, content of a string, or the digits of a number as written. */
  text(): string {
    if (this.#unread) {
      this.#unread = false;
      this.#text = this.#string("string value");
    }
    return this.#text;
  }

  /** An error at the current place. */
  fail(reason: string): InvalidEventPatternError {
    return new InvalidEventPatternError(reason, `\n at ${this.#place(this.#at)}`);
  }

  #field(char: string): TokenKind {
    if (char !== '"') throw this.#unexpected(char, "was expecting double-quote to start field name");
    this.#at++;
    const name = this.#string("name");
    this.#skipSpace();
    const colon = this.#source[this.#at];
    if (colon !== ":") {
      if (colon === undefined) throw this.fail("Unexpected end-of-input within/between Object entries");
      throw this.#unexpected(colon, "was expecting a colon to separate field name and value");
    }
    this.#at++;
    this.#skipSpace();
    const first = this.#source[this.#at];
    if (first === undefined) throw this.fail("Unexpected end-of-input within/between Object entries");
    if (first === "}") throw this.#unexpected(first, "expected a value");
    const kind = this.#value(first);
    this.#ahead = { kind, text: this.#text };
    this.#unread = false;
    this.#text = name;
    return "field";
  }

  #announced({ kind, text }: { readonly kind: TokenKind; readonly text: string }): TokenKind {
    this.#ahead = undefined;
    this.#text = text;
    this.#unread = kind === "string";
    return kind;
  }

  #value(char: string): TokenKind {
    switch (char) {
      case "{":
      case "[":
        if (this.#scopes.length === DEEPEST) {
          const found = DEEPEST + 1;
          throw this.#failAt(
            `Document nesting depth (${found}) exceeds the maximum allowed (${DEEPEST})`,
            this.#at + 1,
          );
        }
        this.#scopes.push({ close: char === "{" ? "}" : "]", start: this.#at, entries: 0 });
        this.#at++;
        return char;
      case '"':
        this.#at++;
        this.#unread = true;
        return "string";
      default:
        return char === "-" || (char >= "0" && char <= "9") ? this.#number() : this.#word(char);
    }
  }

  #close(char: "}" | "]"): TokenKind {
    const scope = this.#scopes.at(-1);
    if (scope === undefined || scope.close !== char) {
      this.#at++;
      if (scope === undefined) throw this.fail(`Unexpected close marker '${char}': expected ']' (for root)`);
      const opened = `${kindOf(scope)} starting at ${this.#place(scope.start)}`;
      throw this.fail(`Unexpected close marker '${char}': expected '${scope.close}' (for ${opened})`);
    }
    this.#at++;
    this.#scopes.pop();
    return char;
  }

  #comma(scope: Scope): void {
    const char = this.#source[this.#at] ?? "";
    if (char !== ",") throw this.#unexpected(char, `was expecting comma to separate ${kindOf(scope)} entries`);
    this.#at++;
    this.#skipSpace();
  }

  #number(): TokenKind {
    this.#text = readNumber(this.#source, this.#at, (reason, at) => this.#failAt(reason, at));
    this.#at += this.#text.length;
    return "number";
  }

  #word(char: string): TokenKind {
    WORD.lastIndex = this.#at;
    const word = WORD.exec(this.#source)?.[0];
    if (word === undefined) throw this.#unexpected(char, `expected a valid value ${VALUES}`);
    this.#at += word.length;
    if (word === "true" || word === "false" || word === "null") {
      this.#text = word;
      return word;
    }
    throw this.fail(`Unrecognized token '${word}': was expecting ${VALUES}`);
  }

  #string(part: "name" | "string value"): string {
    const { text, end } = readStringContent(this.#source, this.#at, (reason, at) => this.#failAt(reason, at), part);
    this.#at = end;
    return interned(text);
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.#source);
    this.#at = SPACE.lastIndex;
    const char = this.#source[this.#at] ?? "";
    if (char === "/") throw this.#unexpected(char, COMMENT);
    if (char !== "" && char < " ") {
      const reason = `Illegal character (${describeChar(char)}): only regular white space (\\r, \\n, \\t) is allowed between tokens`;
      throw this.#failAt(reason, this.#at + 1);
    }
  }

  #failAt(reason: string, at: number): InvalidEventPatternError {
    this.#at = at;
    return this.fail(reason);
  }

  #unexpected(char: string, comment: string): InvalidEventPatternError {
    return this.#failAt(`Unexpected character (${describeChar(char)}): ${comment}`, this.#at + char.length);
  }

  #place(at: number): string {
    const before = this.#source.slice(0, at);
    const line = before.split("\n").length;
    const column = at - (before.lastIndexOf("\n") + 1) + 1;
    const cut = this.#source.length - SHOWN_SOURCE;
    const shown = cut > 0 ? `"${this.#source.slice(0, SHOWN_SOURCE)}"[truncated ${cut} chars]` : `"${this.#source}"`;
    return `[Source: (String)${shown}; line: ${line}, column: ${column}]`;
  }
}

function kindOf(scope: Scope): "Array" | "Object" {
  return scope.close === "]" ? "Array" : "Object";
}
