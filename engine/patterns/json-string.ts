/** The content of a JSON string, with the errors of the parser AWS uses. */
import { describeChar } from "./json-char.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

const UNCLOSED = { name: " in field name", "string value": ": was expecting closing quote for a string value" };

/**
 * Reads from `start`, the character after the opening quote, to after the closing one.
 *
 * @param fail makes the error for a reason at a place in `source`
 * @param part what the string is, as errors call it
 */
export function readStringContent(
  source: string,
  start: number,
  fail: (reason: string, at: number) => Error,
  part: "name" | "string value",
): { text: string; end: number } {
  let text = "";
  let at = start;
  for (;;) {
    const char = source[at];
    if (char === undefined) throw fail(`Unexpected end-of-input${UNCLOSED[part]}`, at);
    at++;
    if (char === '"') return { text, end: at };
    if (char === "\\") {
      const escaped = readEscape(source, at, fail);
      text += escaped.char;
      at = escaped.end;
    } else if (char < " ") {
      throw fail(
        `Illegal unquoted character (${describeChar(char)}): has to be escaped using backslash to be included in ${part}`,
        at,
      );
    } else {
      text += char;
    }
  }
}

function readEscape(
  source: string,
  at: number,
  fail: (reason: string, at: number) => Error,
): { char: string; end: number } {
  const letter = source[at];
  if (letter === undefined) throw fail("Unexpected end-of-input in character escape sequence", at);
  if (letter === "u") {
    const hex = source.slice(at + 1, at + 5);
    const wrong = /[^0-9a-fA-F]/.exec(hex)?.[0];
    if (wrong !== undefined) {
      const reason = `Unexpected character (${describeChar(wrong)}): expected a hex-digit for character escape sequence`;
      throw fail(reason, at + 2 + hex.indexOf(wrong));
    }
    if (hex.length < 4) throw fail("Unexpected end-of-input in character escape sequence", source.length);
    return { char: String.fromCharCode(Number.parseInt(hex, 16)), end: at + 5 };
  }
  const char = ESCAPES[letter];
  if (char === undefined) throw fail(`Unrecognized character escape ${describeChar(letter)}`, at + 1);
  return { char, end: at + 1 };
}
