/**
 * How a command ends other than well. Exit codes: 0 done (also "unchanged"), 1 failed, 2 wrong usage, 3 refused input.
 * `result` is what `--json` prints; without it, an object with the message.
 */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly exitCode: 1 | 2 | 3;
  readonly result: unknown;

  constructor(exitCode: 1 | 2 | 3, message: string, result?: unknown) {
    super(message);
    this.exitCode = exitCode;
    this.result = result;
  }
}
