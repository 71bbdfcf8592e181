import type { WaitState } from "../compiled.ts";
import type { Evaluation } from "../evaluation.ts";
import { type MaybePromise, whenReady } from "../evaluation.ts";
import type { JsonValue } from "../json.ts";
import { shownJson } from "../shown.ts";
import { evaluationError, runtimeError, type StateError } from "../state-error.ts";
import { parseTimestamp } from "../timestamp.ts";
import type { Frame } from "./frame.ts";
import type { Run } from "./run.ts";

/** The longest delay Step Functions takes: 2^31 milliseconds, about 24,855 days when counted in seconds. */
const MAX_DELAY_SECONDS = 2 ** 31 - 1;

export function attemptWait(run: Run, frame: Frame, state: WaitState, evaluation: Evaluation): MaybePromise<void> {
  return whenReady(state.wait.read(evaluation), (value) => {
    const atMs = state.wait.kind === "seconds" ? secondsFrom(run, state, value) : momentFrom(state, value);
    if (atMs - run.nowMs > MAX_DELAY_SECONDS * 1000) throw tooLong(state, value);
    const timerId = run.startTimer(frame, "wait", Math.max(atMs, run.nowMs));
    frame.wait = { kind: "timer", timerId, atMs, purpose: "wait" };
  });
}

function tooLong(state: WaitState, value: JsonValue): StateError {
  return runtimeError(`The ${state.wait.field} parameter is too far in the future: ${shown(value)}`);
}

function secondsFrom(run: Run, state: WaitState, value: JsonValue): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return run.nowMs + value * 1000;
  const { path, field } = state.wait;
  // A path may find the number as a text.
  if (path !== undefined && typeof value === "string" && /^\+?\d+$/.test(value))
    return run.nowMs + Number(value) * 1000;
  if (path !== undefined) {
    throw runtimeError(`The ${field} parameter cannot be parsed as a long value: ${path} == ${shown(value)}`);
  }
  throw evaluationError(
    `The ${field} field must be a non-negative integer but was: ${shown(value)}`,
    state.jsonata ? field : undefined,
  );
}

function momentFrom(state: WaitState, value: JsonValue): number {
  const moment = typeof value === "string" ? parseTimestamp(value) : undefined;
  if (moment !== undefined) return moment;
  const { path, field } = state.wait;
  const expected = "ISO-8601 extended offset date-time format string";
  if (path !== undefined) {
    throw runtimeError(`The ${field} parameter does not reference a valid ${expected}: ${path} == ${shown(value)}`);
  }
  throw evaluationError(`The ${field} field cannot be parsed as an ${expected}: ${shown(value)}`, field);
}

function shown(value: JsonValue): string {
  return typeof value === "string" ? value : shownJson(value);
}
