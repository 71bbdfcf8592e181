/**
 * What goes into an execution and what comes out of it: plain JSON data, so a host can journal and send it as it is.
 *
 * Inputs are facts that happened outside (a task succeeded, a timer fired); effects are what the execution wants done.
 * Every id is deterministic: the same inputs in the same order give the same ids, so that after a restart the host can
 * match `schedule-task` effects to jobs already running (at-least-once delivery with the task id as idempotency key).
 */
import type { HistoryEvent } from "./history.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import type { RecordedHistory } from "./recording.ts";

/** How a Task's resource is called. `request-response` also stands for activities and plain Lambda ARNs. */
export type IntegrationPattern = "request-response" | "sync" | "sync:2" | "wait-for-task-token";

/** A Task resource, taken apart once at compile time. */
export type Integration = Readonly<
  | { kind: "lambda-function"; functionArn: string }
  | { kind: "activity"; activityArn: string }
  | {
      kind: "service";
      /** `lambda`, `sagemaker`, `aws-sdk:glue`: what history calls resourceType. */
      resourceType: string;
      /** `invoke`, `createTrainingJob.sync`: what history calls resource. */
      resource: string;
      /** The API action alone: `createTrainingJob`. */
      action: string;
      pattern: IntegrationPattern;
    }
>;

/** Run a task. `taskId` is unique in the execution; a retry gets a new one. */
export type ScheduleTaskEffect = Readonly<{
  kind: "schedule-task";
  taskId: string;
  stateName: string;
  /** The Resource field as written. */
  resource: string;
  integration: Integration;
  parameters: JsonValue;
  /** Of the state or its TimeoutSeconds default; the engine keeps the timers itself, this is for information. */
  timeoutSeconds?: number;
  heartbeatSeconds?: number;
  credentials?: JsonValue;
  /** Set when the task waits for SendTaskSuccess/Failure (`.waitForTaskToken` and activities). */
  taskToken?: string;
  /** 0 on the first attempt. */
  retryCount: number;
  /** Map iterations the task is inside of, outermost first. */
  iterations: readonly Readonly<{ map: string; index: number }>[];
}>;

/** An ItemReader, its fields evaluated. */
export type ItemReader = Readonly<{ resource: string; parameters: JsonValue; readerConfig: JsonObject }>;

/**
 * Read a distributed map's items after the first `from`; answer with `items-read`, `limit` of them. Fewer are allowed at the
 * end, or once those read have more than 256 KiB as JSON together (no batch is larger); more are allowed too, but those
 * that cannot run yet are asked for again. Without a reader the engine has the items itself.
 */
export type ReadItemsEffect = ItemReader &
  Readonly<{ kind: "read-items"; mapRunId: string; stateName: string; from: number; limit: number }>;

/**
 * Start a child execution of a distributed map: `startExecution(machine.child(effect.childMachine), …)`. The engine keeps
 * neither its input nor its output: a host writes the child down together with the batch, and answers `children-completed`.
 */
export type StartChildEffect = Readonly<{
  kind: "start-child";
  mapRunId: string;
  childId: string;
  /** Names the item processor; see `Machine.child`. */
  childMachine: string;
  index: number;
  name: string;
  executionType: "STANDARD" | "EXPRESS";
  input: JsonValue;
  /** How many items the child has: 1, or the batch's length. */
  itemCount: number;
}>;

/**
 * Gather the results of a map run's children in the order of their indices: store them at the destination, or without one
 * make an array of them. Answer with `results-written` and what is then the state's result.
 */
export type WriteResultsEffect = Readonly<{
  kind: "write-results";
  mapRunId: string;
  stateName: string;
  writerConfig: JsonObject;
  destination?: Readonly<{ resource: string; parameters: JsonValue }>;
}>;

