import type { JsonValue } from "../json.ts";
import { StateError } from "../state-error.ts";

/** An intrinsic function was given what it cannot take: States.IntrinsicFailure at run time. */
export class IntrinsicFailure extends Error {
  override readonly name = "IntrinsicFailure";
  readonly code = "States.IntrinsicFailure";

  constructor(expected: string, found: JsonValue | undefined) {
    super(`expected ${expected} but found ${JSON.stringify(found) ?? "nothing"}`);
  }
}

/** The failure as the state's error, naming the call. */
export function intrinsicStateError(call: string, failure: IntrinsicFailure): StateError {
  return new StateError("States.IntrinsicFailure", intrinsicCause(call, failure.message), { prefixed: true });
}

/** Why a call failed, in AWS's frame. */
export function intrinsicCause(call: string, reason: string): string {
  return `The function '${call}' had the following error: ${reason}`;
}
