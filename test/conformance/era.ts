/**
 * What AWS did otherwise when a case was recorded: the engine does what AWS does today, and each change of AWS's has its date.
 *
 *   E1. Redrive came on 15 November 2023, and with it the context object's RedriveCount.
 *   E2. In autumn 2024 (between 19 August and 13 November) the exit of a distributed Map began to point at MapRunStarted
 *       instead of MapRunSucceeded.
 *   E3. Around December 2024 (between 21 November and 27 December) EvaluationFailed of a state that had done nothing yet began
 *       to point at the state's Entered event instead of the one before it.
 */
const REDRIVE = Date.UTC(2023, 10, 15);
const MAP_EXIT_SKIPS_SUMMARY = Date.UTC(2024, 9, 1);
const EVALUATION_FOLLOWS_ENTERED = Date.UTC(2024, 11, 1);

export type RecordedEvent = { readonly id: number; readonly previousEventId: number; readonly type: string };

export class Era {
  readonly #atMs: number;

  /** @param recorded as the corpora write it, `19-08-2024, 08:59:42`; without it AWS of today is meant */
  constructor(recorded: string | undefined) {
    const [, day, month, year] = /^(\d\d)-(\d\d)-(\d{4})/.exec(recorded ?? "") ?? [];
    this.#atMs = year === undefined ? Number.POSITIVE_INFINITY : Date.UTC(Number(year), Number(month) - 1, Number(day));
  }

  /** Members that AWS did not write yet. */
  get notYet(): ReadonlySet<string> {
    return new Set(this.#atMs < REDRIVE ? ["RedriveCount"] : []);
  }

  /** Our events as AWS would have chained them then. */
  chained<T extends RecordedEvent>(events: readonly T[]): T[] {
    return events.map((event, index) => {
      const summary = this.#atMs < MAP_EXIT_SKIPS_SUMMARY ? summaryBefore(events, index) : undefined;
      const entered = this.#atMs < EVALUATION_FOLLOWS_ENTERED ? enteredBefore(events, event) : undefined;
      const previousEventId = summary?.id ?? entered?.previousEventId ?? event.previousEventId;
      return { ...event, previousEventId };
    });
  }
}

/** MapRunSucceeded, where the event is the exit that follows it. */
function summaryBefore(events: readonly RecordedEvent[], index: number): RecordedEvent | undefined {
  const [summary, succeeded, exit] = events.slice(Math.max(index - 2, 0), index + 1);
  const isExit = exit?.type === "MapStateExited" && succeeded?.type === "MapStateSucceeded";
  return isExit && summary?.type === "MapRunSucceeded" ? summary : undefined;
}

/** The Entered event that an EvaluationFailed points at. */
function enteredBefore(events: readonly RecordedEvent[], event: RecordedEvent): RecordedEvent | undefined {
  const previous =
    event.type === "EvaluationFailed" ? events.find(({ id }) => id === event.previousEventId) : undefined;
  return previous?.type.endsWith("StateEntered") === true ? previous : undefined;
}

/**
 * Puts neighbouring timeouts in the order of what they point at. Tasks that time out in one instant are recorded in any
 * order on AWS; nothing else about them is left open.
 */
export function timeoutsInOrder<T extends RecordedEvent>(events: readonly T[]): T[] {
  const ordered = events
    .map((event, index) => ({ event, run: runStart(events, index) }))
    .sort((left, right) => left.run - right.run || left.event.previousEventId - right.event.previousEventId);
  const ids = new Map(ordered.map(({ event }, index) => [event.id, events[index]?.id ?? event.id]));
  return ordered.map(({ event }) => ({
    ...event,
    id: ids.get(event.id) ?? event.id,
    previousEventId: ids.get(event.previousEventId) ?? event.previousEventId,
  }));
}

/** Where the run of timeouts around an event begins; the event's own place if it is none. */
function runStart(events: readonly RecordedEvent[], index: number): number {
  const type = events[index]?.type ?? "";
  let start = index;
  while (type.endsWith("TimedOut") && start > 0 && events[start - 1]?.type === type) start -= 1;
  return start;
}
