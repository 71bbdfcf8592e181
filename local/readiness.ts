/**
 * Being ready: what work would wait for is made ready when it is likely to be needed.
 *
 *   R1. What costs little to keep (compiled definitions, the SDK's schemas) is read once the home has started.
 *   R2. A query process is started at a sign of work: an event on the bus, an object written. What costs more (functions,
 *       interpreters) is started when something has begun that names it. Owners give up what has been idle for a while.
 *   R3. One thing after the other: the work itself keeps its processor. What was foreseen last is needed first.
 *
 * A home that only stands there holds no process ready, and one that has been quiet gives back what its work left behind.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Clock } from "./clock.ts";

/** A call that will come. */
export interface Foreseen {
  /** The service's dispatch name. */
  service: string;
  /**
   * Of Lambda the function's name or ARN, where it is known; of EventBridge the detail-type of an event that will come; else
   * the action, as resource ARNs write it.
   */
  name: string;
}

type Piece = () => unknown;

export interface Readiness {
  /** `prepare` is called at each sign of work; it costs next to nothing when all is ready. */
  onWork(prepare: () => void): void;
  /** A sign of work besides events on the bus. */
  sign(): void;
  /** `pieces` is asked once the home has started; requests are answered between one piece and the next. */
  onStarted(pieces: () => readonly Piece[]): void;
  onForeseen(service: string, prepare: (name: string) => Promise<unknown>): void;
  /** What something begun will call, in order; the same list is heard once in a while only. */
  foresee(things: readonly Foreseen[]): void;
  /** From here on there are signs of work; what the home does to stand is none. */
  begin(): void;
  end(): void;
}

export interface ReadinessOptions {
  /** false: nothing is ever prepared, for a home that is opened for a few calls. */
  enabled: boolean;
  clock: Clock;
  listen(heard: () => void): unknown;
  log(level: "warn", message: string, fields: Record<string, unknown>): void;
  /** Frees memory; default: V8's full collection. */
  collect?(): void;
}

/** After the last sign of work; the owners of what was made ready have given it up by then. */
const QUIET_MS = 65_000;
/** Whoever started the home is told first that it stands. */
const SETTLED_MS = 50;
/** About as long as what is made ready lives at the least. */
const FORESEEN_AGAIN_MS = 30_000;
/** A function may never be loaded; what comes after it does not wait for that. */
const PATIENCE_MS = 5_000;

export function createReadiness({ enabled, clock, listen, log, collect = collectAll }: ReadinessOptions): Readiness {
  const prepares: (() => void)[] = [];
  const started: (() => readonly Piece[])[] = [];
  const preparing = new Map<string, (name: string) => Promise<unknown>>();
  const foreseenUntilMs = new WeakMap<readonly Foreseen[], number>();
  const ahead: Piece[] = [];
  let working = false;
  let begun = false;
  let ended = false;
  let quiet: (() => void) | undefined;

  const sign = () => {
    if (!begun) return;
    for (const prepare of prepares) prepare();
    quiet?.();
    quiet = clock.at(clock.now() + QUIET_MS, collect);
  };
  const workOff = async () => {
    if (working) return;
    working = true;
    for (let piece = ahead.shift(); piece !== undefined && !ended; piece = ahead.shift()) {
      await new Promise(setImmediate);
      if (!ended) await within(clock, piece, (error) => log("warn", "something could not be made ready", { error }));
    }
    working = false;
  };
  return {
    onWork: (prepare) => void prepares.push(prepare),
    sign,
    onStarted: (pieces) => void started.push(pieces),
    onForeseen: (service, prepare) => void preparing.set(service, prepare),
    foresee(things) {
      const nowMs = clock.now();
      if (!enabled || (foreseenUntilMs.get(things) ?? 0) > nowMs) return;
      foreseenUntilMs.set(things, nowMs + FORESEEN_AGAIN_MS);
      const pieces = things.flatMap(({ service, name }) => {
        const prepare = preparing.get(service);
        return prepare === undefined ? [] : [() => prepare(name)];
      });
      ahead.unshift(...pieces);
      void workOff();
    },
    begin() {
      if (!enabled) return;
      begun = true;
      listen(sign);
      clock.at(clock.now() + SETTLED_MS, () => {
        if (!ended) ahead.push(...started.flatMap((pieces) => pieces()));
        void workOff();
      });
    },
    end() {
      ended = true;
    },
  };
}

/** Resolves once the piece is done or has failed, or took too long. */
function within(clock: Clock, piece: Piece, failed: (error: string) => void): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.at(clock.now() + PATIENCE_MS, resolve);
    const work = async () => piece();
    void work()
      .catch((error: unknown) => failed(String(error)))
      .finally(() => {
        cancel();
        resolve();
      });
  });
}

/** A quiet process allocates nothing, so V8 sees no reason to collect what its last work left. */
function collectAll(): void {
  setFlagsFromString("--expose-gc");
  const collectNow: unknown = runInNewContext("gc");
  if (typeof collectNow === "function") collectNow();
}
