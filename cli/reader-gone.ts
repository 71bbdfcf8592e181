/** Who reads what is printed may have read enough: `tidemill logs -f | head -1`. That is no failure. */

const gone = new AbortController();

/** Aborted once nobody reads stdout any more: what prints for ever ends then; what ends anyway goes on. */
export const readerGone: AbortSignal = gone.signal;

/** From here on a closed stdout or stderr ends no command with an error. */
export function letReadersGo(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      if (stream === process.stdout) gone.abort();
    });
  }
}
