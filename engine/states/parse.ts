/** Text → definition, with every diagnostic that ValidateStateMachineDefinition would give. */
import type { Diagnostic } from "./diagnostics.ts";
import type { MachineType, ParseResult } from "./engine.ts";
import { isObject } from "./json.ts";
import { validateDefinition } from "./validate/definition.ts";
import { parseJson } from "./validate/json-text.ts";

export type ParseOptions = Readonly<{ type?: MachineType }>;

/** Parses and validates a definition; `definition` is there if nothing is an ERROR. */
export function parseDefinition(text: string, options: ParseOptions = {}): ParseResult {
  const type = options.type ?? "STANDARD";
  if (text.trim() === "") return { diagnostics: [NOT_AN_OBJECT] };
  const json = parseJson(text);
  if ("diagnostic" in json) return { diagnostics: [json.diagnostic] };
  if (!isObject(json.value)) return { diagnostics: [NOT_AN_OBJECT] };
  const diagnostics = validateDefinition(json.value, type).map((diagnostic) => json.locate(diagnostic));
  const failed = diagnostics.some(({ severity }) => severity === "ERROR");
  return failed ? { diagnostics } : { definition: { type, source: json.value }, diagnostics };
}

const NOT_AN_OBJECT: Diagnostic = {
  severity: "ERROR",
  code: "SCHEMA_VALIDATION_FAILED",
  message: "Definition must be a valid JSON object",
  location: "",
};
