/** Where something is: `line` and `column` count from 1, `column` in characters. */
export type Position = Readonly<{ file?: string; line?: number; column?: number }>;

/** A published file is unfit for the product. Final: the same file is refused again. */
export class RefusedFileError extends Error {
  override readonly name = "RefusedFileError";
  readonly code = "RefusedFile";
  readonly position: Position;

  constructor(reason: string, position: Position = {}) {
    super(reason);
    this.position = position;
  }

  /** The same, said of a file. */
  in(file: string): RefusedFileError {
    return new RefusedFileError(this.message, { file, ...this.position });
  }
}
