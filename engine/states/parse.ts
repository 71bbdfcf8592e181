/** Text → definition, with every diagnostic that ValidateStateMachineDefinition would give. */
import type { Diagnostic } from "./diagnostics.ts";
import type { MachineType, ParseResult } from "./engine.ts";
import { isObject, utf8Length } from "./json.ts";
import type { ExpressionReadings } from "./jsonata/reading.ts";
import { validateDefinition } from "./validate/definition.ts";
import type { TaskApis } from "./validate/findings.ts";
import { parseJson } from "./validate/json-text.ts";

/** How a definition is read; of a `STANDARD` machine unless `type` says otherwise. */
export type ParseOptions = Readonly<{
  type?: MachineType;
  /** Tells of SDK integrations and their members what AWS would not know; without it every one passes. */
  apis?: TaskApis;
  /** Expressions that were read ahead. */
  readings?: ExpressionReadings;
}>;

/** AWS's limit of a definition, in bytes. */
export const MAX_DEFINITION_BYTES = 1_048_576;

/** To find a diagnostic's line the text is read. Of very many in a long text only the first have one, lest it be read for minutes. */
const MIN_LOCATED = 10;
const MAX_READ = 20_000_000;

/** Parses and validates a definition; `definition` is there if nothing is an ERROR. */
export function parseDefinition(text: string, options: ParseOptions = {}): ParseResult {
  const type = options.type ?? "STANDARD";
  if (text.trim() === "") return { diagnostics: [refused("Definition must be a valid JSON object")] };
  const bytes = utf8Length(text);
  if (bytes > MAX_DEFINITION_BYTES) {
    return { diagnostics: [refused(`Definition must be ${MAX_DEFINITION_BYTES} bytes or less but has ${bytes}`)] };
  }
  const json = parseJson(text);
  if ("diagnostic" in json) return { diagnostics: [json.diagnostic] };
  if (!isObject(json.value)) return { diagnostics: [refused("Definition must be a valid JSON object")] };
  const located = Math.max(MIN_LOCATED, Math.floor(MAX_READ / text.length));
  const diagnostics = validateDefinition(json.value, type, options).map((found, index) =>
    index < located ? json.locate(found) : found,
  );
  const failed = diagnostics.some(({ severity }) => severity === "ERROR");
  return failed ? { diagnostics } : { definition: { type, source: json.value }, diagnostics };
}

/** About the text as a whole: AWS names no place. */
function refused(message: string): Diagnostic {
  return { severity: "ERROR", code: "SCHEMA_VALIDATION_FAILED", message, location: "" };
}
