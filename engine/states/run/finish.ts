/** From a state's result to its exit: ResultSelector, ResultPath, OutputPath, Output, Assign; then the next state or the end. */
import { type Evaluation, type Expression, type MaybePromise, whenReady } from "../evaluation.ts";
import { isObject, type JsonObject, type JsonValue } from "../json.ts";
import { branchSucceeded } from "./branches.ts";
import type { Frame } from "./frame.ts";
import { FrameEvaluation } from "./frame-evaluation.ts";
import { limitedPayload, limitedVariables } from "./payload-limit.ts";
import type { Run } from "./run.ts";
import { checkVariablesTotal } from "./variables-total.ts";

const NOT_TRUNCATED = { truncated: false };

/**
 * Takes the result of the state's work through its output fields and leaves the state.
 * @param seen the evaluation its work was done with, where the output fields of a JSONata state see no more than that
 */
export function completeState(run: Run, frame: Frame, result: JsonValue, seen?: Evaluation): MaybePromise<void> {
  const { state } = frame;
  if (state.jsonata) return finishJsonata(run, frame, result, seen);
  if (state.resultSelector === undefined) return finishJsonPath(run, frame, result);
  return whenReady(state.resultSelector(new FrameEvaluation(run, frame, result)), (selected) =>
    finishJsonPath(run, frame, selected),
  );
}

function finishJsonata(run: Run, frame: Frame, result: JsonValue, seen: Evaluation | undefined): MaybePromise<void> {
  const { state } = frame;
  if (state.assign === undefined && state.output === undefined) return exitState(run, frame, result, undefined);
  const extras = state.type === "Task" || state.type === "Map" || state.type === "Parallel" ? { result } : undefined;
  const evaluation = seen ?? new FrameEvaluation(run, frame, frame.input, extras);
  const variables = assigned(state.assign, evaluation);
  if (variables instanceof Promise)
    return variables.then((ready) => outputJsonata(run, frame, evaluation, result, ready));
  return outputJsonata(run, frame, evaluation, result, variables);
}

function outputJsonata(
  run: Run,
  frame: Frame,
  evaluation: Evaluation,
  result: JsonValue,
  variables: JsonObject | undefined,
): MaybePromise<void> {
  const { output } = frame.state;
  const value = output === undefined ? result : output(evaluation);
  if (value instanceof Promise) return value.then((ready) => exitState(run, frame, ready, variables));
  return exitState(run, frame, value, variables);
}

function finishJsonPath(run: Run, frame: Frame, result: JsonValue): MaybePromise<void> {
  const { state } = frame;
  run.inspection?.record("afterResultSelector", result);
  if (state.assign === undefined) return outputJsonPath(run, frame, result, undefined);
  return whenReady(assigned(state.assign, new FrameEvaluation(run, frame, result)), (variables) =>
    outputJsonPath(run, frame, result, variables),
  );
}

function outputJsonPath(
  run: Run,
  frame: Frame,
  result: JsonValue,
  variables: JsonObject | undefined,
): MaybePromise<void> {
  const { state } = frame;
  const merged = state.resultPath === undefined ? result : state.resultPath(frame.input, result);
  run.inspection?.record("afterResultPath", merged);
  if (state.outputPath === undefined) return exitState(run, frame, merged, variables);
  return whenReady(state.outputPath(new FrameEvaluation(run, frame, merged)), (output) =>
    exitState(run, frame, output, variables),
  );
}

/** Evaluates an Assign field; undefined if there is none. */
export function assigned(assign: Expression | undefined, evaluation: Evaluation): MaybePromise<JsonObject | undefined> {
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
  const value = keepsData(frame.input, output) ? frame.input : output;
  const payload = limitedPayload(run, frame, value, state.name, "returned a result");
  const assigns = variables !== undefined && Object.keys(variables).length > 0;
  const details = assigns ? limitedVariables(variables, state.name) : undefined;
  if (details !== undefined) checkVariablesTotal(run, frame, details);
  frame.lastEventId = run.emitExited(frame, payload, details);
  if (assigns) frame.scope.values = { ...frame.scope.values, ...variables };
  if (next !== undefined) return run.goTo(frame, next, value, payload);
  frame.wait = undefined;
  if (frame.parent !== undefined) return branchSucceeded(run, frame.parent, frame, value);
  const { text } = payload;
  run.emit("ExecutionSucceeded", frame.lastEventId, { output: text, outputDetails: NOT_TRUNCATED });
  run.end({ status: "SUCCEEDED", output: value }, text);
}

/** Member names of the output being looked at; kept so that looking makes no garbage. */
const names: string[] = [];

/**
 * Whether the output says what the input said, by a look at its first level: most states change little or nothing, and
 * data kept as they are keep their text.
 */
function keepsData(input: JsonValue, output: JsonValue): boolean {
  if (input === output) return true;
  if (!isObject(input) || !isObject(output)) return false;
  let count = 0;
  for (const name in output) {
    if (output[name] !== input[name]) return false;
    names[count++] = name;
  }
  let at = 0;
  for (const name in input) if (names[at++] !== name || at > count) return false;
  return at === count;
}
