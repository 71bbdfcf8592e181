/**
 * Writes histories to CloudWatch Logs. Never waited for by an execution, as on AWS; the events of a turn go in one call a machine.
 */
import type { HistoryEvent } from "../../../../engine/states/index.ts";
import { toAwsError } from "../../../aws-error.ts";
import type { HomePorts } from "../../../define-service.ts";
import { machineName, parentMachineArn } from "../arns.ts";
import type { ExecutionRecord } from "../execution-record.ts";
import { isLogged, logRecord } from "./log-record.ts";
import type { LogTarget } from "./logging-configuration.ts";

export type { LogTarget };

interface LogEvent {
  timestamp: number;
  message: string;
}

interface Stream {
  groupName: string;
  machineName: string;
  type: ExecutionRecord["type"];
  pending: LogEvent[];
  flushing: Promise<void> | undefined;
  /** The stream written to, and the hour it is of. */
  name: string;
  hour: number;
}

const HOUR_MS = 3_600_000;
const MOST_EVENTS = 1_000;
const MOST_STREAMS = 200;

export class HistoryLogs {
  readonly #home: HomePorts;
  readonly #streams = new Map<string, Stream>();

  constructor(home: HomePorts) {
    this.#home = home;
  }

  /** Logs what the target's level has of these events. */
  write(target: LogTarget, record: ExecutionRecord, events: readonly HistoryEvent[]): void {
    const logged = events.filter(({ type }) => isLogged(type, target.level));
    if (logged.length === 0) return;
    const stream = this.#stream(target.groupName, machineName(parentMachineArn(record.machineArn)), record.type);
    for (const event of logged)
      stream.pending.push({ timestamp: event.timestamp, message: logRecord(record, event, target) });
    stream.flushing ??= this.#flush(stream).finally(() => {
      stream.flushing = undefined;
    });
  }

  /** Resolves when everything written so far is kept. */
  async drained(): Promise<void> {
    await Promise.all([...this.#streams.values()].map(({ flushing }) => flushing));
  }

  #stream(groupName: string, machineName: string, type: Stream["type"]): Stream {
    const key = `${groupName}\n${machineName}\n${type}`;
    const known = this.#streams.get(key);
    if (known !== undefined) return known;
    if (this.#streams.size >= MOST_STREAMS)
      for (const [other, { flushing }] of this.#streams) if (flushing === undefined) this.#streams.delete(other);
    const stream: Stream = { groupName, machineName, type, pending: [], flushing: undefined, name: "", hour: -1 };
    this.#streams.set(key, stream);
    return stream;
  }

  async #flush(stream: Stream): Promise<void> {
    // What happens in one turn goes together.
    await new Promise((resolve) => setImmediate(resolve));
    while (stream.pending.length > 0) {
      // In order of time within a call; executions whose steps are evaluated asynchronously may overtake each other.
      const logEvents = stream.pending.splice(0, MOST_EVENTS).sort((a, b) => a.timestamp - b.timestamp);
      try {
        await this.#open(stream);
        await this.#call("PutLogEvents", { logGroupName: stream.groupName, logStreamName: stream.name, logEvents });
      } catch (thrown) {
        stream.hour = -1;
        this.#home.log("warn", `no CloudWatch logs for the state machine ${stream.machineName}`, {
          logGroup: stream.groupName,
          error: toAwsError(thrown).message,
        });
      }
    }
  }

  /** `states/<machine>/<yyyy-mm-dd-hh>/00000000`, of Express executions with the minute, as AWS names them: a new one each hour. */
  async #open(stream: Stream): Promise<void> {
    const nowMs = this.#home.clock.now();
    const hour = Math.floor(nowMs / HOUR_MS);
    if (hour === stream.hour) return;
    const time = new Date(nowMs).toISOString().slice(0, stream.type === "EXPRESS" ? 16 : 13);
    const name = `states/${stream.machineName}/${time.replaceAll(/[T:]/g, "-")}/00000000`;
    await this.#create(stream.groupName, name);
    stream.name = name;
    stream.hour = hour;
  }

  async #create(logGroupName: string, logStreamName: string): Promise<void> {
    try {
      await this.#call("CreateLogStream", { logGroupName, logStreamName });
    } catch (thrown) {
      // Made before the home was opened again.
      if (toAwsError(thrown).code !== "ResourceAlreadyExistsException") throw thrown;
    }
  }

  // Delivered by the service, whose right AWS notes on the log group when the state machine is made.
  #call(operation: string, input: object): Promise<unknown> {
    return this.#home.call("logs", operation, input, { kind: "home", accountId: this.#home.accountId });
  }
}
