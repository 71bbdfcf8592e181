/** Task states: schedule, start, submit, succeed, fail, time out; with the events of functions, activities and services. */
import type { TaskState } from "../compiled.ts";
import { type MaybePromise, whenReady } from "../evaluation.ts";
import type { HistoryDetails } from "../history.ts";
import { isObject, type JsonValue } from "../json.ts";
import type { Integration, ScheduleTaskEffect } from "../protocol.ts";
import { evaluationError, runtimeError, StateError } from "../state-error.ts";
import { failState, HEARTBEAT_TIMEOUT } from "./failure.ts";
import { completeState } from "./finish.ts";
import type { Frame, TaskWait } from "./frame.ts";
import { FrameEvaluation } from "./frame-evaluation.ts";
import { readInteger } from "./number-field.ts";
import { limitedPayload } from "./payload-limit.ts";
import type { Run, TimerPurpose } from "./run.ts";

const NOT_TRUNCATED = { truncated: false };

export function attemptTask(run: Run, frame: Frame, state: TaskState, input: JsonValue): MaybePromise<void> {
  // The id of the Scheduled event to come: events of one step are written together.
  const taskId = String(run.lastEventId + 1);
  const taskToken = waitsForToken(state.integration) ? tokenFor(run, taskId) : undefined;
  const evaluation = new FrameEvaluation(run, frame, input, taskToken === undefined ? {} : { taskToken });
  return whenReady(readInteger(state.timeout, evaluation), (timeoutSeconds) =>
    whenReady(readInteger(state.heartbeat, evaluation), (heartbeatSeconds) =>
      whenReady(state.parameters === undefined ? input : state.parameters(evaluation), (parameters) =>
        whenReady<JsonValue | undefined, void>(state.credentials?.(evaluation), (credentials) => {
          checkTimes(state, timeoutSeconds, heartbeatSeconds);
          checkActivity(run, state.integration);
          schedule(run, frame, state, {
            kind: "schedule-task",
            taskId,
            stateName: state.name,
            resource: state.resource,
            integration: state.integration,
            parameters,
            ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
            ...(heartbeatSeconds === undefined ? {} : { heartbeatSeconds }),
            ...(credentials === undefined ? {} : { credentials }),
            ...(taskToken === undefined ? {} : { taskToken }),
            retryCount: frame.retryCount,
            iterations: iterationsOf(frame),
          });
        }),
      ),
    ),
  );
}

function checkTimes(state: TaskState, timeoutSeconds: number | undefined, heartbeatSeconds: number | undefined): void {
  for (const [name, value] of [
    ["TimeoutSeconds", timeoutSeconds],
    ["HeartbeatSeconds", heartbeatSeconds],
  ] as const) {
    if (value === undefined || value > 0) continue;
    const message = `The ${name} field must be a positive integer but was: ${value}`;
    throw state.jsonata ? evaluationError(message, name) : runtimeError(message);
  }
}

/** An activity there is not is no failure of the task: the task is never scheduled, and nothing catches it. */
function checkActivity(run: Run, integration: Integration): void {
  if (integration.kind !== "activity" || run.options.activityExists?.(integration.activityArn) !== false) return;
  throw runtimeError(`The activity ${integration.activityArn} does not exist.`);
}

function waitsForToken(integration: Integration): boolean {
  return (
    integration.kind === "activity" || (integration.kind === "service" && integration.pattern === "wait-for-task-token")
  );
}

function tokenFor(run: Run, taskId: string): string {
  const given = run.options.taskToken?.(taskId);
  return given ?? btoa(`${run.options.execution.id}/${taskId}/${run.random.uuid()}`);
}

function iterationsOf(frame: Frame): { map: string; index: number }[] {
  const iterations: { map: string; index: number }[] = [];
  for (let at: Frame | undefined = frame; at?.parent !== undefined; at = at.parent) {
    if (at.parent.state.type === "Map") iterations.unshift({ map: at.parent.state.name, index: at.slot });
  }
  return iterations;
}

function schedule(run: Run, frame: Frame, state: TaskState, effect: ScheduleTaskEffect): void {
  const payload = limitedPayload(run, frame, effect.parameters, state.name, "provided parameters");
  const event = `${eventFamily(state.integration)}Scheduled` as const;
  frame.lastEventId = run.emit(event, frame.lastEventId, scheduledDetails(run, effect, payload.text));
  run.inspection?.record(state.jsonata ? "afterArguments" : "afterParameters", effect.parameters);
  run.tasks.set(effect.taskId, frame);
  run.effect(effect);
  const { timeoutSeconds, heartbeatSeconds } = effect;
  const timer = (purpose: "timeout" | "heartbeat", seconds: number | undefined) =>
    seconds === undefined ? undefined : run.startTimer(frame, purpose, run.nowMs + seconds * 1000);
  frame.wait = {
    kind: "task",
    effect,
    started: false,
    submitted: false,
    timeoutTimer: timer("timeout", timeoutSeconds),
    heartbeatTimer: timer("heartbeat", heartbeatSeconds),
  };
  if (state.integration.kind !== "activity") run.queue.push(frame, "announce");
}

function eventFamily(integration: Integration): "LambdaFunction" | "Activity" | "Task" {
  if (integration.kind === "lambda-function") return "LambdaFunction";
  return integration.kind === "activity" ? "Activity" : "Task";
}

function scheduledDetails(run: Run, effect: ScheduleTaskEffect, text: string): HistoryDetails {
  const { integration, timeoutSeconds, heartbeatSeconds, credentials } = effect;
  const times = {
    ...(timeoutSeconds === undefined ? {} : { timeoutInSeconds: timeoutSeconds }),
    ...(heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: heartbeatSeconds }),
    ...(isObject(credentials) ? { taskCredentials: { roleArn: credentials.RoleArn } } : {}),
  };
  if (integration.kind !== "service") {
    return { resource: effect.resource, input: text, inputDetails: NOT_TRUNCATED, ...times };
  }
  const { resource, resourceType } = integration;
  return { resource, resourceType, parameters: text, region: run.options.region ?? "us-east-1", ...times };
}

