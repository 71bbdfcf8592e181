/** How a task ends badly: the error name and cause its state sees in Retry and Catch. */
export class TaskFailure extends Error {
  override readonly name = "TaskFailure";
  readonly error: string;
  readonly causeText: string;

  constructor(error: string, causeText: string) {
    super(`${error}: ${causeText}`);
    this.error = error;
    this.causeText = causeText;
  }
}
