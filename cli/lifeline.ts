/**
 * Ends this process when the one that started it is gone: under an older Node the command is two processes, and who
 * kills the first means both. The starter holds the other end of a pipe, which closes however it ends.
 */
import { Socket } from "node:net";

/** Of the pipe, by number; set by bin/tidemill.js. */
const VARIABLE = "TIDEMILL_LIFELINE";

/** Does nothing where the command was started by itself. */
export function holdLifeline(): void {
  const fd = process.env[VARIABLE];
  if (fd === undefined) return;
  // What this process starts has no such pipe.
  delete process.env[VARIABLE];
  const line = new Socket({ fd: Number(fd), readable: true, writable: false });
  line.on("error", end).on("close", end).resume().unref();
}

// As its starter ended: at once, whatever is under way. A home is made for that.
function end(): void {
  process.kill(process.pid, "SIGKILL");
}
