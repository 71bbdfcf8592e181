/** Time as a port: services and the engine never read the system's clock themselves. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `fire` at or after `atMs`; the returned function cancels it. A time in the past fires on the next turn. */
  at(atMs: number, fire: () => void): () => void;
}

// setTimeout takes a signed 32-bit delay; longer waits are cut into legs.
const LONGEST_LEG_MS = 2 ** 31 - 1;

/** The machine's clock. Timers do not keep the process alive by themselves. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at(atMs, fire) {
    let timer: NodeJS.Timeout;
    const arm = () => {
      const left = atMs - Date.now();
      timer = setTimeout(left > LONGEST_LEG_MS ? arm : fire, Math.min(Math.max(left, 0), LONGEST_LEG_MS));
      timer.unref();
    };
    arm();
    return () => clearTimeout(timer);
  },
};

/** The same clock, whose timers end nothing but themselves: what `fire` throws is given to `failed`. */
export function guardedClock(clock: Clock, failed: (thrown: unknown) => void): Clock {
  return {
    now: () => clock.now(),
    at: (atMs, fire) =>
      clock.at(atMs, () => {
        try {
          fire();
        } catch (thrown) {
          failed(thrown);
        }
      }),
  };
}
