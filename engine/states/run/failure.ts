/**
 * What happens when a state fails: Retry, else Catch, else the branch fails, and with it the state around it.
 *
 *   R1. The first retrier whose ErrorEquals matches decides; later ones are not asked.
 *   R2. Attempts are counted per retrier, over all attempts of one visit to the state.
 *   R3. What a catcher's own Assign, Output or ResultPath raises fails the state; no catcher is asked again.
 *   R4. Nothing catches States.Runtime, by whatever name. States.ALL does catch States.DataLimitExceeded (as recorded).
 * Source: https://states-language.net/#errors and AWS's list of error names.
 */
import type { Catcher } from "../compiled.ts";
import { type MaybePromise, whenReady } from "../evaluation.ts";
import type { JsonValue } from "../json.ts";
import { MAX_CAUSE } from "../shown.ts";
import { StateError } from "../state-error.ts";
import { abandonBranches, branchFailed } from "./branches.ts";
import { assigned, exitState } from "./finish.ts";
import type { Frame } from "./frame.ts";
import { FrameEvaluation } from "./frame-evaluation.ts";
import { closeMapRun } from "./map-run.ts";
import type { Run } from "./run.ts";

/** A task that sent no heartbeat in time failed with States.Timeout, which Retry and Catch know by this name too. */
export const HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout";

/** Fails the frame's state with the error. */
export function failState(run: Run, frame: Frame, raised: StateError): MaybePromise<void> {
  const error = described(run, frame, raised);
  run.lastFailure = error;
  // Only where it was raised: a state around it that fails with the same error evaluated nothing.
  if (raised.prefixed) reportEvaluation(run, frame, error);
  if (frame.wait?.kind === "map-run" && frame.wait.phase !== "ended") closeMapRun(run, frame, frame.wait, error);
  const fatal = error.error === "States.Runtime";
  if (!fatal && retries(run, frame, error)) return;
  const beforeFailed = frame.lastEventId;
  reportFailed(run, frame, error);
  const catcher = fatal ? undefined : frame.state.catchers.find(({ errors }) => matchesError(errors, error));
  if (catcher === undefined) return propagate(run, frame, error);
  const inCatcher = (thrown: unknown) => {
    const failure = described(run, frame, run.asStateError(thrown));
    run.lastFailure = failure;
    // The state fails a second time, from where it stood before the first.
    frame.lastEventId = beforeFailed;
    reportEvaluation(run, frame, failure);
    reportFailed(run, frame, failure);
    return propagate(run, frame, failure);
  };
  try {
    const exited = caught(run, frame, error, catcher);
    return exited instanceof Promise ? exited.catch(inCatcher) : exited;
  } catch (thrown) {
    return inCatcher(thrown);
  }
}

/** The error with its place before the cause; TestState leaves that out, where there is but one state. */
function described(run: Run, frame: Frame, raised: StateError): StateError {
  if (!raised.prefixed || run.inspection !== undefined) return raised;
  const prefix = `An error occurred while executing the state '${frame.state.name}' (entered at the event id #${frame.enteredId}). `;
  return new StateError(raised.error, (prefix + (raised.detail ?? "")).slice(0, MAX_CAUSE), {
    ...(raised.location === undefined ? {} : { location: raised.location }),
  });
}

/** A Parallel or Map that fails has an event of its own, but for States.Runtime. */
function reportFailed(run: Run, frame: Frame, { error }: StateError): void {
  const { type } = frame.state;
  if ((type === "Map" || type === "Parallel") && error !== "States.Runtime")
    frame.lastEventId = run.emit(`${type}StateFailed`, frame.lastEventId);
}

/** An expression that failed has an event of its own. */
function reportEvaluation(run: Run, frame: Frame, error: StateError): void {
  if (error.error !== "States.QueryEvaluationError") return;
  frame.lastEventId = run.emit("EvaluationFailed", frame.lastEventId, {
    error: error.error,
    cause: error.detail,
    ...(error.location === undefined ? {} : { location: error.location }),
    state: frame.state.name,
  });
}

/** Whether one of the names in an ErrorEquals list stands for the error. */
function matchesError(names: readonly string[], { error, alias }: StateError): boolean {
  if (error !== undefined && names.includes(error)) return true;
  if (alias !== undefined && names.includes(alias)) return true;
  if (error === "States.Runtime") return false;
  if (names.includes("States.ALL")) return true;
  return names.includes("States.TaskFailed") && error !== "States.Timeout" && error !== HEARTBEAT_TIMEOUT;
}

function retries(run: Run, frame: Frame, error: StateError): boolean {
  const index = frame.state.retriers.findIndex(({ errors }) => matchesError(errors, error));
  const retrier = frame.state.retriers[index];
  const used = frame.attempts[index] ?? 0;
  if (retrier !== undefined) run.inspection?.recordError({ retryIndex: index });
  if (retrier === undefined || used >= retrier.maxAttempts) return false;
  const delay = Math.min(retrier.intervalSeconds * retrier.backoffRate ** used, retrier.maxDelaySeconds);
  const seconds = retrier.fullJitter ? delay * run.random.next() : delay;
  run.inspection?.recordError({ retryBackoffIntervalSeconds: delay });
  run.options.observe?.({ kind: "retrier", state: frame.state.name, index });
  frame.attempts = frame.state.retriers.map((_, at) => (frame.attempts[at] ?? 0) + (at === index ? 1 : 0));
  frame.retryCount += 1;
  const atMs = run.nowMs + Math.round(seconds * 1000);
  const timerId = run.startTimer(frame, "retry", atMs);
  frame.wait = { kind: "timer", timerId, atMs, purpose: "retry" };
  return true;
}

function caught(run: Run, frame: Frame, error: StateError, catcher: Catcher): MaybePromise<void> {
  frame.wait = undefined;
  const index = frame.state.catchers.indexOf(catcher);
  run.inspection?.recordError({ catchIndex: index });
  run.options.observe?.({ kind: "catcher", state: frame.state.name, index });
  // A timeout has no cause in history, yet an empty one when caught.
  const cause = error.detail ?? (error.error === "States.Timeout" ? "" : null);
  const errorOutput: JsonValue = { Error: error.error ?? null, Cause: cause };
  if (!frame.state.jsonata) {
    const evaluation = new FrameEvaluation(run, frame, errorOutput);
    return whenReady(assigned(catcher.assign, evaluation), (variables) => {
      const output = catcher.resultPath === undefined ? errorOutput : catcher.resultPath(frame.input, errorOutput);
      return exitState(run, frame, output, variables, catcher.next);
    });
  }
  const evaluation = new FrameEvaluation(run, frame, frame.input, { errorOutput });
  return whenReady(assigned(catcher.assign, evaluation), (variables) =>
    whenReady(catcher.output === undefined ? errorOutput : catcher.output(evaluation), (output) =>
      exitState(run, frame, output, variables, catcher.next),
    ),
  );
}

function propagate(run: Run, frame: Frame, error: StateError): MaybePromise<void> {
  if (frame.parent !== undefined) return branchFailed(run, frame.parent, frame, error);
  const details = {
    ...(error.error === undefined ? {} : { error: error.error }),
    ...(error.detail === undefined ? {} : { cause: error.detail }),
  };
  abandonBranches(run, frame);
  run.emit("ExecutionFailed", frame.lastEventId, details);
  run.end({ status: "FAILED", ...details });
}
