/** The results of a map run cannot be gathered: the run fails with this error and message. */
export class ResultsError extends Error {
  override readonly name = "ResultsError";
  readonly error: string;

  constructor(error = "States.ResultWriterFailed", cause = "", options?: ErrorOptions) {
    super(cause, options);
    this.error = error;
  }
}
