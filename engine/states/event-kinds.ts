/**
 * Every type of history event the engine writes, with the number that stands for it in an encoded history.
 *
 * Histories on disk hold these numbers: the list only grows at its end, and no entry ever changes.
 */

/** How an event's details are kept: which of them stand by themselves, and which are one JSON text. */
export type EventForm = "entered" | "exited" | "iteration" | "plain";

export type EventKind = Readonly<{ number: number; type: string; detailsKey: string; form: EventForm }>;

const STATE_TYPES = ["Pass", "Succeed", "Fail", "Choice", "Wait", "Task", "Parallel", "Map"] as const;
const PLAIN = [
  "ExecutionStarted",
  "ExecutionSucceeded",
  "ExecutionFailed",
  "ExecutionAborted",
  "ExecutionTimedOut",
  "ExecutionRedriven",
  "EvaluationFailed",
  "TaskScheduled",
  "TaskStarted",
  "TaskSubmitted",
  "TaskSucceeded",
  "TaskFailed",
  "TaskTimedOut",
  "LambdaFunctionScheduled",
  "LambdaFunctionStarted",
  "LambdaFunctionSucceeded",
  "LambdaFunctionFailed",
  "LambdaFunctionTimedOut",
  "ActivityScheduled",
  "ActivityStarted",
  "ActivitySucceeded",
  "ActivityFailed",
  "ActivityTimedOut",
  "MapStateStarted",
  "ParallelStateStarted",
  "MapStateSucceeded",
  "ParallelStateSucceeded",
  "MapStateFailed",
  "ParallelStateFailed",
  "MapStateAborted",
  "ParallelStateAborted",
  "TaskStateAborted",
  "WaitStateAborted",
  "PassStateAborted",
  "ChoiceStateAborted",
  "SucceedStateAborted",
  "FailStateAborted",
  "MapRunStarted",
  "MapRunSucceeded",
  "MapRunFailed",
  "MapRunAborted",
  "MapRunRedriven",
] as const;
const ITERATION = [
  "MapIterationStarted",
  "MapIterationSucceeded",
  "MapIterationFailed",
  "MapIterationAborted",
] as const;

/** Types whose details, if any, are kept as they are. */
export type PlainEventType = (typeof PLAIN)[number];
export type IterationEventType = (typeof ITERATION)[number];

/** By number. */
export const EVENT_KINDS: readonly EventKind[] = [
  ...STATE_TYPES.map((type) => [`${type}StateEntered`, "entered"] as const),
  ...STATE_TYPES.map((type) => [`${type}StateExited`, "exited"] as const),
  ...ITERATION.map((type) => [type, "iteration"] as const),
  ...PLAIN.map((type) => [type, "plain"] as const),
].map(([type, form], number) => ({ number, type, form, detailsKey: detailsKeyOf(type, form) }));

const BY_TYPE = new Map(EVENT_KINDS.map((kind) => [kind.type, kind]));

/** The kind of an event type. @throws {RangeError} for a type that is not in the list */
export function eventKind(type: string): EventKind {
  const kind = BY_TYPE.get(type);
  if (kind === undefined) throw new RangeError(`No history event has the type '${type}'; event-kinds.ts lists them`);
  return kind;
}

/** All Entered events share one key, and all Exited ones; any other type has a key of its own. */
function detailsKeyOf(type: string, form: EventForm): string {
  if (form === "entered") return "stateEnteredEventDetails";
  if (form === "exited") return "stateExitedEventDetails";
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}
