/**
 * An intrinsic function was given what it cannot take. AWS fails the state with States.Runtime and says no more than which
 * function it was; what was wrong stays in `message`, for whoever debugs.
 */
export class IntrinsicFailure extends Error {
  override readonly name = "IntrinsicFailure";
  readonly code = "States.Runtime";
  /** What AWS adds, if anything. */
  readonly told: string;

  constructor(message: string, told = "") {
    super(message);
    this.told = told;
  }
}

/** Why an argument could not be read, in AWS's frame. */
export function argumentCause(call: string, reason: string): string {
  return `The function '${call}' had the following error: ${reason}`;
}

/** Why a function could not take its arguments. */
export function invalidArguments(call: string, name: string, { told }: IntrinsicFailure): string {
  return `There was an error while evaluating the intrinsic function: ${call}. Invalid arguments in ${name}${told}`;
}
