/** JSON text with positions, so that a diagnostic can name line and column; syntax errors in the words of AWS's parser. */
import type { Diagnostic } from "../diagnostics.ts";
import type { JsonValue } from "../json.ts";
import { jsonProblem } from "./json-syntax.ts";
import { positionAt, positionOf } from "./text-position.ts";

export type ParsedJson =
  | Readonly<{ value: JsonValue; locate(diagnostic: Diagnostic): Diagnostic }>
  | Readonly<{ diagnostic: Diagnostic }>;

/** How much of the source AWS quotes. */
const QUOTED_CHARACTERS = 500;
/** How deeply text may nest, as in AWS's parser. Everything that reads a definition may recurse that far. */
const MAX_DEPTH = 1000;

export function parseJson(text: string): ParsedJson {
  if (depthOf(text) > MAX_DEPTH) {
    const message = `The definition is nested more than ${MAX_DEPTH} levels deep`;
    return { diagnostic: { severity: "ERROR", code: "TOO_DEEPLY_NESTED", message, location: "/" } };
  }
  try {
    const value: JsonValue = JSON.parse(text);
    return { value, locate: (diagnostic) => ({ ...diagnostic, ...positionOf(text, diagnostic.location) }) };
  } catch {
    return { diagnostic: syntaxDiagnostic(text) };
  }
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

/** Brackets open at once, outside of strings; text that is no JSON counts too, it only has to end. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) inString = !inString;
    else if (inString) {
      if (code === 0x5c) at += 1;
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return deepest;
}
