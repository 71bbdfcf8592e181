/**
 * Where in a definition's text a diagnostic's location stands, so that a terminal or an editor can point at it.
 *
 * A location is AWS's: member names after slashes, array places in brackets, `/States/Route/Choices[1]/Next`. Names may hold
 * slashes and brackets themselves and are not escaped, so the text decides: at each object the longest name that fits is meant.
 */

/** Line and column, both counted from 1, columns in UTF-16 code units as editors count them. */
export type TextPosition = Readonly<{ line: number; column: number }>;

/**
 * Finds a location in JSON text: an object's member by its name, an array's element by its first character.
 * A location that leads to nothing (a missing field, say) answers for as much of it as there is.
 * @param text valid JSON; of anything else only the part read so far counts
 */
export function positionOf(text: string, location: string): TextPosition {
  return positionAt(text, offsetOf(text, location));
}

/** Line and column of an offset into the text. */
export function positionAt(text: string, offset: number): TextPosition {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

function offsetOf(text: string, location: string): number {
  let at = skipSpace(text, 0);
  let found = at;
  for (let rest = location; rest !== "" && rest !== "/"; ) {
    const step =
      text[at] === "{" ? memberStep(text, at, rest) : text[at] === "[" ? elementStep(text, at, rest) : undefined;
    if (step === undefined) return found;
    found = step.found;
    at = step.value;
    rest = rest.slice(step.used);
  }
  return found;
}

type Step = Readonly<{ found: number; value: number; used: number }>;

/** The member whose name is the longest beginning of the location; of equal ones the last, as a parser keeps it. */
function memberStep(text: string, start: number, rest: string): Step | undefined {
  let best: Step | undefined;
  let at = skipSpace(text, start + 1);
  while (text[at] === '"') {
    const end = stringEnd(text, at);
    const name = unquoted(text.slice(at, end));
    const value = skipSpace(text, skipSpace(text, end) + 1);
    const used = name.length + 1;
    const fits = rest.startsWith(`/${name}`) && (rest.length === used || "/[".includes(rest.charAt(used)));
    if (fits && used >= (best?.used ?? 0)) best = { found: at, value, used };
    at = nextItem(text, value);
  }
  return best;
}

/** `[1]`, or `/1` as in a JSON pointer. */
function elementStep(text: string, start: number, rest: string): Step | undefined {
  const match = /^(?:\[(\d+)\]|\/(\d+)(?=[/[]|$))/.exec(rest);
  if (match === null) return undefined;
  let at = skipSpace(text, start + 1);
  for (let left = Number(match[1] ?? match[2]); left > 0 && at < text.length; left -= 1) {
    if (text[at] === "]") return undefined;
    at = nextItem(text, at);
  }
  return at >= text.length || text[at] === "]" ? undefined : { found: at, value: at, used: match[0].length };
}

/** From the start of a value to the start of what follows its comma, or to the bracket that ends the container. */
function nextItem(text: string, value: number): number {
  const end = skipSpace(text, valueEnd(text, value));
  return text[end] === "," ? skipSpace(text, end + 1) : end;
}

function valueEnd(text: string, start: number): number {
  let at = start;
  for (let depth = 0; at < text.length; ) {
    const character = text[at] ?? "";
    if (character === '"') at = stringEnd(text, at);
    else if (depth === 0 && (character === "," || character === "}" || character === "]")) return at;
    else {
      if (character === "{" || character === "[") depth += 1;
      if (character === "}" || character === "]") depth -= 1;
      at += 1;
    }
  }
  return at;
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function unquoted(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && " \t\r\n".includes(text.charAt(at))) at += 1;
  return at;
}
