/**
 * Being ready: what a first piece of work would wait for (a query process, loaded functions, interpreters) is started when
 * work is likely, and given up by its owner when it has been idle for a while.
 *
 * Work is likely at any event on the bus once the home has started, which the first write into a watched bucket is. A home
 * that only stands there holds nothing ready, and one that has been quiet gives back what its work left behind.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Clock } from "./clock.ts";

export interface Readiness {
  /** `prepare` is called at each sign of work; it costs next to nothing when all is ready. */
  onWork(prepare: () => void): void;
  /** From here on events are signs of work. */
  begin(): void;
}

export interface ReadinessOptions {
  /** false: nothing is ever prepared, for a home that is opened for a few calls. */
  enabled: boolean;
  clock: Clock;
  listen(heard: () => void): unknown;
  /** Frees memory; default: V8's full collection. */
  collect?(): void;
}

/** After the last sign of work; the owners of what was made ready have given it up by then. */
const QUIET_MS = 65_000;

export function createReadiness({ enabled, clock, listen, collect = collectAll }: ReadinessOptions): Readiness {
  const prepares: (() => void)[] = [];
  let quiet: (() => void) | undefined;
  const sign = () => {
    for (const prepare of prepares) prepare();
    quiet?.();
    quiet = clock.at(clock.now() + QUIET_MS, collect);
  };
  return {
    onWork: (prepare) => void prepares.push(prepare),
    begin() {
      if (enabled) listen(sign);
    },
  };
}

/** A quiet process allocates nothing, so V8 sees no reason to collect what its last work left. */
function collectAll(): void {
  setFlagsFromString("--expose-gc");
  const collectNow: unknown = runInNewContext("gc");
  if (typeof collectNow === "function") collectNow();
}
