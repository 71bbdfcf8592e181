/**
 * Every test file has a temp directory of its own, which must be empty when its tests have ended: what is left in it is left on
 * the user's disk at each run, by the file or by the code it tests.
 */
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { removeTemporaryFolders } from "./temporary-folder.ts";

/** Node's, when npm runs in a test: meant to stay from run to run. */
const CACHE = "node-compile-cache";

const outer = tmpdir();
const own = mkdtempSync(join(outer, "tidemill-test-"));
// A test may give up its rights, and still has to come through to its own folder.
chmodSync(own, 0o755);
// `tmpdir()` reads it each time, and the processes that tests start inherit it.
process.env.TMPDIR = own;

// Registered before any hook of the file itself, so it runs after them all.
afterAll(() => {
  removeTemporaryFolders();
  const left = readdirSync(own).filter((name) => name !== CACHE);
  rmSync(own, { recursive: true, force: true });
  process.env.TMPDIR = outer;
  expect(left, "left in the temp directory: a folder of a test's own comes from temporaryFolder()").toEqual([]);
});
