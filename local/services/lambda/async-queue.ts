/**
 * Asynchronous invocations: kept in the store until they succeeded or were given up.
 *
 *   A1. Accepted means stored: 202 is answered after the commit, so the invocation survives kill -9 and runs at least once.
 *   A2. A function's error is tried again after one minute and then two, at most MaximumRetryAttempts (2) times.
 *   A3. A throttle or a fault of the home is tried again with growing delays until the event's age (six hours) is used up; it costs no attempt.
 *   A4. What is given up goes to the dead-letter queue and to the failure destination.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import type { Row } from "../../store/index.ts";
import type { GivenUp } from "./destinations.ts";
import { type FunctionStore, parseReference, type StoredFunction } from "./function-store.ts";
import type { Invoker } from "./invoker.ts";
import type { VersionStore } from "./version-store.ts";

export interface QueuedInvocation {
  requestId: string;
  /** With the qualifier it was invoked by, if any: `name:qualifier`. */
  functionName: string;
  /** JSON text. */
  payload: string;
  enqueuedMs: number;
  /** Invocations that ended in the function's error. */
  attempts: number;
  throttles: number;
  lastAnswer: string | undefined;
  trace: string | undefined;
}

type Deliver = (
  stored: StoredFunction,
  done: QueuedInvocation,
  why: GivenUp | "Success",
  answer: string,
) => Promise<void>;

const RETRY_DELAYS_MS = [60_000, 120_000];
const DEFAULT_RETRIES = 2;
const DEFAULT_AGE_SECONDS = 21_600;
const LONGEST_THROTTLE_DELAY_MS = 300_000;
const MOST_AT_ONCE = 32;

export class AsyncQueue {
  readonly #home: HomePorts;
  readonly #functions: FunctionStore;
  readonly #versions: VersionStore;
  readonly #invoker: Invoker;
  readonly #deliver: Deliver;
  readonly #active = new Set<string>();
  #running = false;
  #cancelTimer: () => void = () => undefined;

  constructor(home: HomePorts, functions: FunctionStore, versions: VersionStore, invoker: Invoker, deliver: Deliver) {
    this.#home = home;
    this.#functions = functions;
    this.#versions = versions;
    this.#invoker = invoker;
    this.#deliver = deliver;
  }

  /** A1. */
  add(requestId: string, functionName: string, payload: string, trace: string | undefined): void {
    const now = this.#home.clock.now();
    this.#home.store
      .prepare("INSERT INTO lambda_async VALUES (?, ?, ?, ?, 0, 0, ?, NULL, ?)")
      .run(requestId, functionName, payload, now, now, trace ?? null);
    this.#home.store.afterCommit(() => this.#pump());
  }

  /** Takes up what an earlier process left, and begins. */
  start(): void {
    this.#running = true;
    this.#pump();
  }

  stop(): void {
    this.#running = false;
    this.#cancelTimer();
  }

