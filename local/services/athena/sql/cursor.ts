/** Reads tokens one after the other; what is not as expected is refused in Athena's words, with its place. */
import { QueryError } from "./query-error.ts";
import { placeOf, type Token, tokenize } from "./tokens.ts";

export class Cursor {
  readonly sql: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(sql: string) {
    this.sql = sql;
    this.#tokens = tokenize(sql);
  }

  get next(): Token | undefined {
    return this.#tokens[this.#at];
  }

  get done(): boolean {
    return this.next === undefined;
  }

  /** Offset of the next token, or the end. */
  get offset(): number {
    return this.next?.start ?? this.sql.length;
  }

  /** Takes the words (or symbols) when they come next, all or none. */
  take(...words: string[]): boolean {
    const found = words.every((word, index) => {
      const token = this.#tokens[this.#at + index];
      const plain = token?.kind === "word" || token?.kind === "symbol";
      return plain && token.text.toLowerCase() === word.toLowerCase();
    });
    if (found) this.#at += words.length;
    return found;
  }

  expect(...words: string[]): void {
    if (!this.take(...words)) throw this.mismatch(words.join(" "));
  }

  identifier(): string {
    const token = this.next;
    if (token?.kind !== "word" && token?.kind !== "identifier") throw this.mismatch("<identifier>");
    this.#at++;
    return token.text.toLowerCase();
  }

  /** An identifier as it is written: a prepared statement's name keeps its case. */
  name(): string {
    const written = this.next?.text ?? "";
    this.identifier();
    return written;
  }

  string(): string {
    const token = this.next;
    if (token?.kind !== "string") throw this.mismatch("<string>");
    this.#at++;
    return token.text;
  }

  /** Any token's text; undefined at the end. */
  advance(): Token | undefined {
    const token = this.next;
    if (token !== undefined) this.#at++;
    return token;
  }

  /** db.table, catalog.db.table or table; in one pair of quotes too, as SHOW CREATE TABLE writes it. */
  qualifiedName(): { database: string | undefined; name: string } {
    const parts = this.identifier().split(".");
    while (this.take(".")) parts.push(...this.identifier().split("."));
    return { database: parts.at(-2), name: parts.at(-1) ?? "" };
  }

  /** The rest, in its place: what came before is blanked, so that places in messages stay true. */
  rest(): string {
    const from = this.offset;
    return this.sql.slice(0, from).replace(/[^\n]/g, " ") + this.sql.slice(from);
  }

  mismatch(expected: string): QueryError {
    const found = this.next?.text ?? "<EOF>";
    return new QueryError(`${placeOf(this.sql, this.offset)}: mismatched input '${found}'. Expecting: '${expected}'`);
  }
}
