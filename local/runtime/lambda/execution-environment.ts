/**
 * One execution environment: a worker thread with the function loaded, serving one invocation at a time.
 *
 *   E1. It ends with whatever takes the runtime down: a timeout, an exit, an uncaught error, a full heap. The pool makes another.
 *   E2. Buffers lie outside the heap whose limit the thread has: they are looked at while an invocation runs.
 *   E3. The worker sees only the environment given to it, nothing of the host's.
 */
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { Clock } from "../../clock.ts";
import {
  type ErrorPayload,
  type InvokeMessage,
  type WorkerMessage,
  WorkerMessageSchema,
  type WorkerSetup,
} from "./worker-messages.ts";

export interface EnvironmentSpec extends Omit<WorkerSetup, "outstanding"> {
  memoryMb: number;
  timeoutMs: number;
  variables: Readonly<Record<string, string>>;
  logStream: string;
}

export interface Outcome {
  /** JSON text: the handler's answer, or the error's payload. */
  payload: string;
  failed: boolean;
  /** Present when this invocation paid the cold start. */
  initMs: number | undefined;
  durationMs: number;
  heapBytes: number;
  /** Lambda's own words on an end it forced, for the log. */
  note: string | undefined;
}

/** Takes output; a promise is one for when it can take more. */
export type Output = (text: string) => Promise<void> | undefined;

// Lambda gives the init phase ten seconds, and after that what the function's own timeout allows.
const INIT_LIMIT_MS = 10_000;
const MIN_HEAP_MB = 64;
/** What Node gives a process: a function that reads a file is done before its young generation is collected often. */
const YOUNG_GENERATION_MB = 48;
const MEMORY_EVERY_MS = 250;
const MAX_RESPONSE_BYTES = 6_291_556;
const MOST_EARLY = 256 * 1024;

// For heaps made from here on, which are the functions'; the home's own small young generation (cli/bin/tidemill.js) would be
// every thread's. As V8 begins, a function's heap is collected before its first event and gives a tenth back.
setFlagsFromString("--max-semi-space-size=0");
setFlagsFromString(`--min-semi-space-size=${YOUNG_GENERATION_MB / 3}`);
setFlagsFromString(`--initial-old-space-size=${MIN_HEAP_MB}`);

export class ExecutionEnvironment {
  readonly spec: EnvironmentSpec;
  readonly #clock: Clock;
  readonly #worker: Worker;
  readonly #startedMs: number;
  readonly #ready: Promise<{ initMs: number } | { error: ErrorPayload }>;
  #settle: ((message: WorkerMessage) => void) | undefined;
  #output: Output | undefined;
  /** Written while no invocation ran: shown with the next one, as much as is kept. */
  #early = "";
  readonly #outstanding = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #fresh = true;
  #ended = false;

