import type { ParallelState } from "../compiled.ts";
import { type Evaluation, type MaybePromise, whenReady } from "../evaluation.ts";
import type { JsonValue } from "../json.ts";
import { completeState } from "./finish.ts";
import type { BranchesWait, Frame } from "./frame.ts";
import { limitedPayload } from "./payload-limit.ts";
import type { Run } from "./run.ts";

/** Starts every branch with the same input. */
export function attemptParallel(
  run: Run,
  frame: Frame,
  state: ParallelState,
  evaluation: Evaluation,
): MaybePromise<void> {
  if (state.parameters === undefined) return start(run, frame, state, evaluation.input);
  return whenReady(state.parameters(evaluation), (input) => start(run, frame, state, input));
}

function start(run: Run, frame: Frame, state: ParallelState, input: JsonValue): MaybePromise<void> {
  const payload = limitedPayload(run, frame, input, state.name, "provided parameters");
  const startedId = run.emit("ParallelStateStarted", frame.lastEventId);
  frame.lastEventId = startedId;
  const standIn = run.inspection?.container;
  if (standIn !== undefined)
    return completeState(run, frame, standIn({ count: undefined, percentage: undefined, items: 0 }));
  const wait: BranchesWait = {
    kind: "branches",
    frames: [],
    outputs: [],
    items: undefined,
    input,
    limit: state.branches.length,
    next: state.branches.length,
    open: state.branches.length,
    summaryId: startedId,
  };
  frame.wait = wait;
  for (const [slot, flow] of state.branches.entries()) {
    const branch = run.newFrame(flow, input, startedId, {
      parent: frame,
      slot,
      scope: frame.scope,
      mapItem: frame.mapItem,
      payload,
    });
    wait.frames.push(branch);
    run.queue.push(branch, "enter");
  }
}
