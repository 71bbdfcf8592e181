import type { ChoiceState } from "../compiled.ts";
import type { Evaluation } from "../evaluation.ts";
import { type MaybePromise, whenReady } from "../evaluation.ts";
import { runtimeError } from "../state-error.ts";
import { assigned, exitState } from "./finish.ts";
import type { Frame } from "./frame.ts";
import { FrameEvaluation } from "./frame-evaluation.ts";
import type { Run } from "./run.ts";

/** Takes the first choice that matches. */
export function attemptChoice(
  run: Run,
  frame: Frame,
  state: ChoiceState,
  evaluation: Evaluation,
  from = 0,
): MaybePromise<void> {
  for (let index = from; index < state.choices.length; index += 1) {
    const matches = state.choices[index]?.matches(evaluation);
    if (matches instanceof Promise) {
      return matches.then((holds) =>
        holds ? take(run, frame, state, evaluation, index) : attemptChoice(run, frame, state, evaluation, index + 1),
      );
    }
    if (matches === true) return take(run, frame, state, evaluation, index);
  }
  // The States Language calls it States.NoChoiceMatched; AWS does not.
  throw runtimeError("Failed to transition out of the state. The state does not point to a next state.");
}

function take(run: Run, frame: Frame, state: ChoiceState, evaluation: Evaluation, index: number): MaybePromise<void> {
  const choice = state.choices[index];
  if (choice === undefined) return;
  run.options.observe?.({ kind: "branch", state: state.name, index });
  const own = new FrameEvaluation(run, frame, evaluation.input);
  return whenReady(assigned(choice.assign, own), (variables) => {
    const output = choice.output ?? state.outputPath;
    if (output === undefined) return exitState(run, frame, evaluation.input, variables, choice.next);
    return whenReady(output(own), (value) => exitState(run, frame, value, variables, choice.next));
  });
}
