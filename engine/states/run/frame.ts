/** A frame is one running branch: the execution itself, a Parallel branch, or a Map iteration. */
import type { CompiledState, Flow } from "../compiled.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import type { Effect, ItemReader, MapRunSettings, ScheduleTaskEffect } from "../protocol.ts";
import type { SharedText } from "../recording.ts";
import type { IndexRanges } from "./index-ranges.ts";

/** Workflow variables: this branch's own, then those around it. */
export type Scope = { values: JsonObject; readonly outer: Scope | undefined };

export type Frame = {
  readonly id: number;
  readonly flow: Flow;
  readonly parent: Frame | undefined;
  /** Branch or iteration number in the parent. */
  readonly slot: number;
  readonly scope: Scope;
  /** `$$.Map.Item` of the nearest iteration. */
  readonly mapItem: JsonObject | undefined;
  state: CompiledState;
  input: JsonValue;
  /** The input as text, once it was needed. */
  payload: SharedText | undefined;
  /** Last event of the branch: the next one's previousEventId. */
  lastEventId: number;
  enteredId: number;
  enteredAtMs: number;
  /** Retries used, by retrier. */
  attempts: readonly number[];
  retryCount: number;
  wait: Waiting | undefined;
  /** Set when a sibling's failure ended the branch: what is queued for it is passed over. */
  dead: boolean;
};

export type TaskWait = {
  readonly kind: "task";
  readonly effect: ScheduleTaskEffect;
  started: boolean;
  submitted: boolean;
  timeoutTimer: string | undefined;
  heartbeatTimer: string | undefined;
};

export type TimerWait = {
  readonly kind: "timer";
  readonly timerId: string;
  readonly atMs: number;
  readonly purpose: "wait" | "retry";
};

/** Parallel branches or inline Map iterations. */
export type BranchesWait = {
  readonly kind: "branches";
  readonly frames: (Frame | undefined)[];
  readonly outputs: JsonValue[];
  /** Of a Map: the items, and the effective input the selector sees. */
  readonly items: readonly JsonValue[] | undefined;
  readonly input: JsonValue;
  readonly limit: number;
  next: number;
  open: number;
  /** Id of the last MapIterationSucceeded, or of MapStateStarted. */
  summaryId: number;
};

/** A distributed map. */
export type MapRunWait = {
  readonly kind: "map-run";
  readonly mapRunId: string;
  settings: MapRunSettings;
  readonly input: JsonValue;
  /** The items, where the state's input has them; else the reader, once its fields are evaluated. */
  readonly items: readonly JsonValue[] | undefined;
  /** The items are an object's members, as `{Key, Value}`. */
  readonly keyed?: boolean;
  reader: ItemReader | undefined;
  /** Items that have a child. */
  consumed: number;
  /** Children started; the next one's index. */
  children: number;
  allRead: boolean;
  /** Items the next page must have at least, to fill a batch. */
  pageItems: number;
  /** Children by index: that run, that did not succeed, that a redrive has yet to start. */
  running: IndexRanges;
  unsuccessful: IndexRanges;
  redriving: IndexRanges;
  /** The read or write that is not answered yet. */
  request: Effect | undefined;
  phase: "running" | "writing" | "ended";
  /** With what the run fails once its results are written. */
  failing?: Readonly<{ error: string; cause: string }> | undefined;
  failedItems: number;
  /** Id of MapRunStarted or MapRunRedriven. */
  startedId: number;
  /** Id of MapStateStarted; not known of runs that began before it was kept. */
  readonly stateStartedId?: number;
  redriveCount: number;
};

export type Waiting = TaskWait | TimerWait | BranchesWait | MapRunWait;

/** A value that may well be the frame's input, as text. */
export function payloadOf(
  texts: { payload(value: JsonValue): SharedText },
  frame: Frame,
  value: JsonValue,
): SharedText {
  if (value === frame.input && frame.payload !== undefined) return frame.payload;
  return texts.payload(value);
}

/** What a queued frame does next. */
export type Action = "enter" | "attempt" | "announce" | "resume";
