/** Ctrl-C, SIGTERM and the end of the terminal, for commands that have a home of their own to close first. */
import { CommandFailure, type ExitCode } from "./failure.ts";

type Ending = "SIGHUP" | "SIGINT" | "SIGTERM";
const CODES: Readonly<Record<Ending, ExitCode>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
/** A terminal's Ctrl-C comes twice: to this process, and by the launcher that started it. That is one Ctrl-C. */
const AGAIN_AFTER_MS = 500;

const HOME_CLOSED = "the home is closed, and what ran in it goes on when it is next started: npx tidemill up";

/** What becomes of the home that an interrupted command used. */
export function homeAfter({ own }: { own: boolean }): string {
  return own ? HOME_CLOSED : "the home goes on";
}

let interruption: AbortSignal | undefined;

/**
 * Aborted by the first signal, with the CommandFailure that a command ends with for it. Until this is asked for, a signal ends the
 * process, as it should where nothing is to be closed. One that comes later, while things are being closed, does so at once.
 */
export function interrupted(): AbortSignal {
  interruption ??= listen();
  return interruption;
}

/** Resolves at the first signal. */
export function untilSignal(): Promise<void> {
  const signal = interrupted();
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/**
 * Does the work unless a signal comes first; the caller then closes what the work used.
 * @param remains what becomes of what was begun, for the person who ended this
 * @throws CommandFailure with the code a shell gives for the signal
 */
export async function interruptible<T>(work: () => Promise<T>, remains = () => HOME_CLOSED): Promise<T> {
  const ended = untilSignal().then((): never => {
    throw failureOf(interrupted().reason, remains());
  });
  return Promise.race([work(), ended]);
}

/** Whether a signal has come. Asking does not change what signals do. */
export function wasInterrupted(): boolean {
  return interruption?.aborted === true;
}

function failureOf(reason: unknown, remains: string): CommandFailure {
  return new CommandFailure(reason instanceof CommandFailure ? reason.exitCode : 130, `interrupted; ${remains}`);
}

function listen(): AbortSignal {
  const controller = new AbortController();
  let first: number | undefined;
  const onSignal = (signal: Ending) => {
    if (first !== undefined && Date.now() - first > AGAIN_AFTER_MS) process.exit(CODES[signal]);
    first ??= Date.now();
    controller.abort(new CommandFailure(CODES[signal], `interrupted; ${HOME_CLOSED}`));
  };
  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
  return controller.signal;
}
