/**
 * Writes executions' checkpoints.
 *
 *   K1. Of all inputs an execution takes in while a batch is open, the last checkpoint alone is written, just before the commit:
 *       no other could ever be read.
 *   K2. Large values are rows of their own (checkpoint-parts.ts): a checkpoint costs what its execution has branches, not what these hold.
 *   K3. What an execution may hold so has a bound, and what all may together; beyond it, the one that holds the most is ended rather
 *       than the home.
 */
import { getHeapStatistics } from "node:v8";
import type { Execution } from "../../../engine/states/index.ts";
import type { HomePorts } from "../../define-service.ts";
import type { CheckpointParts } from "./checkpoint-parts.ts";
import type { ExecutionRecord } from "./execution-record.ts";
import type { ExecutionStore } from "./execution-store.ts";

export interface Checkpointed {
  readonly record: ExecutionRecord;
  readonly execution: Execution;
  readonly parts: CheckpointParts;
}

/** How many characters of large values executions may hold; they are in memory too. */
export interface HeldBounds {
  one: number;
  together: number;
}

const MEGABYTE = 1024 * 1024;
const BOUNDS: HeldBounds = { one: 512 * MEGABYTE, together: Math.floor(getHeapStatistics().heap_size_limit / 2) };

export class Checkpoints {
  readonly #home: HomePorts;
  readonly #executions: ExecutionStore;
  readonly #exceeded: (arn: string, cause: string) => void;
  readonly #bounds: HeldBounds;
  readonly #held = new Map<Checkpointed, number>();
  #heldTogether = 0;
  readonly #changed = new Set<Checkpointed>();

  /** @param exceeded told of an execution that holds too much */
  constructor(
    home: HomePorts,
    executions: ExecutionStore,
    exceeded: (arn: string, cause: string) => void,
    bounds: HeldBounds = BOUNDS,
  ) {
    this.#home = home;
    this.#executions = executions;
    this.#exceeded = exceeded;
    this.#bounds = bounds;
  }

  /** The execution has changed, and goes on. */
  changed(live: Checkpointed): void {
    if (this.#changed.size === 0) this.#home.store.beforeCommit(() => this.#writeAll());
    this.#changed.add(live);
  }

  /** The checkpoint as text, for whoever writes the execution's row itself. */
  text(live: Checkpointed): string {
    this.#changed.delete(live);
    const text = live.parts.save(live.execution);
    const length = live.execution.status === "RUNNING" ? live.parts.length : 0;
    this.#note(live, length);
    const { one, together } = this.#bounds;
    const most = (what: string, bound: number) =>
      `${what} more than ${Math.floor(bound / MEGABYTE)} MB of data in branches, the most this home keeps; hand on less, or use a distributed Map.`;
    if (length > one) this.#end(live, most("The execution holds", one));
    else if (length > 0 && this.#heldTogether > together)
      this.#end(this.#largest(live), most("The executions, of which this is the largest, hold", together));
    return text;
  }

  /** Nothing goes on from the execution any more. */
  drop(live: Checkpointed): void {
    this.#changed.delete(live);
    this.#note(live, 0);
    live.parts.clear();
  }

  #note(live: Checkpointed, length: number): void {
    this.#heldTogether += length - (this.#held.get(live) ?? 0);
    if (length > 0) this.#held.set(live, length);
    else this.#held.delete(live);
  }

  #largest(than: Checkpointed): Checkpointed {
    const lengthOf = (live: Checkpointed) => this.#held.get(live) ?? 0;
    return [...this.#held.keys()].reduce((most, live) => (lengthOf(live) > lengthOf(most) ? live : most), than);
  }

  #end({ record }: Checkpointed, cause: string): void {
    this.#home.store.afterCommit(() => this.#exceeded(record.arn, cause));
  }

  #writeAll(): void {
    for (const live of this.#changed) {
      try {
        this.#executions.saveCheckpoint(live.record.arn, this.text(live));
      } catch (thrown) {
        // One that cannot be written must not keep the others from being.
        live.parts.undone();
        const fields = { execution: live.record.arn, error: String(thrown) };
        this.#home.log("error", "an execution's checkpoint could not be written", fields);
      }
    }
    this.#changed.clear();
  }
}
