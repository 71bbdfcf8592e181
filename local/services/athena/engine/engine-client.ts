/**
 * The home's end of the query process: starts it when needed, or ahead of the first query, and ends it when it has been idle
 * for a while.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Clock } from "../../../clock.ts";
import { QueryError } from "../sql/query-error.ts";
import type { FromEngine, Task, TaskResult } from "./protocol.ts";

const MAIN = fileURLToPath(new URL("./engine-main.ts", import.meta.url));
/** Longer than a training job usually is, so that a lifecycle starts one process. */
const IDLE_MS = 60_000;
// The translator is 23 MB of WebAssembly. V8's optimizing compiler would work on it for seconds, on the processors the
// queries run on and with hundreds of megabytes, to save milliseconds a query.
const FLAGS = ["--liftoff-only", "--max-semi-space-size=4"];

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class EngineClient {
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Waiting>();
  #process: ChildProcess | undefined;
  #ids = 0;
  #cancelIdle: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @throws QueryError for a fault of the query, also when it broke the process (memory)
   * @throws the signal's reason when aborted
   */
  async perform<T extends Task>(task: T, signal: AbortSignal): Promise<TaskResult<T>> {
    signal.throwIfAborted();
    const id = ++this.#ids;
    const engine = this.#start();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    const cancel = () => {
      engine.send({ id, task: "cancel" });
      reject(signal.reason);
    };
    signal.addEventListener("abort", cancel, { once: true });
    try {
      engine.send({ id, task });
      return (await promise) as TaskResult<T>;
    } finally {
      signal.removeEventListener("abort", cancel);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) this.#armIdle();
    }
  }

  /** Has the process load what queries need, unless it runs already. */
  warm(): void {
    if (this.#process !== undefined) return;
    this.#start().send({ task: "warm" });
    this.#armIdle();
  }

  close(): void {
    this.#cancelIdle();
    const ending = this.#process;
    this.#process = undefined;
    ending?.kill("SIGKILL");
  }

  #start(): ChildProcess {
    this.#cancelIdle();
    if (this.#process !== undefined) return this.#process;
    // Nothing of the home's environment but the cache of compiled code: queries must not see it.
    const { NODE_COMPILE_CACHE } = process.env;
    const env = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
    const engine = fork(MAIN, [], { env, execArgv: FLAGS, stdio: ["ignore", "ignore", "ignore", "ipc"] });
    engine.on("message", (message: FromEngine) => this.#settle(message));
    engine.on("exit", () => this.#ended(engine));
    engine.on("error", () => this.#ended(engine));
    this.#process = engine;
    return engine;
  }

  #settle(message: FromEngine): void {
    const waiting = this.#waiting.get(message.id);
    if ("result" in message) waiting?.resolve(message.result);
    else {
      const { query, message: text } = message.failure;
      waiting?.reject(query ? new QueryError(text) : new Error(`the query process failed: ${text}`));
    }
  }

  #ended(engine: ChildProcess): void {
    if (this.#process === engine) this.#process = undefined;
    const lost = new QueryError("Query exhausted resources at this scale factor");
    for (const waiting of this.#waiting.values()) waiting.reject(lost);
  }

  #armIdle(): void {
    this.#cancelIdle();
    this.#cancelIdle = this.#clock.at(this.#clock.now() + IDLE_MS, () => {
      if (this.#waiting.size === 0) this.close();
    });
  }
}
