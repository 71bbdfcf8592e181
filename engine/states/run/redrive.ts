/** RedriveExecution: goes on from the states that failed, were aborted or timed out; what succeeded is kept. */
import type { Frame } from "./frame.ts";
import { MAX_EVENTS } from "./history-limit.ts";
import { canResume } from "./map-run.ts";
import type { Run } from "./run.ts";

export function redrive(run: Run): void {
  if (run.root === undefined || run.status === "RUNNING" || run.status === "SUCCEEDED") return;
  // There must be place for ExecutionRedriven and one event more.
  if (run.lastEventId >= MAX_EVENTS - 1) return;
  run.status = "RUNNING";
  run.outcome = undefined;
  run.redriveCount += 1;
  run.redrivenAtMs = run.nowMs;
  const redrivenId = run.emit("ExecutionRedriven", run.lastEventId, {
    redriveCount: run.redriveCount,
  });
  revive(run, run.root, redrivenId);
  const { timeoutSeconds } = run.machine;
  if (timeoutSeconds !== undefined) run.startTimer(undefined, "execution", run.nowMs + timeoutSeconds * 1000);
}

/** A branch that was open inside a Parallel or inline Map is revived by itself; any other state is attempted anew. */
function revive(run: Run, frame: Frame, after: number): void {
  frame.dead = false;
  frame.attempts = [];
  frame.retryCount = 0;
  if (frame.wait?.kind === "branches") {
    for (const branch of frame.wait.frames) if (branch !== undefined) revive(run, branch, after);
    return;
  }
  if (frame.wait?.kind === "map-run" && canResume(frame.wait)) {
    frame.lastEventId = after;
    run.queue.push(frame, "resume");
    return;
  }
  frame.wait = undefined;
  // As recorded on AWS in September 2026: what follows points at the state's own Entered event, not at the redrive.
  if (frame.enteredId !== 0) frame.lastEventId = frame.enteredId;
  run.queue.push(frame, frame.enteredId === 0 ? "enter" : "attempt");
}