/** `resource` and `resourceType` where the event family has them. */
function resourceDetails(integration: Integration): HistoryDetails {
  if (integration.kind !== "service") return {};
  return { resource: integration.resource, resourceType: integration.resourceType };
}

/** Writes the Started event: for functions and services at once, for an activity when a worker takes it. */
export function announceTask(run: Run, frame: Frame, workerName?: string): void {
  const { wait } = frame;
  if (wait?.kind !== "task" || wait.started) return;
  wait.started = true;
  const { integration } = wait.effect;
  const previous = frame.lastEventId;
  if (integration.kind === "lambda-function") frame.lastEventId = run.emit("LambdaFunctionStarted", previous);
  else if (integration.kind === "activity") {
    const details = workerName === undefined ? {} : { workerName };
    frame.lastEventId = run.emit("ActivityStarted", previous, details);
  } else {
    frame.lastEventId = run.emit("TaskStarted", previous, resourceDetails(integration));
  }
}

export function taskSubmitted(run: Run, frame: Frame, wait: TaskWait, output: JsonValue): void {
  announceTask(run, frame);
  if (wait.submitted) return;
  wait.submitted = true;
  frame.lastEventId = run.emit("TaskSubmitted", frame.lastEventId, {
    ...resourceDetails(wait.effect.integration),
    output: run.text(output),
    outputDetails: NOT_TRUNCATED,
  });
}

export function taskSucceeded(run: Run, frame: Frame, wait: TaskWait, output: JsonValue): MaybePromise<void> {
  announceTask(run, frame);
  frame.wait = undefined;
  closeTask(run, wait);
  run.inspection?.record("result", output);
  const { integration, resource } = wait.effect;
  const called = integration.kind === "service" ? integration.resourceType : resource;
  const { text } = limitedPayload(run, frame, output, called, "returned a result");
  frame.lastEventId = run.emit(`${eventFamily(integration)}Succeeded`, frame.lastEventId, {
    ...resourceDetails(integration),
    output: text,
    outputDetails: NOT_TRUNCATED,
  });
  return completeState(run, frame, output);
}

export function taskFailed(
  run: Run,
  frame: Frame,
  wait: TaskWait,
  failure: Readonly<{ error?: string; cause?: string; timedOut?: boolean }>,
): MaybePromise<void> {
  const error = recordFailure(run, frame, wait, failure);
  frame.wait = undefined;
  return failState(run, frame, error);
}

/**
 * Tasks ran over their time: the one whose timer fired, and those whose time is up in the same instant. AWS records every
 * timeout before the first of them fails a state, which may abort the others. The host is told to stop them.
 */
export function tasksTimedOut(run: Run, frame: Frame, wait: TaskWait, purpose: TimerPurpose): MaybePromise<void> {
  const late: [Frame, TaskWait, TimerPurpose][] = [[frame, wait, purpose]];
  for (const timer of run.timers.values()) {
    const other = timer.frame;
    const isDue = timer.atMs <= run.nowMs && timer.purpose !== "retry";
    if (isDue && other?.wait?.kind === "task" && late.every(([known]) => known !== other))
      late.push([other, other.wait, timer.purpose]);
  }
  const failures = late.map(([at, its, why]) => {
    run.effect({ kind: "cancel-task", taskId: its.effect.taskId });
    return recordFailure(run, at, its, {
      timedOut: true,
      ...(why === "heartbeat" ? { alias: HEARTBEAT_TIMEOUT } : {}),
    });
  });
  const failFrom = (index: number): MaybePromise<void> => {
    const [at, its] = late[index] ?? [];
    const failure = failures[index];
    if (at === undefined || failure === undefined) return;
    if (at.dead || at.wait !== its) return failFrom(index + 1);
    at.wait = undefined;
    return whenReady(run.failed(at, failure), () => failFrom(index + 1));
  };
  return failFrom(0);
}

/** Ends the task in history; its frame still waits for it, so that an abort finds it open. */
function recordFailure(
  run: Run,
  frame: Frame,
  wait: TaskWait,
  failure: Readonly<{ error?: string; cause?: string; timedOut?: boolean; alias?: string }>,
): StateError {
  announceTask(run, frame);
  closeTask(run, wait);
  const { integration } = wait.effect;
  const event = failure.timedOut === true ? "TimedOut" : "Failed";
  const error = failure.timedOut === true ? "States.Timeout" : failure.error;
  frame.lastEventId = run.emit(`${eventFamily(integration)}${event}`, frame.lastEventId, {
    ...resourceDetails(integration),
    ...(error === undefined ? {} : { error }),
    ...(failure.cause === undefined ? {} : { cause: failure.cause }),
  });
  return new StateError(error, failure.cause, failure.alias === undefined ? {} : { alias: failure.alias });
}

function closeTask(run: Run, wait: TaskWait): void {
  run.tasks.delete(wait.effect.taskId);
  run.cancelTimer(wait.timeoutTimer);
  run.cancelTimer(wait.heartbeatTimer);
}

/** Starts the heartbeat's time anew. */
export function taskHeartbeat(run: Run, frame: Frame, wait: TaskWait): void {
  const { heartbeatSeconds } = wait.effect;
  if (heartbeatSeconds === undefined) return;
  run.cancelTimer(wait.heartbeatTimer);
  wait.heartbeatTimer = run.startTimer(frame, "heartbeat", run.nowMs + heartbeatSeconds * 1000);
}
