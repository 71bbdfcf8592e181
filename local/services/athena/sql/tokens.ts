/** SQL as tokens with their places: enough to tell statements apart and to read Athena's DDL. */
export interface Token {
  kind: "word" | "identifier" | "string" | "number" | "symbol";
  /** A word as written; an identifier or string without its quotes. */
  text: string;
  start: number;
  end: number;
}

const PATTERN =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>'(?:[^']|'')*')|(?<identifier>"(?:[^"]|"")*"|`(?:[^`]|``)*`)|(?<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(?<word>[\p{L}_@$][\p{L}\p{N}_@$]*)|(?<symbol><>|!=|>=|<=|\|\||->|=>|[\s\S])/uy;

export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  for (let match = PATTERN.exec(sql); match !== null; match = PATTERN.exec(sql)) {
    const { space, string, identifier, number, word } = match.groups ?? {};
    const start = match.index;
    const end = PATTERN.lastIndex;
    const [whole] = match;
    if (space !== undefined) continue;
    if (string !== undefined) tokens.push({ kind: "string", text: unquote(string), start, end });
    else if (identifier !== undefined) tokens.push({ kind: "identifier", text: unquote(identifier), start, end });
    else if (number !== undefined) tokens.push({ kind: "number", text: number, start, end });
    else if (word !== undefined) tokens.push({ kind: "word", text: word, start, end });
    else tokens.push({ kind: "symbol", text: whole, start, end });
  }
  return tokens;
}

/** "line 1:8", as Trino gives places: both from 1. */
export function placeOf(sql: string, offset: number): string {
  const before = sql.slice(0, offset);
  const line = before.split("\n").length;
  return `line ${line}:${offset - (before.lastIndexOf("\n") + 1) + 1}`;
}

function unquote(quoted: string): string {
  const quote = quoted[0] ?? "";
  return quoted.slice(1, -1).replaceAll(quote + quote, quote);
}
