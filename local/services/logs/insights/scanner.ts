/**
 * Reads a Logs Insights query piece by piece. What "/" means depends on what may come next, so pieces are read when they
 * are asked for. A `#` begins a comment.
 */
import { QueryCompileError } from "./query-error.ts";

export interface Piece {
  kind: "word" | "field" | "string" | "number" | "symbol" | "end";
  /** A word as written; a field or string without its quotes. */
  text: string;
  start: number;
  end: number;
}

const SPACE = /(?:\s|#[^\n]*)*/y;
const PIECE =
  /(?<field>`[^`]*`)|(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<number>\d+(?:\.\d+)?)|(?<word>@?[A-Za-z_][\w.@]*)|(?<symbol>!=|<=|>=|=~|[|,()+\-*/%^=<>[\]])/suy;
const REGEX = /\/((?:[^/\\]|\\.)*)\//suy;

export class Scanner {
  readonly query: string;
  #at = 0;
  #piece: Piece | undefined;

  constructor(query: string) {
    this.query = query;
  }

  /** @throws QueryCompileError for a character that begins nothing */
  get next(): Piece {
    this.#piece ??= this.#read();
    return this.#piece;
  }

  advance(): Piece {
    const piece = this.next;
    this.#at = piece.end;
    this.#piece = undefined;
    return piece;
  }

  /** Takes a word (in any case) or symbol when it comes next. */
  take(...texts: string[]): boolean {
    const { kind, text } = this.next;
    const found = (kind === "word" || kind === "symbol") && texts.includes(text.toLowerCase());
    if (found) this.advance();
    return found;
  }

  expect(text: string): void {
    if (!this.take(text)) throw this.unexpected(text);
  }

  /** `/…/` when it comes next: its inside. */
  regex(): string | undefined {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.query);
    REGEX.lastIndex = SPACE.lastIndex;
    const found = REGEX.exec(this.query);
    if (found === null) return undefined;
    this.#at = REGEX.lastIndex;
    this.#piece = undefined;
    return found[1] ?? "";
  }

  /** The query's text from `start` to where reading stands. */
  since(start: number): string {
    return this.query.slice(start, this.#at).trim();
  }

  error(why: string, at: Piece = this.next): QueryCompileError {
    return new QueryCompileError(this.query, at.start, at.end, why);
  }

  unexpected(wanted: string): QueryCompileError {
    return this.error(`expected ${wanted}, found ${this.next.text || "the end of the query"}`);
  }

  #read(): Piece {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.query);
    const start = SPACE.lastIndex;
    if (start >= this.query.length) return { kind: "end", text: "", start, end: start };
    PIECE.lastIndex = start;
    const found = PIECE.exec(this.query);
    if (found === null) throw new QueryCompileError(this.query, start, start + 1, `cannot read "${this.query[start]}"`);
    const [whole] = found;
    const end = PIECE.lastIndex;
    const { field, string, number, word } = found.groups ?? {};
    if (field !== undefined) return { kind: "field", text: field.slice(1, -1), start, end };
    if (string !== undefined) return { kind: "string", text: unquoted(string), start, end };
    const kind = number !== undefined ? "number" : word !== undefined ? "word" : "symbol";
    return { kind, text: whole, start, end };
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

function unquoted(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(.)/gs, (_, char: string) => ESCAPES[char] ?? char);
}
