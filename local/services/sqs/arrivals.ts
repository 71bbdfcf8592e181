/** Who waits for a message to become visible: long polling without looking again and again. */
import type { Clock } from "../../clock.ts";

export interface Arrivals {
  /** Wakes everyone who waits at `queue`. */
  announce(queue: string): void;
  /** Resolves at the next announcement, at `untilMs`, or when `signal` is aborted. */
  next(queue: string, untilMs: number, signal: AbortSignal): Promise<void>;
}

export function createArrivals(clock: Clock): Arrivals {
  const waiting = new Map<string, Set<() => void>>();
  return {
    announce(queue) {
      for (const wake of waiting.get(queue) ?? []) wake();
    },
    next(queue, untilMs, signal) {
      return new Promise((resolve) => {
        const waiters = waiting.get(queue) ?? new Set();
        waiting.set(queue, waiters);
        const cancelTimer = clock.at(untilMs, () => wake());
        const wake = () => {
          waiters.delete(wake);
          cancelTimer();
          signal.removeEventListener("abort", wake);
          resolve();
        };
        waiters.add(wake);
        signal.addEventListener("abort", wake);
        if (signal.aborted) wake();
      });
    },
  };
}
