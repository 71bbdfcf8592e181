/** One thing about a pattern that its author has probably not meant. */
export interface LintFinding {
  readonly code:
    | "UNKNOWN_SOURCE"
    | "UNKNOWN_DETAIL_TYPE"
    | "UNKNOWN_FIELD"
    | "UNKNOWN_VALUE"
    | "WRONG_TYPE"
    | "NEVER_MATCHES"
    | "MATCHES_EVERYTHING"
    | "DUPLICATE_FIELD";
  /** Names joined by dots. */
  readonly path: string;
  /** One sentence: what is wrong, and what was probably meant. */
  readonly message: string;
  /** What was probably meant: a path, a value, or an expression, as it would be written. */
  readonly suggestion?: string;
}

/** A finding whose sentence ends with the likely intention, where there is one. */
export function finding(code: LintFinding["code"], path: string, wrong: string, suggestion?: string): LintFinding {
  if (suggestion === undefined) return { code, path, message: `${path}: ${wrong}` };
  return { code, path, message: `${path}: ${wrong}; did you mean ${suggestion}?`, suggestion };
}
