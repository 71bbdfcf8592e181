/** Ctrl-C and SIGTERM, for commands that have a home of their own to close first. */
import { CommandFailure, type ExitCode } from "./failure.ts";

type Ending = "SIGINT" | "SIGTERM";
const CODES: Readonly<Record<Ending, ExitCode>> = { SIGINT: 130, SIGTERM: 143 };
/** A terminal's Ctrl-C comes twice: to this process, and by the launcher that started it. That is one Ctrl-C. */
const AGAIN_AFTER_MS = 500;

/** Resolves at the first signal. One that comes later, while things are being closed, ends the process at once. */
export function untilSignal(): Promise<Ending> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const onSignal = (signal: Ending) => {
      if (first !== undefined && Date.now() - first > AGAIN_AFTER_MS) process.exit(CODES[signal]);
      first ??= Date.now();
      resolve(signal);
    };
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
  });
}

/**
 * Does the work unless a signal comes first; the caller then closes what the work used.
 * @throws CommandFailure with the code a shell gives for the signal
 */
export async function interruptible<T>(work: () => Promise<T>): Promise<T> {
  const interrupted = untilSignal().then((signal) => {
    throw new CommandFailure(
      CODES[signal],
      "interrupted; the home is closed, and what ran in it goes on when it is next started: npx tidemill up",
    );
  });
  return Promise.race([work(), interrupted]);
}
