import { describe, it } from "vitest";
import { checkSeed, seedsFrom } from "./check-seeds.ts";

describe("executions in a home that loses its process at random moments, thousands of times", () => {
  it.each(seedsFrom(1_000, 2_000))("keep their promises with seed %i", async (seed) => {
    await checkSeed(seed);
  });
});