  #pump(): void {
    if (!this.#running) return;
    this.#cancelTimer();
    const { store, clock } = this.#home;
    const due = store.prepare("SELECT * FROM lambda_async WHERE due_ms <= ? ORDER BY due_ms LIMIT ?");
    for (const row of due.all(clock.now(), MOST_AT_ONCE + this.#active.size)) {
      const queued = fromRow(row);
      if (this.#active.size >= MOST_AT_ONCE) return;
      if (!this.#active.has(queued.requestId)) this.#begin(queued);
    }
    const next = store.prepare("SELECT min(due_ms) AS due FROM lambda_async WHERE due_ms > ?").get(clock.now())?.due;
    if (typeof next === "number") this.#cancelTimer = clock.at(next, () => this.#pump());
  }

  #begin(queued: QueuedInvocation): void {
    this.#active.add(queued.requestId);
    void this.#attempt(queued).then(
      () => {
        this.#active.delete(queued.requestId);
        this.#pump();
      },
      // Only a failed store ends here: the row stays for the next process, and trying at once would spin.
      (error) =>
        this.#home.log("error", `invocation ${queued.requestId} of ${queued.functionName} could not be kept`, {
          error: String(error),
        }),
    );
  }

  async #attempt(queued: QueuedInvocation): Promise<void> {
    const { name, qualifier } = parseReference(queued.functionName);
    const stored = this.#resolve(name, qualifier);
    if (stored === undefined) return this.#remove(queued);
    const config = this.#functions.invokeConfig(stored.name);
    const ageLimitMs = (config.maximumEventAgeSeconds ?? DEFAULT_AGE_SECONDS) * 1000;
    const tooOldAt = (dueMs: number) => dueMs - queued.enqueuedMs > ageLimitMs;
    if (tooOldAt(this.#home.clock.now()))
      return this.#finish(stored, queued, "EventAgeExceeded", queued.lastAnswer ?? "");
    try {
      const outcome = await this.#invoker.invoke(stored, { ...queued, qualifier });
      // The home is closing and took the environment down with it: the next process runs it.
      if (!this.#running) return;
      const { payload } = outcome;
      if (!outcome.failed) return await this.#finish(stored, queued, "Success", payload);
      const failed = { ...queued, attempts: queued.attempts + 1, lastAnswer: payload };
      const dueMs = this.#home.clock.now() + (RETRY_DELAYS_MS[queued.attempts] ?? 0);
      if (queued.attempts >= (config.maximumRetryAttempts ?? DEFAULT_RETRIES)) {
        return await this.#finish(stored, failed, "RetriesExhausted", payload);
      }
      if (tooOldAt(dueMs)) return await this.#finish(stored, failed, "EventAgeExceeded", payload);
      this.#postpone(failed, dueMs);
    } catch (thrown) {
      if (thrown instanceof AwsError && thrown.code === "RecursiveInvocationException")
        return await this.#dropLoop(stored, queued, thrown);
      if (!(thrown instanceof AwsError) || thrown.code !== "TooManyRequestsException") {
        this.#home.log("warn", `${queued.functionName} could not be run; it is tried again`, { error: String(thrown) });
      }
      const delay = Math.min(1000 * 2 ** queued.throttles, LONGEST_THROTTLE_DELAY_MS);
      this.#postpone({ ...queued, throttles: queued.throttles + 1 }, this.#home.clock.now() + delay);
    }
  }

  async #dropLoop(stored: StoredFunction, queued: QueuedInvocation, { code, message }: AwsError): Promise<void> {
    this.#home.log("warn", `${stored.name} invokes itself in a loop: it is stopped after 16 runs`);
    const answer = JSON.stringify({ errorType: code, errorMessage: message });
    await this.#finish(stored, queued, "RetriesExhausted", answer);
  }

  /** Undefined when the function, or what its qualifier stood for, is gone. */
  #resolve(name: string, qualifier: string | undefined): StoredFunction | undefined {
    try {
      return this.#versions.resolve(name, qualifier, Math.random);
    } catch {
      return undefined;
    }
  }

  /** A4: what follows is sent before the row goes, so a crash between them repeats it rather than losing it. */
  async #finish(
    stored: StoredFunction,
    done: QueuedInvocation,
    why: GivenUp | "Success",
    answer: string,
  ): Promise<void> {
    await this.#deliver(stored, done, why, answer).catch((error) =>
      this.#home.log("error", `the outcome of ${done.requestId} of ${stored.name} could not be sent on`, {
        error: String(error),
      }),
    );
    this.#remove(done);
  }

  #remove(queued: QueuedInvocation): void {
    this.#home.store.prepare("DELETE FROM lambda_async WHERE request_id = ?").run(queued.requestId);
  }

  #postpone(queued: QueuedInvocation, dueMs: number): void {
    this.#home.store
      .prepare("UPDATE lambda_async SET attempts = ?, throttles = ?, due_ms = ?, last_answer = ? WHERE request_id = ?")
      .run(queued.attempts, queued.throttles, dueMs, queued.lastAnswer ?? null, queued.requestId);
  }
}

function fromRow(row: Row): QueuedInvocation {
  return {
    requestId: String(row.request_id),
    functionName: String(row.function),
    payload: String(row.payload),
    enqueuedMs: Number(row.enqueued_ms),
    attempts: Number(row.attempts),
    throttles: Number(row.throttles),
    lastAnswer: typeof row.last_answer === "string" ? row.last_answer : undefined,
    trace: typeof row.trace === "string" ? row.trace : undefined,
  };
}
