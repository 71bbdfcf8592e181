/** Drives an execution with random answers, in random order, until it ends or is long enough. */
import type { Effect, Execution, HistoryEvent, InputEvent, JsonValue } from "../../../../engine/index.ts";
import type { Draw } from "./draw.ts";
import { ERROR_NAMES, json, STRINGS } from "./hostile.ts";

export type Driven = Readonly<{ history: readonly HistoryEvent[]; stopped: boolean; execution: Execution }>;
export type Restore = (execution: Execution) => Execution;

/**
 * @param maxEvents where the execution is stopped: most loops would go on to the limit of 25,000, which one case in some reaches
 * @param restore called between inputs; may give the execution back as its checkpoint has it
 */
export async function drive(
  start: Execution,
  draw: Draw,
  maxEvents: number,
  restore: Restore = (same) => same,
): Promise<Driven> {
  const world = new Hazard(draw);
  const history: HistoryEvent[] = [];
  let execution = start;
  let stopped = false;
  let redrives = draw.below(2);
  let input: InputEvent | undefined = { kind: "start" };
  while (input !== undefined) {
    const batch = await execution.apply(input, world.nowMs);
    for (const event of batch.events) history.push(event);
    for (const effect of batch.effects) world.take(effect);
    execution = restore(execution);
    if (execution.outcome !== undefined) {
      if (stopped || execution.outcome.status === "SUCCEEDED" || redrives === 0 || history.length > maxEvents) break;
      redrives -= 1;
      input = { kind: "redrive" };
    } else if (history.length > maxEvents && !stopped) {
      stopped = true;
      input = { kind: "stop", error: "Long", cause: "enough" };
    } else input = batch.more ? { kind: "continue" } : world.next();
  }
  return { history, stopped, execution };
}

/** Answers what the execution asks for: well, badly, late, twice, or never. */
class Hazard {
  nowMs = Date.UTC(2024, 0, 1);
  readonly #draw: Draw;
  readonly #inputs: InputEvent[] = [];
  readonly #timers = new Map<string, number>();
  readonly #items = new Map<string, JsonValue[]>();

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  take(effect: Effect): void {
    if (effect.kind === "start-timer") this.#timers.set(effect.timerId, effect.atMs);
    else if (effect.kind === "cancel-timer") this.#timers.delete(effect.timerId);
    else this.#inputs.push(...this.#answers(effect));
  }

  next(): InputEvent | undefined {
    const draw = this.#draw;
    if (draw.chance(0.02))
      return draw.pick([
        { kind: "task-heartbeat", taskId: "7" },
        { kind: "timer-fired", timerId: "t1" },
      ]);
    const [input] = this.#inputs.splice(draw.below(this.#inputs.length), 1);
    if (input !== undefined) return input;
    const first = [...this.#timers].sort(([, left], [, right]) => left - right)[0];
    if (first === undefined) return undefined;
    const [timerId, atMs] = first;
    this.#timers.delete(timerId);
    this.nowMs = Math.max(this.nowMs, atMs);
    return { kind: "timer-fired", timerId };
  }

  #answers(effect: Effect): InputEvent[] {
    const draw = this.#draw;
    switch (effect.kind) {
      case "schedule-task":
        return this.#taskAnswers(
          effect.taskId,
          effect.timeoutSeconds !== undefined || effect.heartbeatSeconds !== undefined,
        );
      case "read-items":
        return this.#itemAnswers(effect);
      case "start-child":
      case "redrive-child": {
        const { mapRunId, childId } = effect;
        const status = draw.chance(0.8) ? "SUCCEEDED" : draw.pick(["FAILED", "TIMED_OUT", "ABORTED"]);
        const itemCount = effect.kind === "start-child" ? effect.itemCount : 1;
        return [{ kind: "children-completed", mapRunId, children: [{ childId, status, itemCount }] }];
      }
      case "write-results": {
        const { mapRunId } = effect;
        return draw.chance(0.9)
          ? [{ kind: "results-written", mapRunId, output: json(draw, 2) }]
          : [{ kind: "results-failed", mapRunId, error: "States.ResultWriterFailed", cause: "no" }];
      }
      case "map-run-started":
        return draw.chance(0.1) ? [{ kind: "update-map-run", mapRunId: effect.mapRunId, maxConcurrency: 1 }] : [];
      default:
        return [];
    }
  }

  /** Some of the items asked for, the rest when asked again. */
  #itemAnswers({ mapRunId, from }: Extract<Effect, { kind: "read-items" }>): InputEvent[] {
    const draw = this.#draw;
    if (draw.chance(0.1)) return [{ kind: "items-failed", mapRunId, error: "States.ItemReaderFailed", cause: "no" }];
    const items = this.#items.get(mapRunId) ?? draw.several(0, 6, () => json(draw, 1));
    this.#items.set(mapRunId, items);
    const end = draw.chance(0.3) ? from + 1 : items.length;
    return [{ kind: "items-read", mapRunId, items: items.slice(from, end), more: end < items.length }];
  }

  #taskAnswers(taskId: string, canTimeOut: boolean): InputEvent[] {
    const draw = this.#draw;
    if (draw.chance(0.01)) return [];
    const error = draw.pick(ERROR_NAMES);
    const end: InputEvent[] = draw.chance(0.65)
      ? [{ kind: "task-succeeded", taskId, output: this.#output() }]
      : draw.chance(0.8)
        ? [{ kind: "task-failed", taskId, ...(error === "" ? {} : { error, cause: draw.pick(STRINGS) }) }]
        : canTimeOut
          ? []
          : [{ kind: "task-timed-out", taskId, cause: "host" }];
    return [
      ...(draw.chance(0.3) ? [{ kind: "task-started", taskId, workerName: "w" } as const] : []),
      ...(draw.chance(0.2) ? [{ kind: "task-submitted", taskId, output: json(draw, 1) } as const] : []),
      ...(draw.chance(0.1) ? [{ kind: "task-heartbeat", taskId } as const] : []),
      ...end,
      ...(draw.chance(0.05) ? end : []),
    ];
  }

  #output(): JsonValue {
    const draw = this.#draw;
    if (draw.chance(0.003)) return "é".repeat(131_060 + draw.below(30));
    if (draw.chance(0.001)) return JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`);
    return json(draw);
  }
}
