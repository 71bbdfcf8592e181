/** Folders and environments for tests that run real processes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createEnvironmentCache } from "../../../../local/runtime/jobs/index.ts";

/** Kept between runs: building an environment takes longer than all tests together. */
export const sharedEnvironments = createEnvironmentCache(
  fileURLToPath(new URL("../../../../node_modules/.cache/tidemill/environments", import.meta.url)),
);

/** A new folder; `remove` deletes it. */
export function temporaryFolder(name: string): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), `tidemill-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
