/** A sample of the long fuzz (fuzz.long.ts), and the definitions it has found wanting, kept. */
import { expect, it } from "vitest";
import { fuzzCase } from "./fuzz/fuzz-case.ts";

const CASES = 300;

it("keeps every promise for a sample of random definitions and inputs", async () => {
  const statuses = new Set<string>();
  for (let seed = 1; seed <= CASES; seed += 1) {
    const { status } = await fuzzCase(String(seed)).catch((cause: unknown) => {
      throw new Error(`seed ${seed}`, { cause });
    });
    statuses.add(status);
  }
  expect(statuses).toEqual(new Set(["REFUSED", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "RUNNING"]));
});
