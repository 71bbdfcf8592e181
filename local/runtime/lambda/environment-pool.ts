/**
 * Execution environments of all functions: reused while warm, made on demand, reaped when idle.
 *
 *   P1. An environment serves one invocation at a time.
 *   P2. At most `maxBusy` invocations run at once in the home; others wait in order.
 *   P3. An idle environment ends after `idleMs`, at once when its function changed, its credentials near their end, or too many are idle.
 */
import { availableParallelism } from "node:os";
import type { Clock } from "../../clock.ts";
import { type EnvironmentSpec, ExecutionEnvironment, type Outcome, type Output } from "./execution-environment.ts";
import type { InvokeMessage } from "./worker-messages.ts";

export interface PoolOptions {
  clock: Clock;
  /** Default 60 s. */
  idleMs?: number;
  /** Default: four a processor, at least 16. */
  maxBusy?: number;
  /** Idle environments kept in all; default 12, since each holds some 15 MB until it is reaped. */
  maxIdle?: number;
}

export interface PoolFunction {
  /** Same key: same code and configuration. */
  key: string;
  /** Makes what a new environment needs; asked at each cold start. */
  spec: () => EnvironmentSpec & { expiresMs: number };
}

export interface PoolRequest extends PoolFunction {
  message: Omit<InvokeMessage, "deadlineMs">;
  /** Called with each piece of output; `logStream` is the environment's own. */
  output: (logStream: string, text: string) => ReturnType<Output>;
}

interface Warm {
  key: string;
  environment: ExecutionEnvironment;
  expiresMs: number;
  cancelReap: () => void;
}

// Credentials must outlive the longest invocation, fifteen minutes.
const CREDENTIAL_MARGIN_MS = 16 * 60_000;

export class EnvironmentPool {
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #maxBusy: number;
  readonly #maxIdle: number;
  #idle: Warm[] = [];
  readonly #busy = new Set<Warm>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #closed = false;

  constructor({
    clock,
    idleMs = 60_000,
    maxBusy = Math.max(16, 4 * availableParallelism()),
    maxIdle = 12,
  }: PoolOptions) {
    this.#clock = clock;
    this.#idleMs = idleMs;
    this.#maxBusy = maxBusy;
    this.#maxIdle = maxIdle;
  }

  /** Idle environments, for tests and `doctor`. */
  get idleCount(): number {
    return this.#idle.length;
  }

  /** Runs one invocation; never rejects for what the function does. @throws what `spec` throws */
  async invoke(request: PoolRequest): Promise<Outcome & { logStream: string }> {
    await this.#turn();
    try {
      const warm = this.#take(request.key) ?? this.#make(request);
      const { environment } = warm;
      const { logStream } = environment.spec;
      this.#busy.add(warm);
      const output: Output = (text) => request.output(logStream, text);
      const outcome = await environment.invoke(request.message, output);
      this.#busy.delete(warm);
      if (environment.alive) this.#keep(warm);
      return { ...outcome, logStream };
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  /**
   * Starts an environment for each function that has none, as far as idle ones are kept; one after the other, in order, so
   * that work that goes on meanwhile keeps its processor.
   */
  async warm(functions: readonly PoolFunction[]): Promise<void> {
    for (const function_ of functions) {
      if (this.#closed || this.#idle.length >= this.#maxIdle) return;
      if (this.#hot(function_.key)) continue;
      const warm = this.#make(function_);
      this.#keep(warm);
      await warm.environment.started;
    }
  }

  #hot(key: string): boolean {
    return this.#idle.some((warm) => warm.key === key) || [...this.#busy].some((warm) => warm.key === key);
  }

  /** Ends the idle environments of keys that `stale` names; busy ones end by themselves when idle. */
  drop(stale: (key: string) => boolean): void {
    for (const warm of this.#idle.filter(({ key }) => stale(key))) this.#end(warm);
  }

  /** Ends everything, invocations included; resolves when no function runs any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.drop(() => true);
    await Promise.all([...this.#busy].map(({ environment }) => environment.kill()));
  }

  async #turn(): Promise<void> {
    this.#running++;
    if (this.#running > this.#maxBusy) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #take(key: string): Warm | undefined {
    const found = this.#idle.findLast((warm) => warm.key === key);
    if (found === undefined) return undefined;
    this.#forget(found);
    if (!found.environment.alive) return this.#take(key);
    if (found.expiresMs > this.#clock.now() + CREDENTIAL_MARGIN_MS) return found;
    void found.environment.kill();
    return this.#take(key);
  }

  #make(request: PoolFunction): Warm {
    const { expiresMs, ...spec } = request.spec();
    return {
      key: request.key,
      environment: new ExecutionEnvironment(spec, this.#clock),
      expiresMs,
      cancelReap: () => undefined,
    };
  }

  #keep(warm: Warm): void {
    warm.cancelReap = this.#clock.at(this.#clock.now() + this.#idleMs, () => this.#end(warm));
    this.#idle.push(warm);
    const [oldest] = this.#idle;
    if (this.#idle.length > this.#maxIdle && oldest !== undefined) this.#end(oldest);
  }

  #end(warm: Warm): void {
    this.#forget(warm);
    void warm.environment.kill();
  }

  #forget(warm: Warm): void {
    warm.cancelReap();
    this.#idle = this.#idle.filter((other) => other !== warm);
  }
}
