/** What must hold of every seed, whatever is lost and when. */
import { expect } from "vitest";
import { simulate } from "./simulation.ts";

/** The seeds to run: `count` of them from `first`, or the one that SIMULATION_SEED names. */
export function seedsFrom(first: number, count: number): number[] {
  const only = process.env.SIMULATION_SEED;
  return only === undefined ? Array.from({ length: count }, (_, index) => first + index) : [Number(only)];
}

/** @returns how many crashes the run met */
export async function checkSeed(seed: number): Promise<number> {
  const replay = `run again with SIMULATION_SEED=${seed}`;
  const steady = await simulate(seed, false);
  const crashing = await simulate(seed, true);
  expect(steady.problems, replay).toEqual([]);
  expect(crashing.problems, replay).toEqual([]);
  for (const [name, ended] of Object.entries(crashing.ended)) {
    if (crashing.stopped.has(name) || steady.stopped.has(name))
      expect(ended.status, replay).toMatch(/ABORTED|SUCCEEDED|FAILED/);
    else expect({ name, ...ended }, replay).toEqual({ name, ...steady.ended[name] });
  }
  for (const [step, times] of steady.performed) expect(`${step}: ${times}`, replay).toBe(`${step}: 1`);
  for (const [step, times] of crashing.performed)
    expect(times, `${step}, ${replay}`).toBeLessThanOrEqual(1 + crashing.crashes);
  return crashing.crashes;
}
