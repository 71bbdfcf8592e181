/** The machine's clock, which a test can move forward: what falls due on the way fires at once. */
import { type Clock, systemClock } from "../../../../local/clock.ts";

export function leapingClock(): Clock & { leap(ms: number): void } {
  let offsetMs = 0;
  const timers = new Map<symbol, { atMs: number; fire: () => void; cancel: () => void }>();
  const now = () => systemClock.now() + offsetMs;
  return {
    now,
    at(atMs, fire) {
      const id = Symbol("timer");
      const run = () => {
        timers.get(id)?.cancel();
        if (timers.delete(id)) fire();
      };
      timers.set(id, { atMs, fire: run, cancel: systemClock.at(atMs - offsetMs, run) });
      return () => {
        timers.get(id)?.cancel();
        timers.delete(id);
      };
    },
    leap(ms) {
      offsetMs += ms;
      for (const timer of [...timers.values()]) if (timer.atMs <= now()) timer.fire();
    },
  };
}
