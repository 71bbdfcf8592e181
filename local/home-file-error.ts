/** A file of the home's folder cannot be used as it is; the message names it and says what to do. */
export class HomeFileError extends Error {
  override readonly name = "HomeFileError";
  readonly code = "HomeFile";
}
