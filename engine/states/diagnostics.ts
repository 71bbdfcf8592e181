/** What ValidateStateMachineDefinition reports. */
export type Diagnostic = Readonly<{
  severity: "ERROR" | "WARNING";
  /** `SCHEMA_VALIDATION_FAILED`, `INVALID_JSON_DESCRIPTION`, … */
  code: string;
  message: string;
  /** `/States/Train/Next`, for broken JSON its position in the source, empty where AWS names no place. */
  location: string;
  /** Where in the text, counted from 1; absent when the definition was not given as text. */
  line?: number;
  column?: number;
}>;

/** Thrown by compile for a definition that parse would have refused. */
export class InvalidDefinitionError extends Error {
  override readonly name = "InvalidDefinitionError";
  readonly code = "InvalidDefinition";
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(invalidDefinitionMessage(diagnostics));
    this.diagnostics = diagnostics;
  }
}

/** The message of CreateStateMachine's InvalidDefinition: every error, comma separated. */
export function invalidDefinitionMessage(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "ERROR");
  const parts = errors.map(({ code, message, location }) =>
    // AWS prints a place that is not there as null.
    code === "INVALID_JSON_DESCRIPTION" ? `${code}: ${message}` : `${code}: ${message} at ${location || "null"}`,
  );
  return `Invalid State Machine Definition: '${parts.join(", ")}'`;
}
