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
// queries run on and with hundreds of megabytes, to save milliseconds a query. Functions that no query needs are not even checked.
// What it loads stays: the heap is not collected before it is past that.
const FLAGS = [
  "--liftoff-only",
  "--wasm-lazy-validation",
  "--no-wasm-async-compilation",
  "--max-semi-space-size=4",
  "--initial-old-space-size=64",
];

/** How long a query that was stopped may go on before its process is ended: the translator, for one, cannot be interrupted. */
const STOP_PATIENCE_MS = 2000;
/** The translator takes milliseconds for what people write, and nothing else is translated meanwhile. */
const ANALYSIS_PATIENCE_MS = 60_000;

interface Waiting {
  engine: ChildProcess;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** The process was ended for another query's sake. */
class EngineReplaced extends Error {
  override readonly name = "EngineReplaced";
}

/** The process ended by itself or was killed, with every query that was under way in it. */
class EngineLost extends Error {
  override readonly name = "EngineLost";
}

/** So often may the process end under a query before the query is taken for the cause. */
const MOST_LOST = 2;

export class EngineClient {
  readonly #clock: Clock;
  readonly #main: string;
  readonly #waiting = new Map<number, Waiting>();
  /** Stopped queries whose end the process has not told yet. */
  readonly #stopping = new Map<number, () => void>();
  readonly #replaced = new WeakSet<ChildProcess>();
  #process: ChildProcess | undefined;
  /** The last of those that start again in turn. */
  #suspects: Promise<unknown> = Promise.resolve();
  #ids = 0;
  #cancelIdle: () => void = () => undefined;

  /** @param main the module the process runs */
  constructor(clock: Clock, main = MAIN) {
    this.#clock = clock;
    this.#main = main;
  }

  /**
   * Performs a task; once more from its start when the process had to be ended for another's sake, or was lost.
   * @throws QueryError for a fault of the query, also when it broke the process (memory) or is too large to translate
   * @throws the signal's reason when aborted
   */
  async perform<T extends Task>(task: T, signal: AbortSignal): Promise<TaskResult<T>> {
    for (let lost = 0; ; ) {
      try {
        return await (lost === 0 ? this.#attempt(task, signal) : this.#attemptInTurn(task, signal));
      } catch (thrown) {
        if (thrown instanceof EngineReplaced) continue;
        if (!(thrown instanceof EngineLost)) throw thrown;
        lost++;
        if (lost === MOST_LOST)
          throw new QueryError(
            `Query exhausted resources at this scale factor: the query process was killed ${MOST_LOST} times under it, as a machine does that is out of memory; close what else needs memory, or have the query read less`,
          );
      }
    }
  }

  /** Has the process load what queries need, unless it runs already; resolves once it has, or is gone. */
  async warm(): Promise<void> {
    if (this.#process !== undefined) return;
    const engine = this.#start();
    engine.send({ task: "warm" });
    this.#armIdle();
    await new Promise<void>((resolve) => {
      engine.on("message", (message: FromEngine) => "warm" in message && resolve());
      engine.on("exit", () => resolve());
    });
  }

  close(): void {
    this.#cancelIdle();
    const ending = this.#process;
    this.#process = undefined;
    ending?.kill("SIGKILL");
  }

  /** Of those that were lost together one is the cause: they start again one after the other, that the others are not lost to it twice. */
  #attemptInTurn<T extends Task>(task: T, signal: AbortSignal): Promise<TaskResult<T>> {
    const attempt = this.#suspects.then(() => this.#attempt(task, signal));
    this.#suspects = attempt.catch(() => undefined);
    return attempt;
  }

  async #attempt<T extends Task>(task: T, signal: AbortSignal): Promise<TaskResult<T>> {
    signal.throwIfAborted();
    const id = ++this.#ids;
    const engine = this.#start();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { engine, resolve, reject });
    const cancel = () => {
      this.#stop(engine, id);
      reject(signal.reason);
    };
    const tooLong = () => {
      // Queries are translated one after the other: it is the first that took so long.
      if (this.#replaced.has(engine)) return;
      reject(
        new QueryError(
          "GENERIC_USER_ERROR: line 1:1: the query is too large: this home could not translate it in time",
        ),
      );
      this.#replace(engine);
    };
    signal.addEventListener("abort", cancel, { once: true });
    const disarm =
      task.kind === "run" ? () => undefined : this.#clock.at(this.#clock.now() + ANALYSIS_PATIENCE_MS, tooLong);
    try {
      engine.send({ id, task });
      return (await promise) as TaskResult<T>;
    } finally {
      disarm();
      signal.removeEventListener("abort", cancel);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) this.#armIdle();
    }
  }

  #stop(engine: ChildProcess, id: number): void {
    engine.send({ id, task: "cancel" });
    const late = this.#clock.at(this.#clock.now() + STOP_PATIENCE_MS, () => {
      this.#stopping.delete(id);
      this.#replace(engine);
    });
    this.#stopping.set(id, late);
  }

  #replace(engine: ChildProcess): void {
    this.#replaced.add(engine);
    if (this.#process === engine) this.#process = undefined;
    engine.kill("SIGKILL");
  }

  #start(): ChildProcess {
    this.#cancelIdle();
    if (this.#process !== undefined) return this.#process;
    // Nothing of the home's environment but the cache of compiled code: queries must not see it.
    const { NODE_COMPILE_CACHE } = process.env;
    const env = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
    const engine = fork(this.#main, [], { env, execArgv: FLAGS, stdio: ["ignore", "ignore", "ignore", "ipc"] });
    engine.on("message", (message: FromEngine) => this.#settle(message));
    engine.on("exit", () => this.#ended(engine));
    engine.on("error", () => this.#ended(engine));
    this.#process = engine;
    return engine;
  }

  #settle(message: FromEngine): void {
    if ("warm" in message) return;
    this.#stopping.get(message.id)?.();
    this.#stopping.delete(message.id);
    const waiting = this.#waiting.get(message.id);
    if ("result" in message) waiting?.resolve(message.result);
    else {
      const { query, message: text } = message.failure;
      waiting?.reject(query ? new QueryError(text) : new Error(`the query process failed: ${text}`));
    }
  }

  #ended(engine: ChildProcess): void {
    if (this.#process === engine) this.#process = undefined;
    const lost = this.#replaced.has(engine)
      ? new EngineReplaced("the query process was ended")
      : new EngineLost("the query process ended");
    for (const waiting of this.#waiting.values()) if (waiting.engine === engine) waiting.reject(lost);
  }

  #armIdle(): void {
    this.#cancelIdle();
    this.#cancelIdle = this.#clock.at(this.#clock.now() + IDLE_MS, () => {
      if (this.#waiting.size === 0) this.close();
    });
  }
}
