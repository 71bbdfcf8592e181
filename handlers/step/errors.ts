/** Errors every handler may raise. `name` is what Step Functions matches in ErrorEquals, so it is a literal, whatever a bundler renames. */
import * as z from "zod/mini";

/** The event is not what this handler takes. Final: the same event fails the same way. */
export class InvalidInputError extends Error {
  override readonly name = "InvalidInputError";
  readonly code = "InvalidInput";

  constructor(handler: string, error: z.core.$ZodError) {
    super(`${handler}: the input does not fit: ${z.prettifyError(error).replaceAll("\n", " ")}`, { cause: error });
  }
}

/** A file or answer this handler reads has not the shape its writer promised. Final. */
export class UnreadableDocumentError extends Error {
  override readonly name = "UnreadableDocumentError";
  readonly code = "UnreadableDocument";

  constructor(uri: string, expected: string, options?: ErrorOptions) {
    super(
      `${uri}: expected ${expected}; write it again with the version of the scripts that belongs to this stack`,
      options,
    );
  }
}
