/** JSON text with positions, so that a diagnostic can name line and column; syntax errors in the words of AWS's parser. */
import type { Diagnostic } from "../diagnostics.ts";
import type { JsonValue } from "../json.ts";
import { MAX_NESTING, nestsTooDeeply } from "../nesting.ts";
import { jsonProblem } from "./json-syntax.ts";
import { positionAt, positionOf, type TextPosition } from "./text-position.ts";

export type ParsedJson =
  | Readonly<{ value: JsonValue; locate(diagnostic: Diagnostic): Diagnostic }>
  | Readonly<{ diagnostic: Diagnostic }>;

/** How much of the source AWS quotes. */
const QUOTED_CHARACTERS = 500;

/** The value, or the one diagnostic AWS gives for text that is no JSON or is nested too deeply. */
export function parseJson(text: string): ParsedJson {
  if (nestsTooDeeply(text)) {
    const message = `The definition is nested more than ${MAX_NESTING} levels deep`;
    return { diagnostic: { severity: "ERROR", code: "TOO_DEEPLY_NESTED", message, location: "/" } };
  }
  try {
    const value: JsonValue = JSON.parse(text);
    return { value, locate: (diagnostic) => ({ ...diagnostic, ...positionOf(text, diagnostic.location) }) };
  } catch {
    return { diagnostic: syntaxDiagnostic(text) };
  }
}

/** What is wrong with text that is no JSON, and where; in one line, which quotes nothing of the text. */
export function jsonSyntaxProblem(text: string): TextPosition & Readonly<{ message: string }> {
  const { message, offset, start } = jsonProblem(text);
  const place = positionAt(text, offset);
  if (start === undefined) return { message, ...place };
  // The message ends in brackets that are still open, for the place where the container began.
  const { line, column } = positionAt(text, start);
  return { message: `${message} line ${line}, column ${column})`, ...place };
}

function syntaxDiagnostic(text: string): Diagnostic {
  const { message, offset, start } = jsonProblem(text);
  const place = positionAt(text, offset);
  const location = sourceAt(text, place);
  // What is wrong with a container names where it began, in brackets that are still open.
  const full = start === undefined ? message : `${message} ${sourceAt(text, positionAt(text, start))})`;
  return {
    severity: "ERROR",
    code: "INVALID_JSON_DESCRIPTION",
    message: `${full}\n at ${location}`,
    location,
    ...place,
  };
}

function sourceAt(text: string, { line, column }: { line: number; column: number }): string {
  const rest = text.length - QUOTED_CHARACTERS;
  const quoted = rest > 0 ? `${text.slice(0, QUOTED_CHARACTERS)}"[truncated ${rest} chars]` : `${text}"`;
  return `[Source: (String)"${quoted}; line: ${line}, column: ${column}]`;
}
