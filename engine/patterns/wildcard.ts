/** Wildcard patterns: `*` stands for any characters, `\*` and `\\` for themselves. */

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

/** Whether `value` is the pieces in order, with anything between them. Linear in the value's length for each piece. */
export function matchesWildcard(pieces: readonly string[], value: string): boolean {
  const first = pieces[0] ?? "";
  if (pieces.length === 1) return value === first;
  const last = pieces[pieces.length - 1] ?? "";
  if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) return false;
  const end = value.length - last.length;
  let at = first.length;
  for (let index = 1; index < pieces.length - 1; index++) {
    const piece = pieces[index] ?? "";
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
  return pieces.map((piece, index) => piece.slice(index === 0 ? 1 : 0, index === last ? -1 : undefined));
}
