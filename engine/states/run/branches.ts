/** What Parallel branches and inline Map iterations have in common: they start, succeed, fail together, and can be abandoned. */
import type { MaybePromise } from "../evaluation.ts";
import type { JsonValue } from "../json.ts";
import type { StateError } from "../state-error.ts";
import { failState } from "./failure.ts";
import { completeState } from "./finish.ts";
import type { BranchesWait, Frame } from "./frame.ts";
import { startIterations } from "./map.ts";
import { abandonMapRun } from "./map-run.ts";
import type { Run } from "./run.ts";

/** A branch has ended well; the last one completes the state. */
export function branchSucceeded(run: Run, frame: Frame, branch: Frame, output: JsonValue): MaybePromise<void> {
  const { wait, state } = frame;
  if (wait?.kind !== "branches") return;
  wait.outputs[branch.slot] = output;
  wait.frames[branch.slot] = undefined;
  wait.open -= 1;
  if (state.type === "Map") {
    wait.summaryId = run.emitIteration("MapIterationSucceeded", branch.lastEventId, frame, branch.slot);
  } else wait.summaryId = branch.lastEventId;
  if (state.type === "Map" && wait.next < (wait.items?.length ?? 0)) {
    return startIterations(run, frame, state, wait, branch.lastEventId);
  }
  if (wait.open === 0) return completeBranches(run, frame, wait);
}

/** All branches are done: their outputs are the state's result. */
export function completeBranches(run: Run, frame: Frame, wait: BranchesWait): MaybePromise<void> {
  const summary = frame.state.type === "Map" ? "MapStateSucceeded" : "ParallelStateSucceeded";
  const succeededId = run.emit(summary, wait.summaryId);
  frame.lastEventId = wait.summaryId;
  frame.wait = undefined;
  return completeAfter(run, frame, wait.outputs, succeededId);
}

/** The state's exit passes its Succeeded event by; a failure of its own output does not. */
export function completeAfter(run: Run, frame: Frame, result: JsonValue, succeededId: number): MaybePromise<void> {
  const failed = (thrown: unknown) => {
    frame.lastEventId = succeededId;
    return run.failed(frame, thrown);
  };
  try {
    const completed = completeState(run, frame, result);
    return completed instanceof Promise ? completed.catch(failed) : completed;
  } catch (thrown) {
    return failed(thrown);
  }
}

/** A branch has failed: the others are aborted and the state fails with its error. */
export function branchFailed(run: Run, frame: Frame, branch: Frame, error: StateError): MaybePromise<void> {
  const { wait } = frame;
  if (wait?.kind !== "branches") return;
  const at = branch.lastEventId;
  // States.Runtime ends the execution at once: nothing else is told of the branch, nor of the others.
  if (error.error !== "States.Runtime") {
    for (const each of wait.frames) {
      if (each !== undefined) reportEnded(run, frame, each, { failed: each === branch, at });
    }
  }
  abandonBranches(run, frame, branch);
  frame.lastEventId = at;
  return failState(run, frame, error);
}

/** Stops all work below the frame. */
export function abandonBranches(run: Run, frame: Frame, except?: Frame): void {
  const { wait } = frame;
  if (wait === undefined) return;
  if (wait.kind === "task") {
    // A task that has just timed out is closed, though its state still waits.
    if (!run.tasks.delete(wait.effect.taskId)) return;
    run.cancelTimer(wait.timeoutTimer);
    run.cancelTimer(wait.heartbeatTimer);
    run.effect({ kind: "cancel-task", taskId: wait.effect.taskId });
  } else if (wait.kind === "timer") run.cancelTimer(wait.timerId);
  else if (wait.kind === "map-run") abandonMapRun(run, wait, "ABORTED");
  else {
    for (const branch of wait.frames) {
      if (branch === undefined || branch === except) continue;
      abandonBranches(run, branch);
      branch.dead = true;
    }
  }
}

/** In the order of the branches, whichever failed. Their events point at the failure. */
function reportEnded(run: Run, frame: Frame, branch: Frame, { failed, at }: Readonly<{ failed: boolean; at: number }>) {
  if (frame.state.type === "Map")
    run.emitIteration(failed ? "MapIterationFailed" : "MapIterationAborted", at, frame, branch.slot);
  // A task's state is still open when its failure ends the branch; other states ended with it.
  const isOpen = failed ? branch.state.type === "Task" : branch.wait !== undefined;
  if (isOpen) run.emit(`${branch.state.type}StateAborted`, at);
}
