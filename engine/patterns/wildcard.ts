/** Wildcard patterns: `*` stands for any characters, `\*` and `\\` for themselves. */
import { interned } from "./interned.ts";

/**
 * The pattern's literal pieces, between which anything may stand; one piece where there is no wildcard.
 * @throws Error with AWS's reason; its positions count UTF-8 bytes from the quote that precedes the text
 */
export function parseWildcard(text: string): string[] {
  const quoted = `"${text}"`;
  const pieces: string[] = [];
  let piece = "";
  for (let at = 0; at < quoted.length; at++) {
    const char = quoted[at] ?? "";
    const next = quoted[at + 1];
    if (char === "*") {
      if (next === "*") throw new Error(`Consecutive wildcard characters at pos ${bytesBefore(quoted, at)}`);
      pieces.push(piece);
      piece = "";
    } else if (char === "\\") {
      if (next !== "*" && next !== "\\") throw new Error(`Invalid escape character at pos ${bytesBefore(quoted, at)}`);
      piece += next;
      at++;
    } else {
      piece += char;
    }
  }
  pieces.push(piece);
  return unquoted(pieces);
}

/** A test whether a value is the pieces in order, with anything between them. Linear in its length for each piece. */
export function wildcardTest(pieces: readonly string[]): (value: unknown) => boolean {
  const first = pieces[0] ?? "";
  if (pieces.length === 1) return (value) => value === first;
  const last = pieces[pieces.length - 1] ?? "";
  const shortest = first.length + last.length;
  if (pieces.length === 2) return (value) => typeof value === "string" && hasEnds(value, first, last, shortest);
  const inner = pieces.slice(1, -1);
  return (value) =>
    typeof value === "string" && hasEnds(value, first, last, shortest) && hasInner(value, first, last, inner);
}

function hasEnds(value: string, first: string, last: string, shortest: number): boolean {
  return value.length >= shortest && value.startsWith(first) && value.endsWith(last);
}

function hasInner(value: string, first: string, last: string, pieces: readonly string[]): boolean {
  const end = value.length - last.length;
  let at = first.length;
  for (const piece of pieces) {
    const found = value.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}

function bytesBefore(text: string, at: number): number {
  return new TextEncoder().encode(text.slice(0, at)).length;
}

function unquoted(pieces: string[]): string[] {
  const last = pieces.length - 1;
  return pieces.map((piece, index) => interned(piece.slice(index === 0 ? 1 : 0, index === last ? -1 : undefined)));
}
