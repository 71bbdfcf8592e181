// From the core itself: `z.core` as a value would bring all of zod, its fifty locales too, into every bundle.
import { $ZodError } from "zod/v4/core";

/** A `curation.json` is wrong. Final: the message says where, in one line. */
export class CurationError extends Error {
  override readonly name = "CurationError";
  readonly code = "Curation";

  constructor(at: string, cause: unknown) {
    super(`${at}: ${mistake(cause)}; correct it as docs/reference/curation.md says`, { cause });
  }
}

/** zod/mini carries no messages of its own: they would weigh on every cold start. */
function mistake(cause: unknown): string {
  const issue = cause instanceof $ZodError ? cause.issues[0] : undefined;
  if (issue === undefined) return cause instanceof Error ? cause.message : String(cause);
  const place = issue.path.length === 0 ? "the document" : issue.path.join(".");
  switch (issue.code) {
    case "unrecognized_keys":
      return `${place} has no field ${issue.keys.join(", ")}`;
    case "invalid_type":
      return `${place}: expected ${issue.expected}`;
    case "invalid_union":
      return `${place}: expected categorical, integer, number or text`;
    default:
      return `${place}: ${issue.message}`;
  }
}
