/** From a state's result to its exit: ResultSelector, ResultPath, OutputPath, Output, Assign; then the next state or the end. */
import type { Expression } from "../evaluation.ts";
import { type MaybePromise, whenReady } from "../evaluation.ts";
import { isObject, type JsonObject, type JsonValue, utf8Length } from "../json.ts";
import { StateError } from "../state-error.ts";
import { branchSucceeded } from "./branches.ts";
import type { Frame } from "./frame.ts";
import { FrameEvaluation } from "./frame-evaluation.ts";
import type { Run } from "./run.ts";

/** Payloads may have 256 KiB as UTF-8 JSON. */
export const MAX_PAYLOAD_BYTES = 262_144;
const NOT_TRUNCATED = { truncated: false };

/** Takes the result of the state's work through its output fields and leaves the state. */
export function completeState(run: Run, frame: Frame, result: JsonValue): MaybePromise<void> {
  const { state } = frame;
  if (state.jsonata) {
    const extras = state.type === "Task" || state.type === "Map" || state.type === "Parallel" ? { result } : {};
    const evaluation = new FrameEvaluation(run, frame, frame.input, extras);
    return whenReady(assigned(state.assign, evaluation), (variables) =>
      whenReady(state.output === undefined ? result : state.output(evaluation), (output) =>
        exitState(run, frame, output, variables),
      ),
    );
  }
  if (state.resultSelector === undefined) return finishJsonPath(run, frame, result);
  return whenReady(state.resultSelector(new FrameEvaluation(run, frame, result)), (selected) =>
    finishJsonPath(run, frame, selected),
  );
}

function finishJsonPath(run: Run, frame: Frame, result: JsonValue): MaybePromise<void> {
  const { state } = frame;
  run.inspection?.record("afterResultSelector", result);
  return whenReady(state.assign && assigned(state.assign, new FrameEvaluation(run, frame, result)), (variables) => {
    const merged = state.resultPath === undefined ? result : state.resultPath(frame.input, result);
    run.inspection?.record("afterResultPath", merged);
    if (state.outputPath === undefined) return exitState(run, frame, merged, variables);
    return whenReady(state.outputPath(new FrameEvaluation(run, frame, merged)), (output) =>
      exitState(run, frame, output, variables),
    );
  });
}

/** Evaluates an Assign field; undefined if there is none. */
export function assigned(
  assign: Expression | undefined,
  evaluation: FrameEvaluation,
): MaybePromise<JsonObject | undefined> {
  if (assign === undefined) return undefined;
  return whenReady(assign(evaluation), (variables) => (isObject(variables) ? variables : undefined));
}

/** Leaves the state with that output, and goes to `next` (the state's own unless given). */
export function exitState(
  run: Run,
  frame: Frame,
  output: JsonValue,
  variables: JsonObject | undefined,
  next: string | undefined = frame.state.next,
): MaybePromise<void> {
  const { state } = frame;
  checkSize(run, output, state.type === "Task" ? state.resource : state.name);
  const details = { name: state.name, output: run.text(output), outputDetails: NOT_TRUNCATED };
  const names = variables === undefined ? [] : Object.keys(variables);
  frame.lastEventId = run.emit(
    `${state.type}StateExited`,
    frame.lastEventId,
    "stateExitedEventDetails",
    variables === undefined || names.length === 0
      ? details
      : { ...details, assignedVariables: textsOf(variables), assignedVariablesDetails: NOT_TRUNCATED },
  );
  if (variables !== undefined && names.length > 0) frame.scope.values = { ...frame.scope.values, ...variables };
  if (next !== undefined) return run.goTo(frame, next, output);
  frame.wait = undefined;
  if (frame.parent !== undefined) return branchSucceeded(run, frame.parent, frame, output);
  run.emit("ExecutionSucceeded", frame.lastEventId, "executionSucceededEventDetails", {
    output: run.text(output),
    outputDetails: NOT_TRUNCATED,
  });
  run.end({ status: "SUCCEEDED", output });
}

function textsOf(variables: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, JSON.stringify(value)]));
}

/** @throws {StateError} States.DataLimitExceeded */
export function checkSize(run: Run, value: JsonValue, what: string): void {
  if (value === null || (typeof value !== "object" && typeof value !== "string")) return;
  const text = run.text(value);
  if (text.length * 3 <= MAX_PAYLOAD_BYTES || utf8Length(text) <= MAX_PAYLOAD_BYTES) return;
  throw new StateError(
    "States.DataLimitExceeded",
    `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}
