/** JSON text with positions, so that a diagnostic can name line and column; syntax errors in the words of AWS's parser. */
import type { Diagnostic } from "../diagnostics.ts";
import type { JsonValue } from "../json.ts";
import { positionAt, positionOf } from "./text-position.ts";

export type ParsedJson =
  | Readonly<{ value: JsonValue; locate(diagnostic: Diagnostic): Diagnostic }>
  | Readonly<{ diagnostic: Diagnostic }>;

const EXPECTED = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
/** How much of the source AWS quotes. */
const QUOTED_CHARACTERS = 500;

export function parseJson(text: string): ParsedJson {
  try {
    const value: JsonValue = JSON.parse(text);
    return { value, locate: (diagnostic) => ({ ...diagnostic, ...positionOf(text, diagnostic.location) }) };
  } catch (thrown) {
    return { diagnostic: syntaxDiagnostic(text, thrown) };
  }
}

function syntaxDiagnostic(text: string, thrown: unknown): Diagnostic {
  const { line, column, message } = problemOf(text, thrown);
  const quoted =
    text.length > QUOTED_CHARACTERS
      ? `${text.slice(0, QUOTED_CHARACTERS)}"[truncated ${text.length - QUOTED_CHARACTERS} chars]`
      : `${text}"`;
  const location = `[Source: (String)"${quoted}; line: ${line}, column: ${column}]`;
  return {
    severity: "ERROR",
    code: "INVALID_JSON_DESCRIPTION",
    message: `${message}\n at ${location}`,
    location,
    line,
    column,
  };
}

function problemOf(text: string, thrown: unknown): { line: number; column: number; message: string } {
  if (text.trim() === "") {
    return { line: 1, column: 0, message: "No content to map due to end-of-input" };
  }
  const at = Number(/position (\d+)/.exec(String(thrown))?.[1] ?? firstProblem(text));
  const token = /^[\p{L}\p{N}_$]+/u.exec(text.slice(wordStart(text, at)))?.[0];
  if (token !== undefined && !/^\d/.test(token)) {
    const end = wordStart(text, at) + token.length;
    return { ...positionAt(text, end), message: `Unrecognized token '${token}': was expecting ${EXPECTED}` };
  }
  if (at >= text.length) return { ...positionAt(text, text.length), message: "Unexpected end-of-input" };
  const character = text.charAt(at);
  const code = character.codePointAt(0) ?? 0;
  return {
    ...positionAt(text, at + 1),
    message: `Unexpected character ('${character}' (code ${code})): was expecting ${EXPECTED}`,
  };
}

/** Node leaves the position out for short texts: there, the first word is the problem. */
function firstProblem(text: string): number {
  return text.length - text.trimStart().length;
}

function wordStart(text: string, at: number): number {
  let start = Math.min(at, text.length);
  while (start > 0 && /[\p{L}\p{N}_$]/u.test(text.charAt(start - 1))) start -= 1;
  return start;
}
