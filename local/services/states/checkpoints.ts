/**
 * Writes executions' checkpoints.
 *
 *   K1. Of all inputs an execution takes in while a batch is open, the last checkpoint alone is written, just before the commit:
 *       no other could ever be read.
 *   K2. Large values are rows of their own (checkpoint-parts.ts): a checkpoint costs what its execution has branches, not what these hold.
 *   K3. What an execution may hold so has a bound; beyond it, it is ended rather than the home.
 */
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

/** Characters of large values one execution may hold; they are in memory too. */
const MOST_HELD = 512 * 1024 * 1024;

export class Checkpoints {
  readonly #home: HomePorts;
  readonly #executions: ExecutionStore;
  readonly #exceeded: (arn: string, cause: string) => void;
  readonly #mostHeld: number;
  readonly #changed = new Set<Checkpointed>();

  /** @param exceeded told of an execution that holds too much */
  constructor(
    home: HomePorts,
    executions: ExecutionStore,
    exceeded: (arn: string, cause: string) => void,
    mostHeld: number = MOST_HELD,
  ) {
    this.#home = home;
    this.#executions = executions;
    this.#exceeded = exceeded;
    this.#mostHeld = mostHeld;
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
    if (live.execution.status === "RUNNING" && live.parts.length > this.#mostHeld) {
      const cause = `The execution's branches hold more than ${this.#mostHeld / 1024 / 1024} MB of data, the most this home keeps of one execution; hand on less, or use a distributed Map.`;
      this.#home.store.afterCommit(() => this.#exceeded(live.record.arn, cause));
    }
    return text;
  }

  /** Nothing goes on from the execution any more. */
  drop(live: Checkpointed): void {
    this.#changed.delete(live);
    live.parts.clear();
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
