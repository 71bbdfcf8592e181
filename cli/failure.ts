export type ExitCode = 1 | 2 | 3 | 129 | 130 | 143;

/**
 * How a command ends other than well. Exit codes: 0 done (also "unchanged"), 1 failed, 2 wrong usage, 3 refused input,
 * 129, 130 and 143 ended by its terminal being closed, by Ctrl-C and by SIGTERM, as a shell counts them.
 * `result` is what `--json` prints; without it, an object with the message.
 */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly exitCode: ExitCode;
  readonly result: unknown;

  constructor(exitCode: ExitCode, message: string, result?: unknown) {
    super(message);
    this.exitCode = exitCode;
    this.result = result;
  }
}
