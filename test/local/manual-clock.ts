/** A clock that stands still until a test moves it. */
import type { Clock } from "../../local/clock.ts";

export interface ManualClock extends Clock {
  /** Moves on and fires what came due, in order. */
  advance(ms: number): void;
  /** Lets the process work, moving on by `stepMs` (default a second) each turn, until `done`; gives up after 2,000 turns. */
  until(done: () => boolean, stepMs?: number): Promise<void>;
}

export function manualClock(start: string): ManualClock {
  let now = Date.parse(start);
  const timers = new Set<{ atMs: number; fire: () => void }>();
  const advance = (ms: number) => {
    const end = now + ms;
    for (;;) {
      const [next] = [...timers].sort((a, b) => a.atMs - b.atMs);
      if (next === undefined || next.atMs > end) break;
      timers.delete(next);
      now = Math.max(now, next.atMs);
      next.fire();
    }
    now = end;
  };
  return {
    now: () => now,
    at(atMs, fire) {
      const timer = { atMs, fire };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance,
    async until(done, stepMs = 1000) {
      for (let turn = 0; turn < 2000 && !done(); turn++) {
        // Not a bare turn of the loop: the disk has its say between two of them.
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (turn % 10 === 9) advance(stepMs);
      }
      if (!done()) throw new Error("what was waited for did not happen in 2,000 turns");
    },
  };
}

type Middleware = <A, R>(next: (args: A) => Promise<R>) => (args: A) => Promise<R>;

interface SdkClient {
  config: { systemClockOffset: number };
  middlewareStack: {
    addRelativeTo(middleware: Middleware, options: { relation: "before"; toMiddleware: string }): void;
  };
}

/** Makes an SDK client sign with the time of `clock`, which the home checks. */
export function followClock(client: SdkClient, clock: Clock): void {
  client.middlewareStack.addRelativeTo(
    (next) => (args) => {
      client.config.systemClockOffset = clock.now() - Date.now();
      return next(args);
    },
    { relation: "before", toMiddleware: "httpSigningMiddleware" },
  );
}
