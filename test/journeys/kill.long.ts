import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killStorm, type Storm } from "./kill-storm.ts";

const SEED = Number(process.env.TIDEMILL_SEED ?? 20_261_124);
const KILLS = 200;

describe(`a home killed ${KILLS} times (seed ${SEED})`, () => {
  let folder: string;
  let storm: Storm;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tidemill-kill-"));
    storm = await killStorm(folder, join(folder, "home"), SEED, KILLS);
  }, 3_600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("K1: ends every execution well", () => {
    expect(storm.executions.filter(({ status }) => status !== "SUCCEEDED")).toEqual([]);
  });

  it("K2: registers each data version once", () => {
    expect(storm.packages.map(({ dataVersion }) => dataVersion).sort()).toEqual([...storm.acknowledged].sort());
  });

  it("K3: has one job for each step of each execution", () => {
    expect(storm.trainingJobs).toHaveLength(storm.acknowledged.length);
    expect(storm.processingJobs).toHaveLength(2 * storm.acknowledged.length);
  });

  it("K4: has an execution for every acknowledged publish", () => {
    const names = storm.executions
      .filter(({ stateMachine }) => stateMachine === "data-product-update")
      .map(({ name }) => name);
    expect(names.sort()).toEqual(storm.acknowledged.map((version) => `credit-card-${version}`).sort());
  });
});
