import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironmentCache } from "../../../local/runtime/jobs/index.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { curatedCredit, modelFolder, parquetOf } from "./credit-parquet.ts";

const run = promisify(execFile);
const [header = [], ...rows] = curatedCredit();
/** Kept between runs: making one takes longer than all tests together. */
const environments = createEnvironmentCache(process.env.TIDEMILL_ENVIRONMENTS ?? "");
const label = header.indexOf("credit_risk");
let python: string;
let folder: string;

beforeAll(async () => {
  const requirements = readFileSync(join(modelFolder, "requirements.txt"), "utf8");
  python = (await environments.provide(requirements)).python;
}, 180_000);
beforeEach(() => {
  folder = temporaryFolder("preprocess");
});

async function split(table: readonly (readonly string[])[], ...options: string[]): Promise<Record<string, string>> {
  const input = join(folder, "data");
  mkdirSync(input, { recursive: true });
  writeFileSync(join(input, "part-0"), await parquetOf(table));
  const output = join(folder, "out");
  const script = join(modelFolder, "preprocess.py");
  await run(python, ["-B", script, "--input", input, "--output", output, ...options]);
  const read = (name: string) => readFileSync(join(output, name, `${name}.csv`), "utf8");
  return { train: read("train"), validation: read("validation"), test: read("test") };
}

const heldOut = (sets: Record<string, string>) => new Set(sets.test?.trim().split("\n").slice(1));

describe("preprocess.py", () => {
  it("gives every row to exactly one set, the label first, about a fifth held out", async () => {
    const sets = await split([header, ...rows]);
    const all = Object.values(sets).flatMap((csv) => csv.trim().split("\n").slice(1));
    expect(all).toHaveLength(rows.length);
    expect(sets.train?.startsWith("credit_risk,")).toBe(true);
    expect(heldOut(sets).size / rows.length).toBeGreaterThan(0.16);
    expect(heldOut(sets).size / rows.length).toBeLessThan(0.24);
  });

  it("holds the same rows out when rows are added, reordered, or their columns are", async () => {
    const before = heldOut(await split([header, ...rows.slice(0, 900)]));
    const after = heldOut(await split([header, ...rows.toReversed()]));
    expect([...before].filter((row) => !after.has(row))).toEqual([]);
    const reversed = [header, ...rows].map((row) => row.toReversed());
    const sorted = (sets: Set<string>) => [...sets].map((row) => row.split(",").sort().join(",")).sort();
    expect(sorted(heldOut(await split(reversed)))).toEqual(sorted(after));
  });

  it("writes the same bytes for the same rows, whatever order the query gave", async () => {
    const one = await split([header, ...rows]);
    expect(await split([header, ...rows.toReversed()])).toEqual(one);
  });

  it("does not move a row whose label is corrected", async () => {
    const corrected = rows.map((row, index) => (index < 50 ? row.with(label, row[label] === "1" ? "0" : "1") : row));
    const features = (csv: Set<string>) => [...csv].map((row) => row.slice(row.indexOf(",") + 1)).sort();
    const one = features(heldOut(await split([header, ...rows])));
    expect(features(heldOut(await split([header, ...corrected])))).toEqual(one);
  });

  it("says in one line what it needs", async () => {
    const failure = await split([header, ...rows], "--label", "kredit").catch(
      (thrown: { stderr: string }) => thrown.stderr,
    );
    expect(failure).toMatch(/^preprocess\.py: label column 'kredit' is missing; the query gives status, /);
    const few = await split([header, ...rows.slice(0, 2)]).catch((thrown: { stderr: string }) => thrown.stderr);
    expect(few).toMatch(/too few to split/);
  });
});
