/** Waiting for what nothing tells of, by asking. */
import { setTimeout as pause } from "node:timers/promises";

export interface Waiting {
  withinMs: number;
  /** Default: 100 ms. */
  everyMs?: number;
}

/** Asks until there is an answer. @returns undefined when none came in time */
export async function until<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  { withinMs, everyMs = 100 }: Waiting,
): Promise<T | undefined> {
  const giveUp = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || Date.now() > giveUp) return answer;
    await pause(everyMs);
  }
}
