/** What a step that may take long has come to: redrawn on a terminal, elsewhere a line now and then. */
import type { Terminal } from "./terminal.ts";

const REDRAWN_MS = 200;
const TOLD_MS = 3000;

/** Calls `tick` again and again. @returns what ends it */
export type Every = (ms: number, tick: () => void) => () => void;

const byClock: Every = (ms, tick) => {
  const timer = setInterval(tick, ms);
  return () => clearInterval(timer);
};

/** Does the work, and tells meanwhile how far it is. A short one is over before anything is told. */
export async function withProgress<T>(
  terminal: Terminal,
  text: () => string,
  work: () => Promise<T>,
  every: Every = byClock,
): Promise<T> {
  const tell = () => (terminal.interactive ? terminal.live(text()) : terminal.line(text()));
  const end = every(terminal.interactive ? REDRAWN_MS : TOLD_MS, tell);
  try {
    return await work();
  } finally {
    end();
    // Whatever is told next, by whomever, begins a line.
    terminal.live("");
  }
}

/** 1,048,576 bytes are "1.0 MB". */
export function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
