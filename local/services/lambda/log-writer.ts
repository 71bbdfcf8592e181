/**
 * A function's output in CloudWatch Logs, written as the function's role: START, END and REPORT lines as Lambda writes them.
 * Batched: at most one call under way for a log stream. A role without permission for logs runs without them, as on AWS.
 */
import type { HomePorts } from "../../define-service.ts";
import { logGroupOf } from "./function-configuration.ts";
import type { StoredFunction } from "./function-store.ts";

interface LogEvent {
  timestamp: number;
  message: string;
}

interface Stream {
  pending: LogEvent[];
  flushing: Promise<void> | undefined;
  /** False: the stream could not be made; its lines are dropped. */
  open: boolean | undefined;
}

const MOST_EVENTS = 1000;
const LONGEST_MESSAGE_BYTES = 256 * 1024;
const MOST_STREAMS = 200;

export class LogWriter {
  readonly #home: HomePorts;
  readonly #streams = new Map<string, Stream>();
  #closed = false;

  constructor(home: HomePorts) {
    this.#home = home;
  }

  /** Adds text of one or more lines; the write follows by itself. A promise where more waits than is written at once. */
  write(stored: StoredFunction, logStream: string, text: string): Promise<void> | undefined {
    if (this.#closed) return undefined;
    const key = `${logGroupOf(stored)}\n${logStream}`;
    const stream = this.#streams.get(key) ?? { pending: [], flushing: undefined, open: undefined };
    this.#streams.set(key, stream);
    const message = text.replace(/\n+$/, "").slice(0, LONGEST_MESSAGE_BYTES);
    if (message === "" || stream.open === false) return undefined;
    stream.pending.push({ timestamp: this.#home.clock.now(), message });
    stream.flushing ??= this.#flush(stored, logStream, stream).finally(() => {
      stream.flushing = undefined;
      if (this.#streams.size > MOST_STREAMS && stream.pending.length === 0) this.#streams.delete(key);
    });
    return stream.pending.length < MOST_EVENTS ? undefined : stream.flushing;
  }

  /** Writes what there is; what comes later, of functions that were ended, is dropped. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.drained();
  }

  /** Resolves when everything written so far is kept. */
  async drained(): Promise<void> {
    await Promise.all([...this.#streams.values()].map((stream) => stream.flushing));
  }

  async #flush(stored: StoredFunction, logStream: string, stream: Stream): Promise<void> {
    // The lines of one turn go together.
    await new Promise((resolve) => setImmediate(resolve));
    const names = { logGroupName: logGroupOf(stored), logStreamName: logStream };
    while (stream.pending.length > 0) {
      const logEvents = stream.pending.splice(0, MOST_EVENTS);
      try {
        if (stream.open === undefined) await this.#open(stored, names);
        stream.open = true;
        await this.#call(stored, "PutLogEvents", { ...names, logEvents });
      } catch (thrown) {
        stream.open = false;
        stream.pending.length = 0;
        const reason = thrown instanceof Error ? thrown.message : String(thrown);
        this.#home.log("warn", `no CloudWatch logs for ${stored.name}: ${reason}`);
      }
    }
  }

  async #open(stored: StoredFunction, names: { logGroupName: string; logStreamName: string }): Promise<void> {
    try {
      await this.#call(stored, "CreateLogStream", names);
    } catch (thrown) {
      const code = codeOf(thrown);
      if (code === "ResourceAlreadyExistsException") return;
      if (code !== "ResourceNotFoundException") throw thrown;
      await this.#call(stored, "CreateLogGroup", { logGroupName: names.logGroupName });
      await this.#call(stored, "CreateLogStream", names);
    }
  }

  #call(stored: StoredFunction, operation: string, input: object): Promise<unknown> {
    return this.#home.call("logs", operation, input, { kind: "role", roleArn: stored.role, sessionName: stored.name });
  }
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
}