/** What the host is to do. A kind without a comment is answered by the input of the same subject. */
export type Effect =
  | ScheduleTaskEffect
  | Readonly<{ kind: "cancel-task"; taskId: string }>
  | Readonly<{ kind: "start-timer"; timerId: string; atMs: number }>
  | Readonly<{ kind: "cancel-timer"; timerId: string }>
  | ReadItemsEffect
  | StartChildEffect
  /** Run a child again that did not succeed. */
  | Readonly<{ kind: "redrive-child"; mapRunId: string; childId: string }>
  /** Of `pendingEffects()` only: children (by index, inclusive ranges) whose end is not known yet. */
  | Readonly<{ kind: "await-children"; mapRunId: string; running: readonly (readonly [number, number])[] }>
  /** Stop all children of the run that have not ended; their ends are awaited no more. */
  | Readonly<{ kind: "stop-children"; mapRunId: string }>
  | Readonly<{ kind: "map-run-started"; mapRunId: string; stateName: string; settings: MapRunSettings }>
  | Readonly<{ kind: "map-run-redriven"; mapRunId: string }>
  | Readonly<{ kind: "map-run-completed"; mapRunId: string; status: "SUCCEEDED" | "FAILED" | "ABORTED" }>
  | WriteResultsEffect
  | ({ kind: "completed" } & Readonly<ExecutionOutcome>);

/** A map run's limits as DescribeMapRun tells them; `maxConcurrency` 0 stands for AWS's own, 10,000. */
export type MapRunSettings = Readonly<{
  maxConcurrency: number;
  toleratedFailureCount?: number;
  toleratedFailurePercentage?: number;
  label?: string;
}>;

/** How a child of a distributed map ended. */
export type CompletedChild = Readonly<{
  childId: string;
  status: "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";
  /** As its start-child effect had it; 1 unless given. */
  itemCount?: number;
}>;

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html */
export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** How an execution ended: with an output where it succeeded, with error and cause (both may be absent) elsewhere. */
export type ExecutionOutcome = {
  status: Exclude<ExecutionStatus, "RUNNING">;
  output?: JsonValue;
  error?: string;
  cause?: string;
};

/** What happened outside. Times come with `apply`, not with the input. */
export type InputEvent = Readonly<
  /** The first input of every execution. */
  | { kind: "start" }
  /** Goes on after a batch with `more` set. */
  | { kind: "continue" }
  /** An activity worker took the task. Other tasks count as started once scheduled. */
  | { kind: "task-started"; taskId: string; workerName?: string }
  /** `.sync` and `.waitForTaskToken`: the first call was accepted with this answer. */
  | { kind: "task-submitted"; taskId: string; output: JsonValue }
  | { kind: "task-succeeded"; taskId: string; output: JsonValue }
  | { kind: "task-failed"; taskId: string; error?: string; cause?: string }
  /** The host itself saw the task time out (the engine's own timers cover TimeoutSeconds and HeartbeatSeconds). */
  | { kind: "task-timed-out"; taskId: string; cause?: string }
  | { kind: "task-heartbeat"; taskId: string }
  | { kind: "timer-fired"; timerId: string }
  /** `more`: other items follow these. */
  | { kind: "items-read"; mapRunId: string; items: readonly JsonValue[]; more?: boolean }
  | { kind: "items-failed"; mapRunId: string; error: string; cause: string }
  | { kind: "children-completed"; mapRunId: string; children: readonly CompletedChild[] }
  | { kind: "results-written"; mapRunId: string; output: JsonValue }
  | { kind: "results-failed"; mapRunId: string; error: string; cause: string }
  | {
      kind: "update-map-run";
      mapRunId: string;
      maxConcurrency?: number;
      toleratedFailureCount?: number;
      toleratedFailurePercentage?: number;
    }
  /** StopExecution. */
  | { kind: "stop"; error?: string; cause?: string }
  /** The host cannot go on with the execution, which fails. */
  | { kind: "fail"; error: string; cause: string }
  /** RedriveExecution: run again from the states that failed. */
  | { kind: "redrive" }
>;

/** What one input brought about. Journal its events, commit, and only then perform `effects`. */
export type Batch = Readonly<{
  /** New history events, in order; put into AWS's shape when first asked for. */
  events: readonly HistoryEvent[];
  /** The same as the run wrote them down, for `encodeHistory`. */
  recorded: RecordedHistory;
  effects: readonly Effect[];
  /** The step budget ran out before every branch was blocked: apply `{kind: "continue"}` (after serving others). */
  more: boolean;
}>;
