/**
 * Signals a process, or with its negative id a group, unless it is gone or beyond us: it became another user's (by sudo), or, as
 * on macOS, nothing of its group but what waits to be asked after is left.
 */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown && /^(ESRCH|EPERM)$/.test(String(thrown.code)))) throw thrown;
  }
}
