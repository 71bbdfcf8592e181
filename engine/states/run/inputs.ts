/** Takes an input in: finds the frame it is for, and what it changes there. An input nobody awaits changes nothing. */
import { type MaybePromise, whenReady } from "../evaluation.ts";
import type { InputEvent } from "../protocol.ts";
import { abandonBranches } from "./branches.ts";
import { completeState } from "./finish.ts";
import type { Frame, MapRunWait, TaskWait } from "./frame.ts";
import { FrameEvaluation } from "./frame-evaluation.ts";
import { failMapRun, resultsEnded, updateMapRun } from "./map-run.ts";
import { childrenEnded, itemsRead } from "./map-run-children.ts";
import { redrive } from "./redrive.ts";
import type { Run } from "./run.ts";
import { announceTask, taskFailed, taskHeartbeat, taskSubmitted, taskSucceeded, tasksTimedOut } from "./task.ts";

export function handleInput(run: Run, input: InputEvent): MaybePromise<void> {
  if (input.kind === "start") return start(run);
  if (input.kind === "redrive") return redrive(run);
  if (run.status !== "RUNNING" || input.kind === "continue") return;
  if (input.kind === "stop") return stop(run, input);
  if (input.kind === "fail") return run.failAll(input);
  if (input.kind === "timer-fired") return timerFired(run, input.timerId);
  if ("taskId" in input) {
    const frame = run.tasks.get(input.taskId);
    if (frame?.wait?.kind !== "task") return;
    const { wait } = frame;
    return guarded(run, frame, () => taskInput(run, frame, wait, input));
  }
  const frame = run.mapRuns.get(input.mapRunId);
  if (frame?.wait?.kind !== "map-run") return;
  const { wait } = frame;
  return guarded(run, frame, () => mapRunInput(run, frame, wait, input));
}

/** Turns what an input's handling throws into the state's failure. */
function guarded(run: Run, frame: Frame, handle: () => MaybePromise<void>): MaybePromise<void> {
  try {
    const handled = handle();
    return handled instanceof Promise ? handled.catch((thrown: unknown) => run.failed(frame, thrown)) : handled;
  } catch (thrown) {
    return run.failed(frame, thrown);
  }
}

function start(run: Run): void {
  if (run.root !== undefined) return;
  const { input, execution, mapItem, variables } = run.options;
  const payload = run.payload(input);
  run.emit("ExecutionStarted", 0, {
    input: payload.text,
    inputDetails: { truncated: false },
    roleArn: execution.roleArn,
  });
  const scope = variables === undefined ? undefined : { values: variables, outer: undefined };
  // The first state's Entered event points at 0, not at ExecutionStarted.
  run.root = run.newFrame(run.machine.root, input, 0, { parent: undefined, slot: 0, scope, mapItem, payload });
  if (run.inspection !== undefined) {
    run.root.attempts = run.root.state.retriers.map(() => run.inspection?.retryCount ?? 0);
    run.root.retryCount = run.inspection.retryCount;
  }
  run.queue.push(run.root, "enter");
  const { timeoutSeconds } = run.machine;
  if (timeoutSeconds !== undefined) run.startTimer(undefined, "execution", run.nowMs + timeoutSeconds * 1000);
}

function stop(run: Run, { error, cause }: { error?: string; cause?: string }): void {
  if (run.root !== undefined) abandonBranches(run, run.root);
  const details = { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
  run.emit("ExecutionAborted", 0, details);
  run.end({ status: "ABORTED", ...details });
}

function timerFired(run: Run, timerId: string): MaybePromise<void> {
  const timer = run.timers.get(timerId);
  if (timer === undefined) return;
  run.timers.delete(timerId);
  const { frame, purpose } = timer;
  if (frame === undefined) {
    if (run.root !== undefined) abandonBranches(run, run.root);
    run.emit("ExecutionTimedOut", 0, { error: "States.Timeout" });
    return run.end({ status: "TIMED_OUT" });
  }
  if (purpose === "retry") {
    frame.wait = undefined;
    run.queue.push(frame, "attempt");
    return;
  }
  return guarded(run, frame, () => {
    if (frame.wait?.kind === "task") return tasksTimedOut(run, frame, frame.wait, purpose);
    frame.wait = undefined;
    return waited(run, frame);
  });
}

/** A Wait's result is its input after InputPath. */
function waited(run: Run, frame: Frame): MaybePromise<void> {
  const { inputPath } = frame.state;
  if (inputPath === undefined) return completeState(run, frame, frame.input);
  return whenReady(inputPath(new FrameEvaluation(run, frame, frame.input)), (input) =>
    completeState(run, frame, input),
  );
}

type TaskInput = Extract<InputEvent, { taskId: string }>;

function taskInput(run: Run, frame: Frame, wait: TaskWait, input: TaskInput): MaybePromise<void> {
  switch (input.kind) {
    case "task-started":
      return announceTask(run, frame, input.workerName);
    case "task-submitted":
      return taskSubmitted(run, frame, wait, input.output);
    case "task-succeeded":
      return taskSucceeded(run, frame, wait, input.output);
    case "task-failed":
      return taskFailed(run, frame, wait, input);
    case "task-timed-out":
      return taskFailed(run, frame, wait, { ...input, timedOut: true });
    case "task-heartbeat":
      return taskHeartbeat(run, frame, wait);
  }
}

type MapRunInput = Extract<InputEvent, { mapRunId: string }>;

function mapRunInput(run: Run, frame: Frame, wait: MapRunWait, input: MapRunInput): MaybePromise<void> {
  const { state } = frame;
  if (state.type !== "Map") return;
  switch (input.kind) {
    case "items-read":
      return itemsRead(run, frame, state, wait, input);
    case "items-failed":
      return failMapRun(run, frame, wait, input.error, input.cause);
    case "children-completed":
      return childrenEnded(run, frame, state, wait, input.children);
    case "results-written":
    case "results-failed":
      return resultsEnded(run, frame, wait, input);
    case "update-map-run": {
      const { kind: _kind, mapRunId: _id, ...changes } = input;
      return updateMapRun(run, frame, state, wait, changes);
    }
  }
}
