/** What the machine has no more of, told with what to do. */

const FULL: readonly unknown[] = ["ENOSPC", "EDQUOT"];
const TOO_MANY_FILES: readonly unknown[] = ["EMFILE", "ENFILE"];

/** In words; undefined where something else failed. */
export function systemLimit(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error && "code" in thrown)) return undefined;
  if (FULL.includes(thrown.code))
    return `no space left on the home's disk (${thrown.message}); free some and ask again: nothing acknowledged is lost`;
  if (TOO_MANY_FILES.includes(thrown.code))
    return `too many files and connections are open (${thrown.message}); close some, or start the home where more are allowed (ulimit -n)`;
  return undefined;
}
