/** Time as a port: services and the engine never read the system's clock themselves. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `fire` at or after `atMs`; the returned function cancels it. A time in the past fires on the next turn. */
  at(atMs: number, fire: () => void): () => void;
}

// setTimeout takes a signed 32-bit delay; longer waits are cut into legs.
const LONGEST_LEG_MS = 2 ** 31 - 1;
/** How long it may go unseen that the machine slept or its clock was set: timers count neither. */
const LOOK_MS = 5_000;
const SET_BY_MS = 1_000;

interface Waiting {
  atMs: number;
  fire: () => void;
  timer?: NodeJS.Timeout;
}

/** The machine's clock. Timers do not keep the process alive by themselves. */
export function createSystemClock(): Clock {
  const waiting = new Set<Waiting>();
  let aheadMs = clockAheadMs();
  let looking: NodeJS.Timeout | undefined;
  const arm = (one: Waiting) => {
    clearTimeout(one.timer);
    const left = Math.min(Math.max(one.atMs - Date.now(), 0), LONGEST_LEG_MS);
    one.timer = setTimeout(() => end(one), left).unref();
  };
  const end = (one: Waiting) => {
    // The leg may have been one of several, or the clock was set back meanwhile.
    if (Date.now() < one.atMs) return arm(one);
    waiting.delete(one);
    one.fire();
  };
  const look = () => {
    if (waiting.size === 0) {
      clearInterval(looking);
      looking = undefined;
    }
    const now = clockAheadMs();
    if (Math.abs(now - aheadMs) < SET_BY_MS) return;
    aheadMs = now;
    // What is overdue fires in the order it was due in.
    for (const one of [...waiting].sort((left, right) => left.atMs - right.atMs)) arm(one);
  };
  return {
    now: () => Date.now(),
    at(atMs, fire) {
      const one: Waiting = { atMs, fire };
      waiting.add(one);
      arm(one);
      looking ??= setInterval(look, LOOK_MS).unref();
      return () => {
        clearTimeout(one.timer);
        waiting.delete(one);
      };
    },
  };
}

/** How far the clock is ahead of the time that timers count; it changes where the machine sleeps or its clock is set. */
function clockAheadMs(): number {
  return Date.now() - performance.now();
}

/** The one of this process: its timers are looked over together. */
export const systemClock: Clock = createSystemClock();

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
