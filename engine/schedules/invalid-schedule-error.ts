/** A schedule expression AWS would refuse. */
export class InvalidScheduleError extends Error {
  override readonly name = "InvalidScheduleError";
  readonly code = "ValidationException";
  /** What is wrong with it and what would be right; AWS itself only says that it is not valid. */
  readonly hint: string;

  constructor(hint: string) {
    super("Parameter ScheduleExpression is not valid.");
    this.hint = hint;
  }
}
