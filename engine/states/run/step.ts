/** One step of a frame: enter its state, attempt it (again), or say that its task has started. */
import type { CompiledState, FailState, PassState } from "../compiled.ts";
import { type Evaluation, type MaybePromise, whenReady } from "../evaluation.ts";
import type { JsonValue } from "../json.ts";
import { shownJson } from "../shown.ts";
import { StateError } from "../state-error.ts";
import { attemptChoice } from "./choice.ts";
import { completeState, exitState } from "./finish.ts";
import type { Action, Frame } from "./frame.ts";
import { FrameEvaluation } from "./frame-evaluation.ts";
import { attemptMap } from "./map.ts";
import { resumeMapRun } from "./map-run.ts";
import { attemptParallel } from "./parallel.ts";
import { MAX_PAYLOAD_BYTES } from "./payload-limit.ts";
import type { Run } from "./run.ts";
import { announceTask, attemptTask } from "./task.ts";
import { attemptWait } from "./wait.ts";

export function performAction(run: Run, frame: Frame, action: Action): MaybePromise<void> {
  if (action === "announce") return announceTask(run, frame);
  if (action === "resume" && frame.wait?.kind === "map-run" && frame.state.type === "Map")
    return resumeMapRun(run, frame, frame.state, frame.wait);
  if (action === "enter") enter(run, frame);
  return attempt(run, frame);
}

function enter(run: Run, frame: Frame): void {
  frame.enteredAtMs = run.nowMs;
  frame.payload ??= run.payload(frame.input);
  frame.enteredId = run.emitEntered(frame, frame.payload);
  frame.lastEventId = frame.enteredId;
}

function attempt(run: Run, frame: Frame): MaybePromise<void> {
  const { state } = frame;
  const evaluation = new FrameEvaluation(run, frame, frame.input);
  if (state.inputPath === undefined) return attemptWith(run, frame, state, evaluation);
  return whenReady(state.inputPath(evaluation), (input) =>
    attemptWith(run, frame, state, new FrameEvaluation(run, frame, input)),
  );
}

function attemptWith(run: Run, frame: Frame, state: CompiledState, evaluation: Evaluation): MaybePromise<void> {
  if (run.inspection !== undefined && showsInput(state)) run.inspection.record("afterInputPath", evaluation.input);
  switch (state.type) {
    case "Pass":
      return attemptPass(run, frame, state, evaluation);
    case "Succeed":
      return state.jsonata
        ? completeState(run, frame, evaluation.input)
        : exitState(run, frame, evaluation.input, undefined);
    case "Fail":
      return attemptFail(state, evaluation);
    case "Choice":
      return attemptChoice(run, frame, state, evaluation);
    case "Wait":
      return attemptWait(run, frame, state, evaluation);
    case "Task":
      return attemptTask(run, frame, state, evaluation.input);
    case "Parallel":
      return attemptParallel(run, frame, state, evaluation);
    case "Map":
      return attemptMap(run, frame, state, evaluation);
  }
}

/** AWS shows no input path of a Pass with a Result, nor of a Parallel. */
function showsInput(state: CompiledState): boolean {
  return !state.jsonata && state.type !== "Parallel" && !(state.type === "Pass" && state.result !== undefined);
}

function attemptPass(run: Run, frame: Frame, state: PassState, evaluation: Evaluation): MaybePromise<void> {
  if (state.jsonata) return completeState(run, frame, evaluation.input, evaluation);
  if (state.result !== undefined) {
    run.inspection?.record("result", state.result);
    return completeState(run, frame, state.result);
  }
  const result = state.parameters === undefined ? evaluation.input : state.parameters(evaluation);
  return result instanceof Promise ? result.then((ready) => passOn(run, frame, ready)) : passOn(run, frame, result);
}

function passOn(run: Run, frame: Frame, result: JsonValue): MaybePromise<void> {
  run.inspection?.record("afterParameters", result);
  return completeState(run, frame, result);
}

/** Always fails; absent fields stay absent in the error. */
function attemptFail(state: FailState, evaluation: Evaluation): MaybePromise<void> {
  return whenReady<JsonValue | undefined, void>(state.error?.(evaluation), (error) =>
    whenReady<JsonValue | undefined, void>(state.cause?.(evaluation), (cause) => {
      throw new StateError(textOf(error), textOf(cause));
    }),
  );
}

function textOf(value: JsonValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === "string" ? value : shownJson(value, MAX_PAYLOAD_BYTES);
}
