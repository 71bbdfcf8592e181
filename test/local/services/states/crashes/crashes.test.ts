import { describe, expect, it } from "vitest";
import { checkSeed, seedsFrom } from "./check-seeds.ts";

describe("executions in a home that loses its process at random moments", () => {
  it("end as they would have, lose nothing acknowledged, and repeat at most what was not acknowledged", async () => {
    let crashes = 0;
    for (const seed of seedsFrom(1, 12)) crashes += await checkSeed(seed);
    expect(crashes).toBeGreaterThan(0);
  });
});
