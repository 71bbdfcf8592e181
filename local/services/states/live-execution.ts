/** An execution in memory, and what it has yet to take in. */
import type { Execution, InputEvent } from "../../../engine/states/index.ts";
import type { CheckpointParts } from "./checkpoint-parts.ts";
import type { ExecutionRecord } from "./execution-record.ts";
import type { LogTarget } from "./logging/history-logs.ts";

export interface Arrival {
  input: InputEvent;
  /** Writes the rows that say the input has come. */
  alongside: (() => void) | undefined;
  written: () => void;
  refused: (reason: unknown) => void;
}

export interface Live {
  record: ExecutionRecord;
  /** The state machine's own ARN, also of a map run's child: its logging and its deletion are followed. */
  machineArn: string;
  execution: Execution;
  parts: CheckpointParts;
  queue: Arrival[];
  draining: boolean;
  /** Its row is inserted with what the first input leads to, so that one that ends at once is written once. */
  inserted: boolean;
  timers: Map<string, () => void>;
  /** Where its history is logged, if anywhere. */
  logTarget: LogTarget | undefined;
  /** Of a synchronous execution: who waits for its end. */
  waiter: PromiseWithResolvers<ExecutionRecord> | undefined;
}
