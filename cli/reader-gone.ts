/** Who reads what is printed may have read enough: `tidemill logs -f | head -1`. That is no failure. */

const gone = new AbortController();

/** Aborted once nobody reads stdout any more: what prints for ever ends then; what ends anyway goes on. */
export const readerGone: AbortSignal = gone.signal;

/**
 * From here on a closed stdout or stderr ends no command with an error. A result that cannot be written otherwise, to a full disk,
 * fails the command; words on stderr that cannot be, do not.
 */
export function letReadersGo(): void {
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    gone.abort();
    if (error.code === "EPIPE") return;
    process.exitCode = 1;
    process.stderr.write(`tidemill: the result cannot be written to stdout: ${error.message}\n`);
  });
}
