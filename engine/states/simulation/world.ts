/** What is outside of a simulated execution: answers its effects, and lets time pass only when nothing else is left to do. */
import type { Machine } from "../engine.ts";
import { isObject, type JsonValue } from "../json.ts";
import type {
  Effect,
  ExecutionOutcome,
  InputEvent,
  ReadItemsEffect,
  StartChildEffect,
  WriteResultsEffect,
} from "../protocol.ts";
import type { Stubs } from "./stubs.ts";
import type { SimulatedTask, TaskCall } from "./task-stub.ts";

export type ReadItemsAnswer = readonly JsonValue[] | Readonly<{ error: string; cause: string }>;

/** What a simulation asks of its caller; `called` is told of each task before it is answered. */
export type WorldPorts = Readonly<{
  stubs: Stubs;
  items?: (effect: ReadItemsEffect) => ReadItemsAnswer | Promise<ReadItemsAnswer>;
  child: (machine: Machine, effect: StartChildEffect, nowMs: number) => Promise<ExecutionOutcome>;
  called?: (call: TaskCall) => void;
}>;

type Due = Readonly<{ atMs: number; inputs: readonly InputEvent[] }>;

/** Timers, answers and map runs of one simulated execution, and its clock. */
export class World {
  nowMs: number;
  readonly #machine: Machine;
  readonly #ports: WorldPorts;
  readonly #inputs: InputEvent[] = [];
  readonly #due = new Map<string, Due>();
  /** What distributed Maps' readers read and their children gave, by map run. */
  readonly #items = new Map<string, readonly JsonValue[]>();
  readonly #results = new Map<string, JsonValue[]>();

  constructor(machine: Machine, ports: WorldPorts, nowMs: number) {
    this.#machine = machine;
    this.#ports = ports;
    this.nowMs = nowMs;
  }

  /** What is there to take in now, without time passing. */
  ready(): InputEvent | undefined {
    return this.#inputs.shift();
  }

  /** What happens next, once time has passed. */
  later(): InputEvent | undefined {
    let first: [string, Due] | undefined;
    for (const entry of this.#due) if (first === undefined || entry[1].atMs < first[1].atMs) first = entry;
    if (first === undefined) return undefined;
    const [id, { atMs, inputs }] = first;
    this.#due.delete(id);
    this.nowMs = Math.max(this.nowMs, atMs);
    this.#inputs.push(...inputs);
    return this.#inputs.shift();
  }

  /** Does what the execution wants done; what comes of it is had from `ready` or `later`. */
  async perform(effect: Effect): Promise<void> {
    switch (effect.kind) {
      case "start-timer":
        this.#due.set(effect.timerId, {
          atMs: effect.atMs,
          inputs: [{ kind: "timer-fired", timerId: effect.timerId }],
        });
        break;
      case "cancel-timer":
        this.#due.delete(effect.timerId);
        break;
      case "cancel-task":
        this.#due.delete(answerId(effect.taskId));
        break;
      case "schedule-task":
        this.#ports.called?.(effect);
        this.#answer(effect.taskId, await this.#ports.stubs.answer(effect));
        break;
      case "read-items":
        await this.#readItems(effect);
        break;
      case "start-child": {
        const { mapRunId, childId } = effect;
        const outcome = await this.#ports.child(this.#machine.child(effect.childMachine), effect, this.nowMs);
        const { status, output, error = null, cause = null } = outcome;
        const results = this.#results.get(mapRunId) ?? [];
        results[effect.index] = status === "SUCCEEDED" ? (output ?? null) : { Error: error, Cause: cause };
        this.#results.set(mapRunId, results);
        const children = [{ childId, status, itemCount: effect.itemCount }];
        this.#inputs.push({ kind: "children-completed", mapRunId, children });
        break;
      }
      case "write-results": {
        const output =
          effect.destination === undefined
            ? (this.#results.get(effect.mapRunId) ?? [])
            : { MapRunArn: effect.mapRunId, ResultWriterDetails: writtenTo(effect.mapRunId, effect.destination) };
        this.#inputs.push({ kind: "results-written", mapRunId: effect.mapRunId, output });
        break;
      }
      default:
        break;
    }
  }

  #answer(taskId: string, answer: SimulatedTask): void {
    const { workerName, submitted, afterSeconds } = answer;
    this.#inputs.push({ kind: "task-started", taskId, ...(workerName === undefined ? {} : { workerName }) });
    if (submitted !== undefined) this.#inputs.push({ kind: "task-submitted", taskId, output: submitted });
    const end = endOf(taskId, answer);
    if (end === undefined) return;
    if (afterSeconds === undefined) this.#inputs.push(end);
    else this.#due.set(answerId(taskId), { atMs: this.nowMs + afterSeconds * 1000, inputs: [end] });
  }

  async #readItems(effect: ReadItemsEffect): Promise<void> {
    const { mapRunId } = effect;
    const items = this.#items.get(mapRunId) ?? (await this.#ports.items?.(effect)) ?? [];
    if ("error" in items) this.#inputs.push({ kind: "items-failed", mapRunId, error: items.error, cause: items.cause });
    else {
      this.#items.set(mapRunId, items);
      this.#inputs.push({ kind: "items-read", mapRunId, items: items.slice(effect.from) });
    }
  }
}

/** Timers have ids of the engine's: answers that take time stand beside them. */
function answerId(taskId: string): string {
  return `task ${taskId}`;
}

function endOf(taskId: string, answer: SimulatedTask): InputEvent | undefined {
  if ("output" in answer) return { kind: "task-succeeded", taskId, output: answer.output };
  if ("timeout" in answer) return undefined;
  const cause = answer.cause === undefined ? {} : { cause: answer.cause };
  if ("timedOut" in answer) return { kind: "task-timed-out", taskId, ...cause };
  return { kind: "task-failed", taskId, ...(answer.error === undefined ? {} : { error: answer.error }), ...cause };
}

/** Where the service would have put the manifest. */
function writtenTo(mapRunId: string, { parameters }: NonNullable<WriteResultsEffect["destination"]>): JsonValue {
  const { Bucket = null, Prefix = "" } = isObject(parameters) ? parameters : {};
  const folder = Prefix === "" ? "" : `${String(Prefix).replace(/\/$/, "")}/`;
  return { Bucket, Key: `${folder}${mapRunId.slice(mapRunId.lastIndexOf(":") + 1)}/manifest.json` };
}
