/**
 * The small public face, for commands that talk to a home another process runs: the whole of index.ts would take longer to
 * load than most of them take.
 */

export { GUEST_PATH } from "./endpoint/guests.ts";
export { findRunningHome, type RunningHome } from "./home-lock.ts";
