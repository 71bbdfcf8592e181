import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, it } from "vitest";
import { randomOf } from "../../../journeys/seeded-random.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const ITEMS = 5_000;
const KILLS = 15;
/** An item takes some seven, so the kills come before the last of the items, all together. */
const CLOCK_READS_PER_ITEM = 5;
const MOST_READS = (ITEMS * CLOCK_READS_PER_ITEM) / KILLS;
const seed = Number(process.env.TIDEMILL_SEED ?? Date.now() % 1_000_000);

describe(`a distributed map whose home is killed ${KILLS} times (TIDEMILL_SEED=${seed})`, { timeout: 300_000 }, () => {
  const directory = temporaryFolder("map-kill");
  let said: { status: string; output: number[]; runs: number; executionCounts: object };

  let killed = 0;

  /** What the process says at its end, or undefined if it was killed, which it is at that many reads of its clock. */
  async function run(...reads: number[]): Promise<string | undefined> {
    const program = join(import.meta.dirname, "map-run-process.ts");
    const child = spawn(process.execPath, [program, directory, String(ITEMS), ...reads.map(String)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
    return code === 0 ? said : undefined;
  }

  beforeAll(async () => {
    const random = randomOf(seed);
    for (let kill = 0; kill < KILLS; kill++) {
      if ((await run(Math.floor(random() * MOST_READS))) === undefined) killed += 1;
    }
    said = JSON.parse((await run()) ?? "null");
  }, 300_000);

  it("goes on with its one map run and ends well", () => {
    expect(said).toMatchObject({ status: "SUCCEEDED", runs: 1 });
  });

  it("was killed each time while it went", () => {
    expect(killed).toBe(KILLS);
  });

  it("has one child for each item, and none twice", () => {
    expect(said.executionCounts).toMatchObject({ total: ITEMS, succeeded: ITEMS, failed: 0, aborted: 0 });
    expect(said.output).toEqual(Array.from({ length: ITEMS }, (_, n) => n));
  });
});
