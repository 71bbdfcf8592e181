import { MAX_CAUSE } from "./shown.ts";

/**
 * An error a state ends with: what Retry and Catch match, and what ExecutionFailed reports.
 * `cause` is complete except for the prefix naming the state, which the run adds (`prefixed`).
 */
export class StateError extends Error {
  override readonly name = "StateError";
  /** Absent when a task failed without naming an error. */
  readonly error: string | undefined;
  readonly detail: string | undefined;
  /** Put "An error occurred while executing the state …" before the cause. */
  readonly prefixed: boolean;
  /** Set for failed expressions: the field, as EvaluationFailed's `location`. */
  readonly location: string | undefined;
  /** Another name that Retry and Catch know the error by. */
  readonly alias: string | undefined;

  constructor(error: string | undefined, cause: string | undefined, options: StateErrorOptions = {}) {
    super(`${error ?? "(no error)"}: ${cause ?? ""}`);
    this.error = error;
    this.detail = cause;
    this.prefixed = options.prefixed ?? false;
    this.location = options.location;
    this.alias = options.alias;
  }
}

export type StateErrorOptions = Readonly<{ prefixed?: boolean; location?: string; alias?: string }>;

/** States.Runtime: no Catch and no Retry helps. */
export function runtimeError(cause: string): StateError {
  return new StateError("States.Runtime", cause.slice(0, MAX_CAUSE), { prefixed: true });
}

/** States.QueryEvaluationError at a field such as `Output/error`. */
export function evaluationError(cause: string, location?: string): StateError {
  return new StateError("States.QueryEvaluationError", cause.slice(0, MAX_CAUSE), {
    prefixed: true,
    ...(location === undefined ? {} : { location }),
  });
}
