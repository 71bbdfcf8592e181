/** What the main job cannot do without, asked for before anything is begun. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { findRunningHome } from "../local/running.ts";
import { findPython, PythonMissingError } from "../local/runtime/jobs/find-python.ts";
import { CommandFailure } from "./failure.ts";

/**
 * Looks for the machine's Python where this command will stand up a home whose jobs have no environment yet. One that has
 * may be all that is needed, and a home that runs has a PATH of its own.
 *
 * @throws CommandFailure (1) in one line, with the way to get it
 */
export async function requirePython(home: string): Promise<void> {
  if (findRunningHome(home) !== undefined) return;
  if (hasEntries(process.env.TIDEMILL_ENVIRONMENTS ?? join(home, "environments"))) return;
  try {
    await findPython(process.env.TIDEMILL_PYTHON);
  } catch (thrown) {
    throw thrown instanceof PythonMissingError ? new CommandFailure(1, thrown.message) : thrown;
  }
}

function hasEntries(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return false;
  }
}
