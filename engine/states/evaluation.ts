/**
 * What an expression may see while it is evaluated, and the type of compiled expressions.
 *
 * Compiled expressions answer at once whenever they can; only JSONata beyond the fast path answers with a promise, so
 * stepping pays a promise exactly where the evaluator is needed.
 */
import type { JsonObject, JsonValue } from "./json.ts";

export interface Evaluation {
  /** `$` in JSONPath, `$states.input` in JSONata. */
  readonly input: JsonValue;
  /** `$states.result`; undefined where it does not exist. */
  readonly result?: JsonValue | undefined;
  /** `$states.errorOutput`, in Catch. */
  readonly errorOutput?: JsonValue | undefined;
  /** The context object (`$$`, `$states.context`). */
  context(): JsonObject;
  /** A workflow variable, from this scope or an outer one. */
  variable(name: string): JsonValue | undefined;
  /** The time that `$now()` and `$millis()` tell: the execution's own. */
  readonly nowMs: number;
  random(): number;
  uuid(): string;
}

export type MaybePromise<T> = T | Promise<T>;

/** A compiled expression or template; throws or rejects with StateError. */
export type Expression = (evaluation: Evaluation) => MaybePromise<JsonValue>;

/** Calls `next` with the value, at once unless it is a promise. */
export function whenReady<A, B>(value: MaybePromise<A>, next: (value: A) => MaybePromise<B>): MaybePromise<B> {
  return value instanceof Promise ? value.then(next) : next(value);
}
