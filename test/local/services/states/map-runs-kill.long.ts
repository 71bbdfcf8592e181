import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { randomOf } from "../../../journeys/seeded-random.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const ITEMS = 5_000;
const KILLS = 15;
const LATEST_MS = 400;
const seed = Number(process.env.TIDEMILL_SEED ?? Date.now() % 1_000_000);

describe(`a distributed map whose home is killed ${KILLS} times (TIDEMILL_SEED=${seed})`, { timeout: 300_000 }, () => {
  const directory = temporaryFolder("map-kill");
  let said: { status: string; output: number[]; runs: number; executionCounts: object };

  let killed = 0;

  /** The process's last line, or undefined if it was killed `afterMs` after it had started its work. */
  async function run(afterMs: number | undefined): Promise<string | undefined> {
    const program = join(import.meta.dirname, "map-run-process.ts");
    const child = spawn(process.execPath, [program, directory, String(ITEMS)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (data: Buffer) => {
      const first = text === "";
      text += data.toString();
      if (first && afterMs !== undefined) setTimeout(() => child.kill("SIGKILL"), afterMs);
    });
    const [code] = await once(child, "close");
    return code === 0 ? text.trim().split("\n").at(-1) : undefined;
  }

  beforeAll(async () => {
    const random = randomOf(seed);
    for (let kill = 0; kill < KILLS; kill++) {
      if ((await run(random() * LATEST_MS)) === undefined) killed += 1;
    }
    said = JSON.parse((await run(undefined)) ?? "null");
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