  constructor(spec: EnvironmentSpec, clock: Clock) {
    this.spec = spec;
    this.#clock = clock;
    this.#startedMs = performance.now();
    const { taskRoot, handler, runtime } = spec;
    const setup: WorkerSetup = { taskRoot, handler, runtime, outstanding: this.#outstanding.buffer };
    this.#worker = new Worker(new URL("./worker-start.js", import.meta.url), {
      // Compiled code is no secret, and the function does not see where it lies.
      workerData: { ...setup, compileCache: process.env.NODE_COMPILE_CACHE },
      env: { ...spec.variables },
      argv: [],
      execArgv: ["--disable-warning=ExperimentalWarning"],
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxOldGenerationSizeMb: Math.max(spec.memoryMb, MIN_HEAP_MB),
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
      },
      name: spec.variables.AWS_LAMBDA_FUNCTION_NAME ?? "lambda",
    });
    // A home that has nothing else to do may end.
    this.#worker.unref();
    this.#worker.on("message", (message: unknown) => {
      const { data } = WorkerMessageSchema.safeParse(message);
      if (data !== undefined) this.#hear(data);
    });
    this.#worker.on("error", (error) => this.#died(error));
    this.#worker.on("exit", (code) => this.#died(code));
    this.#worker.stdout.on("data", (chunk) => this.#log(String(chunk)));
    this.#worker.stderr.on("data", (chunk) => this.#log(String(chunk)));
    this.#ready = this.#next().then((message) =>
      message.kind === "ready"
        ? { initMs: performance.now() - this.#startedMs }
        : { error: "error" in message ? message.error : { errorType: "Runtime.Unknown", errorMessage: "no handler" } },
    );
  }

  /** False: it takes no more invocations. */
  get alive(): boolean {
    return !this.#ended;
  }

  /** Resolves once the function is loaded, or cannot be. */
  get started(): Promise<unknown> {
    return this.#ready;
  }

  /** Runs one invocation to its end; never rejects. */
  async invoke(request: Omit<InvokeMessage, "deadlineMs">, output: Output): Promise<Outcome> {
    this.#output = output;
    if (this.#early !== "") void output(this.#early);
    this.#early = "";
    this.#worker.ref();
    const stopWatch = this.#watchMemory();
    try {
      return await this.#run(request);
    } finally {
      stopWatch();
      this.#output = undefined;
      if (!this.#ended) this.#worker.unref();
    }
  }

  async #run(request: Omit<InvokeMessage, "deadlineMs">): Promise<Outcome> {
    const { requestId } = request;
    const initLimitMs = INIT_LIMIT_MS + this.spec.timeoutMs;
    const started = await this.#within(initLimitMs, this.#ready);
    if (started === "late") return this.#timedOut(requestId, initLimitMs, undefined);
    if ("error" in started) {
      void this.kill();
      return failure(withRequest(started.error, requestId), { durationMs: performance.now() - this.#startedMs });
    }
    const initMs = this.#fresh ? started.initMs : undefined;
    this.#fresh = false;
    const from = performance.now();
    const answer = this.#next();
    this.#worker.postMessage({ ...request, deadlineMs: Date.now() + this.spec.timeoutMs } satisfies InvokeMessage);
    const message = await this.#within(this.spec.timeoutMs, answer);
    const durationMs = performance.now() - from;
    if (message === "late") return this.#timedOut(requestId, durationMs, initMs);
    if (message.kind === "result") {
      if (Buffer.byteLength(message.payload) > MAX_RESPONSE_BYTES) {
        const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`;
        return failure({ errorType: "Function.ResponseSizeTooLarge", errorMessage }, { durationMs, initMs });
      }
      return {
        payload: message.payload,
        failed: false,
        initMs,
        durationMs,
        heapBytes: message.heapBytes,
        note: undefined,
      };
    }
    const heapBytes = "heapBytes" in message ? message.heapBytes : 0;
    const error: ErrorPayload = "error" in message ? message.error : { errorType: "Runtime.Unknown", errorMessage: "" };
    return failure(withRequest(error, requestId), { durationMs, initMs, heapBytes });
  }

  /** Ends the worker at once; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#ended = true;
    await this.#worker.terminate();
  }

  #watchMemory(): () => void {
    const limitBytes = Math.max(this.spec.memoryMb, MIN_HEAP_MB) * 2 ** 20;
    let cancel: () => void = () => undefined;
    let watching = true;
    const look = async () => {
      const used = await this.#worker.getHeapStatistics().catch(() => undefined);
      if (!watching || used === undefined) return;
      if (used.external_memory > limitBytes) {
        void this.kill();
        this.#hear({ kind: "fatal", error: KILLED });
      } else cancel = this.#clock.at(this.#clock.now() + MEMORY_EVERY_MS, () => void look());
    };
    cancel = this.#clock.at(this.#clock.now() + MEMORY_EVERY_MS, () => void look());
    return () => {
      watching = false;
      cancel();
    };
  }

  #timedOut(requestId: string, durationMs: number, initMs: number | undefined): Outcome {
    void this.kill();
    const said = `Task timed out after ${(this.spec.timeoutMs / 1000).toFixed(2)} seconds`;
    return {
      ...failure(
        { errorType: "Sandbox.Timedout", errorMessage: `RequestId: ${requestId} Error: ${said}` },
        { durationMs, initMs },
      ),
      note: said,
    };
  }

  #within<T>(limitMs: number, work: Promise<T>): Promise<T | "late"> {
    return new Promise((done) => {
      const cancel = this.#clock.at(this.#clock.now() + limitMs, () => done("late"));
      void work.then((value) => {
        cancel();
        done(value);
      });
    });
  }

  #next(): Promise<WorkerMessage> {
    return new Promise((done) => {
      this.#settle = done;
    });
  }

  #hear(message: WorkerMessage): void {
    if (message.kind === "log") {
      const taken = () => {
        Atomics.sub(this.#outstanding, 0, message.text.length);
        Atomics.notify(this.#outstanding, 0);
      };
      const room = this.#log(message.text);
      if (room === undefined) taken();
      else void room.then(taken, taken);
      return;
    }
    if (message.kind === "fatal") this.#ended = true;
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(message);
  }

  #log(text: string): Promise<void> | undefined {
    if (this.#output !== undefined) return this.#output(text);
    if (this.#early.length < MOST_EARLY) this.#early += text;
    return undefined;
  }

  #died(cause: unknown): void {
    this.#ended = true;
    this.#hear({ kind: "fatal", error: exitError(cause) });
  }
}

const KILLED: ErrorPayload = {
  errorType: "Runtime.ExitError",
  errorMessage: "Error: Runtime exited with error: signal: killed",
};

/** What Lambda says of a runtime that is gone; the request's id is put in front where it is known. */
function exitError(cause: unknown): ErrorPayload {
  const errorType = "Runtime.ExitError";
  if (cause instanceof Error && "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY") {
    return KILLED;
  }
  if (cause instanceof Error) return { errorType, errorMessage: `Error: Runtime exited with error: ${cause.message}` };
  if (cause === 0) return { errorType, errorMessage: "Error: Runtime exited without providing a reason" };
  return { errorType, errorMessage: `Error: Runtime exited with error: exit status ${String(cause)}` };
}

function withRequest(error: ErrorPayload, requestId: string): ErrorPayload {
  return error.errorType === "Runtime.ExitError"
    ? { ...error, errorMessage: `RequestId: ${requestId} ${error.errorMessage}` }
    : error;
}

function failure(
  error: ErrorPayload,
  measured: { durationMs: number; initMs?: number | undefined; heapBytes?: number },
): Outcome {
  return {
    payload: JSON.stringify(error),
    failed: true,
    initMs: measured.initMs,
    durationMs: measured.durationMs,
    heapBytes: measured.heapBytes ?? 0,
    note:
      error.errorType === "Runtime.ExitError" ? error.errorMessage.replace(/^RequestId: \S+ Error: /, "") : undefined,
  };
}
